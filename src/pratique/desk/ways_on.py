"""Where a refusal leads on: to the page on which the officer can meet what was missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

STEP_UP: Final = frozenset({"access.step_up", "access.strong_above_line"})
CONFIRMED: Final = STEP_UP | {"access.whole_sign_in"}
"""What is met by confirming who one is."""


@dataclass(frozen=True, slots=True)
class WayOn:
    """A page, what its link says, and whether it is simply the next step; beyond one's roles is none.

    ``back`` is where it leads afterwards, ``whole`` whether the whole sign-in is asked for.
    """

    path: str
    words: str
    next_step: bool = True
    back: str = "/"
    whole: bool = False


def way_on(code: str, back: str, word: Callable[[str], str]) -> WayOn | None:
    """The way on from a refusal of that code, and ``back`` afterwards; ``None`` where there is none."""
    asked = urlencode({"next": back})
    if code in STEP_UP:
        return WayOn(f"/confirm?{asked}", word("Confirm now"), back=back)
    if code == "access.whole_sign_in":
        return WayOn(f"/confirm?whole=1&{asked}", word("Confirm now"), back=back, whole=True)
    if code == "access.no_purpose":
        return WayOn(f"/purpose?{asked}", word("Declare a purpose"))
    if code == "access.no_role":
        return WayOn(f"/emergency?{asked}", word("In an emergency"), next_step=False)
    return None
