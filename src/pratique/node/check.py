"""One check of a node's health, and how faults become one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pratique.node.errors import told

SHOWN: Final = 5  # of many, so many are named


@dataclass(frozen=True, slots=True)
class Check:
    """One check: ``state`` is ok, warn or fail; ``told`` says what was seen and ``todo`` what to do about it."""

    name: str
    state: str
    told: str
    todo: str = ""


def judged(name: str, faults: Iterable[str], *, state: str = "fail", seen: str = "") -> Check:
    """``ok`` without faults; else ``state``, with the first of the faults named."""
    found = list(faults)
    if not found:
        return Check(name, "ok", told(f"doctor.{name}.ok", {"seen": seen}))
    more = f" (+{len(found) - SHOWN})" if len(found) > SHOWN else ""
    params = {"faults": ", ".join(found[:SHOWN]) + more, "count": len(found)}
    return Check(name, state, told(f"doctor.{name}.{state}", params), told(f"doctor.{name}.todo", params))
