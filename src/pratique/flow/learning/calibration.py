"""From a model's margin to a chance: how often consignments like it were found, with an interval.

The margins of rows that the trees had not seen are put into blocks whose rates never fall (pool adjacent violators) and
that hold enough results; between the blocks the chance runs in straight lines, so that no two margins become one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pratique.vocabulary.intervals import wilson_of_all

Floats = npt.NDArray[np.float64]

MOST_BLOCKS: Final = 60
LEAST_FOUND: Final = 8  # in a block, so that its rate is not one lucky find
TILT: Final = 1e-7  # of a chance by a unit of margin: order holds where the blocks are flat


@dataclass(frozen=True, slots=True)
class Calibration:
    """Blocks by rising margin: their mean margin, rate, and the results behind it (effective number)."""

    margin: Floats
    rate: Floats
    results: Floats

    def chance(self, margin: Floats) -> Floats:
        """The chance at each margin, 0 to 1, rising with it."""
        told = np.interp(margin, self.margin, self.rate) + TILT * np.clip(margin - self.margin[0], -50, 50)
        bounded: Floats = np.clip(told, 1e-6, 1 - 1e-6)
        return bounded

    def interval(self, margin: Floats) -> tuple[Floats, Floats]:
        """The 95 % interval (Wilson) of the rate at each margin."""
        return wilson_of_all(self.chance(margin), np.interp(margin, self.margin, self.results))

    def document(self) -> Mapping[str, Any]:
        """As JSON knows it."""
        return {name: getattr(self, name).tolist() for name in ("margin", "rate", "results")}


def calibrated(document: Mapping[str, Any]) -> Calibration:
    """The calibration of a document."""
    return Calibration(*(np.array(document[name], dtype=np.float64) for name in ("margin", "rate", "results")))


def calibrate(margin: Floats, found: Floats, weight: Floats) -> Calibration:
    """The calibration that these results give; ``weight`` is one over the chance of having been controlled, bounded."""
    order = np.lexsort((found, margin))
    margin, found, weight = margin[order], found[order], weight[order]
    ends = _block_ends(found)
    starts = np.concatenate([[0], ends[:-1]])
    weights = np.add.reduceat(weight, starts)
    squares = np.add.reduceat(weight**2, starts)
    rates = np.add.reduceat(weight * found, starts) / weights
    means = np.add.reduceat(weight * margin, starts) / weights
    pools = _pooled(rates, weights)
    return Calibration(
        margin=_by_pool(means, weights, pools),
        rate=_by_pool(rates, weights, pools),
        results=np.array([weights[pool].sum() ** 2 / squares[pool].sum() for pool in pools]),
    )


def expected_calibration_error(chance: Floats, found: Floats, bins: int = 10) -> float:
    """The mean distance of chance and rate over ``bins`` of equally many rows."""
    order = np.argsort(chance, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return float(sum(abs(chance[part].sum() - found[part].sum()) for part in parts) / max(len(order), 1))


def _block_ends(found: Floats) -> npt.NDArray[np.int64]:
    """Where blocks end: each holds so many finds that its rate means something."""
    total = float(found.sum())
    each = max(LEAST_FOUND, total / MOST_BLOCKS)
    whole = np.unique((np.cumsum(found) / each).astype(np.int64), return_index=True)[1][1:]
    ends = np.concatenate([whole, [len(found)]])
    if len(ends) > 1 and found[ends[-2] :].sum() < LEAST_FOUND:
        ends = np.delete(ends, -2)
    return ends


def _pooled(rates: Floats, weights: Floats) -> list[slice]:
    """Neighbouring blocks put together until no rate is below the one before it."""
    pools: list[tuple[int, int, float, float]] = []
    for place, (rate, weight) in enumerate(zip(rates.tolist(), weights.tolist(), strict=True)):
        pool = (place, place + 1, rate, weight)
        while pools and pools[-1][2] >= pool[2]:
            before = pools.pop()
            total = before[3] + pool[3]
            pool = (before[0], pool[1], (before[2] * before[3] + pool[2] * pool[3]) / total, total)
        pools.append(pool)
    return [slice(start, end) for start, end, _, _ in pools]


def _by_pool(values: Floats, weights: Floats, pools: list[slice]) -> Floats:
    return np.array([np.average(values[pool], weights=weights[pool]) for pool in pools])
