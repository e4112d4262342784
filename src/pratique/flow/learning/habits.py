"""What a key usually has: the price, the mass of a package, the duty and the size of its own earlier declarations.

Peers say what is usual for such goods, habits what is usual for this trade: an importer who always bought dear and now
declares cheap may still lie within the peers. Habits are whole numbers, so that sums mean the same in any order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.flow.learning.parts import column_or_none
from pratique.flow.learning.peers import STEPS

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

UNIT: Final = 1024  # of a doubling, or of the whole value for a rate of duty
MOST: Final = 8.0  # doublings away from peers
ALL: Final = ("price", "package", "duty", "lot")
HABITS: Final[Mapping[str, tuple[str, ...]]] = {
    "importer": ALL,
    "importer_exporter": ALL,
    "importer_hs4": ALL,
    "importer_text": ALL,
    "importer_exporter_hs4": ALL,
    "series": ALL,
    "exporter": ALL,
    "exporter_hs6": ("price",),
    "broker": ("price",),
}
"""Keys whose habits are kept, and which."""


class Figure(NamedTuple):
    """One figure of each row: whether it is known (1 or 0), and the figure in ``UNIT``."""

    known: Ints
    value: Ints


def figure_of_peers(away: Floats) -> Figure:
    """How far a row lies from the middle of its peers (steps, NaN where there are none)."""
    known = ~np.isnan(away)
    bounded = np.clip(np.where(known, away, 0) / STEPS, -MOST, MOST)
    return Figure(known.astype(np.int64), np.rint(bounded * UNIT).astype(np.int64))


def figures_of_rows(rows: pl.DataFrame) -> Mapping[str, Figure]:
    """The rate of duty and the value of each row, where the table has them."""
    told = {}
    rate, value = column_or_none(rows, "duty_rate_ppm"), column_or_none(rows, "value_minor")
    if rate is not None:
        told["duty"] = _figure(~np.isnan(rate), np.clip(rate, 0, 4e6) / 1e6)
    if value is not None:
        told["lot"] = _figure(value > 0, np.log2(np.maximum(np.nan_to_num(value), 1)))
    return told


def counts(key: str) -> tuple[str, ...]:
    """What is added up for a key: how many rows tell the habit, and their sum."""
    return tuple(name for habit in HABITS.get(key, ()) for name in (f"{habit}_rows", f"{habit}_sum"))


def adds(key: str, figures: Mapping[str, Figure], height: int) -> Mapping[str, Ints]:
    """What rows add to the habits of their key; nothing where the table does not have the figure."""
    nothing = Figure(*(np.zeros(height, dtype=np.int64) for _ in range(2)))
    told = (part for habit in HABITS.get(key, ()) for part in figures.get(habit, nothing))
    return dict(zip(counts(key), told, strict=True))


def shifts(key: str, figures: Mapping[str, Figure], sums: Mapping[str, Ints]) -> Iterator[tuple[str, Floats]]:
    """How far each row lies from the habit of its key, and where the key's prices usually lie among peers."""
    for habit in HABITS.get(key, ()):
        if habit not in figures:
            continue
        rows, total = sums[f"{habit}_rows"], sums[f"{habit}_sum"]
        with np.errstate(invalid="ignore", divide="ignore"):
            usual = total / (rows * UNIT)
        if habit == "price":
            yield f"{key}.prices", usual
        own = figures[habit]
        yield f"{key}.{habit}_shift", np.where(own.known > 0, own.value / UNIT - usual, np.nan)


def _figure(known: npt.NDArray[np.bool_], value: Floats) -> Figure:
    return Figure(known.astype(np.int64), np.rint(np.where(known, value, 0) * UNIT).astype(np.int64))
