"""Stages of long work, as commands and queries tell them: a name, which may say how far it is.

``comparing run 3 of 250`` is step 3 of 250 of the stage ``comparing run``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_STEP: Final = re.compile(r"(.+) ([0-9]+) of ([0-9]+)")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a stage that has ``total`` of them."""

    stage: str
    number: int
    total: int


def step_of(told: str) -> Step | None:
    """The step that a stage tells; ``None`` where it has none."""
    found = _STEP.fullmatch(told)
    return Step(found[1], int(found[2]), int(found[3])) if found else None


def with_stage(stages: tuple[str, ...], told: str) -> tuple[str, ...]:
    """The stages begun so far and what is ``told`` now; a step takes the place of the one before it."""
    step, last = step_of(told), step_of(stages[-1]) if stages else None
    goes_on = step is not None and last is not None and step.stage == last.stage
    return (*(stages[:-1] if goes_on else stages), told)
