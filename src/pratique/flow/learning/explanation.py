"""Why a row has its points: contributions of features merged into coded reasons, in whole points that add up.

Ten points are a doubling of the odds against what every row starts from. What would change the result is the smallest
single reason that, were it as usual, takes the row below the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pratique.flow.learning.engines import Learned
from pratique.flow.learning.reasons import GROUPS, Values, group_of

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
POINTS_A_DOUBLING: Final = 10


@dataclass(frozen=True, slots=True)
class Explained:
    """The reasons of one row, most points first, and the code of the reason that would change the result, if any."""

    reasons: list[dict[str, Any]]
    would_change: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """The margin below which nobody would look, and the usual value of each feature."""

    margin: float
    usual: Matrix


def explained(
    trees: Learned, matrix: Matrix, names: Sequence[str], line: Line, evidence: Sequence[Values]
) -> list[Explained]:
    """The explanation of each row of ``matrix``; ``evidence`` is all that is known of each."""
    if not len(matrix):
        return []
    groups = np.array([group_of(name) for name in names])
    added = trees.contributions(matrix)
    merged = np.stack([added[:, :-1][:, groups == place].sum(axis=1) for place in range(len(GROUPS))], axis=1)
    points = whole_points(merged * POINTS_A_DOUBLING / np.log(2))
    changes = _would_change(trees, matrix, groups, merged, line)
    return [
        Explained(_reasons(row_points, known), change)
        for row_points, known, change in zip(points, evidence, changes, strict=True)
    ]


def whole_points(parts: Floats) -> npt.NDArray[np.int64]:
    """Each row's parts as whole numbers that add up to its rounded sum (largest remainder)."""
    total = np.rint(parts.sum(axis=1)).astype(np.int64)
    whole = np.floor(parts).astype(np.int64)
    missing = total - whole.sum(axis=1)
    order = np.argsort(-(parts - whole), axis=1, kind="stable")
    places = np.argsort(order, axis=1, kind="stable")
    told: npt.NDArray[np.int64] = whole + (places < missing[:, None])
    return told


def _reasons(points: npt.NDArray[np.int64], row: Values) -> list[dict[str, Any]]:
    told = []
    for place in np.lexsort((np.arange(len(points)), -np.abs(points))).tolist():
        if points[place] == 0:
            continue
        group = GROUPS[place]
        params = {name: param(row) for name, param in group.params.items()}
        told.append(
            {
                "code": group.code,
                "points": int(points[place]),
                "params": {name: value for name, value in params.items() if value is not None},
            }
        )
    return told


def known_of(names: Sequence[str], row: Sequence[float]) -> Values:
    """The features of a row that are known, by name."""
    return {name: value for name, value in zip(names, row, strict=True) if value == value}


def _would_change(
    trees: Learned, matrix: Matrix, groups: npt.NDArray[np.int64], merged: Floats, line: Line
) -> list[str | None]:
    """For each row at or above the line the reason of fewest points that takes it below, were it as usual."""
    rows, places = np.nonzero((merged > 0) & (trees.margin(matrix) >= line.margin)[:, None])
    told: list[str | None] = [None] * len(matrix)
    if not len(rows):
        return told
    changed = matrix[rows]
    as_usual = groups == places[:, None]
    changed[as_usual] = np.broadcast_to(line.usual, changed.shape)[as_usual]
    below = trees.margin(changed) < line.margin
    rows, places = rows[below], places[below]
    for one in np.lexsort((-places, -merged[rows, places])).tolist():  # the last one told has the fewest points
        told[rows[one]] = GROUPS[places[one]].code
    return told
