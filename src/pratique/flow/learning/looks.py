"""What a look asks for and what it gives: results that were known, features of rows side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.flow.learning.profiles import ProfileStore

Ints = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float32]
_STRETCH: Final = 4096


@dataclass(frozen=True)
class Look:
    """Features of rows: ``matrix`` (rows × names, NaN where unknown) and the store with the rows, where asked for."""

    names: tuple[str, ...]
    matrix: Matrix
    store: ProfileStore | None

    def column(self, name: str) -> Matrix:
        """One feature of all rows; NaN throughout where there is none of that name."""
        if name not in self.names:
            return np.full(len(self.matrix), np.nan, dtype=np.float32)
        return self.matrix[:, self.names.index(name)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a look is wanted: the places of ``rows`` and the ``names`` of features, in that order; else all."""

    rows: Ints | None = None
    names: tuple[str, ...] | None = None


EVERYTHING: Final = Wanted()


@dataclass(frozen=True)
class Results:
    """Results of controls: the place of the row that was controlled, the day it was known, what was found."""

    row: Ints
    known: Ints
    found: Ints

    def of(self, chosen: npt.NDArray[np.bool_]) -> Results:
        """Some of them."""
        return Results(self.row[chosen], self.known[chosen], self.found[chosen])


NO_RESULTS: Final = Results(*(np.zeros(0, dtype=np.int64) for _ in range(3)))


def days_of(dates: pl.Series) -> Ints:
    """Dates as days since 1970."""
    return dates.cast(pl.Date).to_physical().cast(pl.Int64).to_numpy()


def part_of(whole: Look, told: Wanted) -> Look:
    """Of a look what is wanted of it."""
    columns = whole.names if told.names is None else told.names
    matrix = whole.matrix if told.names is None else np.column_stack([whole.column(name) for name in columns])
    return Look(columns, matrix if told.rows is None else matrix[told.rows], whole.store)


def side_by_side(columns: Sequence[Matrix], height: int) -> Matrix:
    """Columns as one table, some thousand rows at a time, which is what the nearest memory holds."""
    matrix = np.empty((height, len(columns)), dtype=np.float32)
    for start in range(0, height, _STRETCH):
        rows = slice(start, min(start + _STRETCH, height))
        if columns:
            matrix[rows] = np.stack([column[rows] for column in columns], axis=1)
    return matrix
