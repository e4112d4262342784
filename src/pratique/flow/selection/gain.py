"""What controls are worth: the share of all points that the first n of them reach, by value and by lot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

WHOLE: Final = 1000
MOST_POINTS: Final = 60


@dataclass(frozen=True, slots=True)
class GainPoint:
    """After ``controls`` controls: the share reached by value and by lot, in thousandths of all points."""

    controls: int
    by_value_permille: int
    by_lot_permille: int


def gain_curve(worth: pl.Series, *, first: int, marks: tuple[int, ...] = ()) -> tuple[GainPoint, ...]:
    """The curve from 0 to ``first`` controls (or as many as there are), at most 61 even steps and the ``marks``.

    ``worth`` is what each row holds (points, not negative), in the order in which rows are controlled. By lot, n of N
    rows reach n / N of it on average.
    """
    total, height = int(worth.sum() or 0), worth.len()
    last = min(first, height)
    reached = np.concatenate([[0], worth.to_numpy().cumsum()]) if height else np.zeros(1)
    steps = np.unique(np.linspace(0, last, min(last, MOST_POINTS) + 1).round().astype(int)).tolist()
    wanted = sorted({*steps, *(mark for mark in marks if 0 <= mark <= last)})
    return tuple(
        GainPoint(
            controls=number,
            by_value_permille=int(reached[number]) * WHOLE // total if total else 0,
            by_lot_permille=number * WHOLE // height if height else 0,
        )
        for number in wanted
    )
