"""How bills and boxes belong together: one box to a bill mostly, several boxes, or one box that several bills share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Load:
    """Bills and boxes that belong together: ``bills`` is 1 or ``boxes`` is 1."""

    bills: int
    boxes: int


_KINDS = (0.66, 0.14, 0.06, 0.05, 0.09)  # one box, two, three, four to eight, shared by two to seven bills


def plan_loads(rng: np.random.Generator, *, boxes: int | None = None, bills: int | None = None) -> list[Load]:
    """Loads that come to exactly so many boxes, or to exactly so many bills; the last one is cut to fit."""
    target = boxes if boxes is not None else bills
    if target is None:
        raise ValueError("say how many boxes or how many bills")
    kinds = rng.choice(len(_KINDS), size=target, p=_KINDS).tolist()
    sizes = rng.integers(0, 1 << 20, size=target).tolist()
    loads: list[Load] = []
    left = target
    for kind, size in zip(kinds, sizes, strict=True):
        load = _load(kind, size)
        needs = load.boxes if boxes is not None else load.bills
        if needs > left:
            load = Load(bills=1, boxes=left) if boxes is not None else Load(bills=left, boxes=1)
            needs = left
        loads.append(load)
        left -= needs
        if not left:
            break
    return loads


def _load(kind: int, size: int) -> Load:
    if kind < 3:
        return Load(bills=1, boxes=kind + 1)
    if kind == 3:
        return Load(bills=1, boxes=4 + size % 5)
    return Load(bills=2 + size % 6, boxes=1)
