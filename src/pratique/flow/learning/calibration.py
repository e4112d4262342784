"""From a model's margin to a chance: how often consignments like it were found, with an interval.

The margins of rows that the trees had not seen are told in two ways, and the more finds there are, the more the second
counts: by a line between margin and log-odds (Platt), whose slope is near one unless results say otherwise, and by
blocks whose rates never fall (pool adjacent violators) and that hold enough results. Between the points of the curve
the chance runs in straight lines, so that no two margins become one. Last, its level is moved: the mean chance of the
last declarations, controlled or not, is to be what was found among those that were drawn by lot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pratique.vocabulary.intervals import wilson_of_all

Floats = npt.NDArray[np.float64]

MOST_BLOCKS: Final = 60
LEAST_FOUND: Final = 8  # in a block, so that its rate is not one lucky find
TRUSTED: Final = 1000.0  # finds, from which on blocks say as much as the line
SLOPE_DOUBT: Final = 0.05  # how far the slope of the line is off one, as a standard deviation
MOST_SLOPE, MOST_LEVEL = 3.0, 12.0
POINTS: Final = 64  # of the curve
HALVINGS: Final = 40
BEYOND: Final = 3.0  # of margin, that the curve goes on above the highest that was seen
DRAWN_PRIOR: Final = 10.0  # finds by lot that the level told without them counts for
TILT: Final = 1e-7  # of a chance by a unit of margin: order holds where the blocks are flat


@dataclass(frozen=True, slots=True)
class Calibration:
    """Points of a curve by rising margin: margin, rate, and the results behind it (effective number)."""

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
    blocks = _blocks(margin, found, weight)
    points = np.linspace(float(margin.min()) - 1, float(margin.max()) + BEYOND, POINTS)
    slope, level = _line(margin, found, weight)
    finds = float(found.sum())
    by_block = np.interp(points, blocks.margin, blocks.rate)
    told_apart = np.maximum(points, blocks.margin[0])  # below the lowest block nobody could tell two rates apart
    by_line = _chance(slope * told_apart + level)
    rate = by_block + (by_line - by_block) * TRUSTED / (finds + TRUSTED)
    return Calibration(points, np.maximum.accumulate(rate), np.interp(points, blocks.margin, blocks.results))


def leveled(told: Calibration, late: Floats, by_lot: Floats) -> Calibration:
    """The calibration, moved so that the mean chance at margins ``late`` is the rate of finds ``by_lot`` (1 or 0 each).

    Few finds by lot are luck: the mean chance before counts as if ten finds by lot had come out like it.
    """
    if not len(by_lot) or not len(late):
        return told
    usual = float(told.chance(late).mean())
    wanted = (float(by_lot.sum()) + DRAWN_PRIOR) / (len(by_lot) + DRAWN_PRIOR / usual)
    low, high = -MOST_LEVEL, MOST_LEVEL
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = float(_moved(told, middle).chance(late).mean()) < wanted
        low, high = (middle, high) if below else (low, middle)
    return _moved(told, (low + high) / 2)


def _moved(told: Calibration, by: float) -> Calibration:
    """The same, all odds times ``exp(by)``."""
    odds = np.exp(by) * told.rate / np.maximum(1 - told.rate, 1e-12)
    return replace(told, rate=odds / (1 + odds))


def _chance(margin: Floats) -> Floats:
    told: Floats = 0.5 * (1 + np.tanh(margin / 2))
    return told


def _line(margin: Floats, found: Floats, weight: Floats) -> tuple[float, float]:
    """Slope and level of the line between margin and log-odds that is likeliest after these results."""
    from scipy.optimize import minimize

    share = weight / weight.mean()

    def loss(line: Floats) -> tuple[float, Floats]:
        told = line[0] * margin + line[1]
        wrong = share * (_chance(told) - found)
        off = (line[0] - 1) / SLOPE_DOUBT
        amount = float((share * (np.logaddexp(0, told) - found * told)).sum() + 0.5 * off**2)
        return amount, np.array([(wrong * margin).sum() + off / SLOPE_DOUBT, wrong.sum()])

    bounds = [(0.0, MOST_SLOPE), (-MOST_LEVEL, MOST_LEVEL)]
    slope, level = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=bounds).x.tolist()
    return slope, level


def _blocks(margin: Floats, found: Floats, weight: Floats) -> Calibration:
    """Blocks of enough finds whose rates never fall: their mean margin, rate, and results."""
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
