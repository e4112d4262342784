"""Watching a model at work: do inputs and chances still lie where they lay, and is what it misses as much as it thinks?

Only the part drawn at random tells without bias what goes through; its rate of finds comes with an interval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.vocabulary.intervals import wilson

Floats = npt.NDArray[np.float64]
DRIFTED: Final = 0.25  # a population stability index from here on is an alarm, as is usual in credit scoring
MOVING: Final = 0.1
LEAST_SHARE: Final = 1e-4
DECILES: Final = tuple(part / 10 for part in range(1, 10))


@dataclass(frozen=True, slots=True)
class Drift:
    """How far one input, or the chance, has moved."""

    name: str
    index: float

    @property
    def alarming(self) -> bool:
        """Whether somebody should look."""
        return self.index >= DRIFTED


@dataclass(frozen=True, slots=True)
class RandomPart:
    """Finds in the part drawn at random, and the interval (95 %, Wilson) of their rate."""

    controlled: int
    found: int
    low: float
    high: float

    @property
    def rate(self) -> float | None:
        """Finds by control; ``None`` where nothing was drawn."""
        return self.found / self.controlled if self.controlled else None


def deciles(values: npt.NDArray[Any]) -> list[float]:
    """The nine deciles of the values that are known, each one of them."""
    known = values[~np.isnan(values)]
    told: list[float] = np.quantile(known, DECILES, method="inverted_cdf").tolist() if len(known) else []
    return told


def stability(training: Sequence[float], values: Floats) -> float:
    """The population stability index of values against the deciles of training; deciles that are one share a bin."""
    edges = np.unique(np.asarray(training, dtype=np.float64))
    edges = edges[~np.isnan(edges)]
    values = values[~np.isnan(values)]
    if not len(edges) or not len(values):
        return 0.0
    whole = np.asarray(training, dtype=np.float64)
    # a decile that stands twice holds the mass of both
    reached = np.searchsorted(whole, edges, side="right") / (len(whole) + 1)
    expected = np.diff(np.concatenate([[0.0], reached, [1.0]]))
    seen = np.diff(np.concatenate([[0], np.searchsorted(np.sort(values), edges, side="right"), [len(values)]]))
    before, after = (np.maximum(part, LEAST_SHARE) for part in (expected, seen / len(values)))
    return float(((after - before) * np.log(after / before)).sum())


def drift(
    card: Mapping[str, Any], names: Sequence[str], matrix: npt.NDArray[np.float32], chance: Floats
) -> list[Drift]:
    """How far each input and the chance have moved since training, farthest first."""
    watch = card["watch"]
    told = [Drift("chance", stability(watch["chance"], chance))]
    for name, values in zip(names, matrix.T, strict=True):
        told.append(Drift(name, stability(watch["deciles"][name], values.astype(np.float64))))
    return sorted(told, key=lambda each: (-each.index, each.name))


def random_part(labels: pl.DataFrame) -> RandomPart:
    """The finds of the controls drawn at random: ``labels`` has ``drawn_at_random`` and ``found``."""
    drawn = labels.filter("drawn_at_random")
    count, found = drawn.height, int(drawn["found"].sum())
    low, high = wilson(found / count if count else 0.0, count)
    return RandomPart(count, found, low, high)


def detection_delay(found_on: Sequence[date | None], began: date, *, times: int = 3) -> int | None:
    """Days from the beginning of a new way of wrongdoing until it had been found ``times`` times; ``None``: not yet."""
    known = sorted(day for day in found_on if day is not None and day >= began)
    return (known[times - 1] - began).days if len(known) >= times else None
