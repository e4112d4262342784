"""Watching rules and models at work: do inputs, scores and chances still lie where they lay, and what goes through?

How far a figure has moved is the population stability index (PSI): 0 where nothing has, an alarm from a quarter on, and
only beyond what chance alone would do to so few rows. Only the part drawn at random tells without bias what goes
through; its rate of finds comes with an interval.
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
CHANCE: Final = "chance"
PLACES: Final = 3  # of a chance: what differs by less than a thousandth, no result could tell apart
OF_HISTORY: Final = (
    ".rows", ".age", ".met", ".peers", ".size", ".rate", ".recent_rate", "fit", ".steps_in", ".renamed", ".surprise",
)  # fmt: skip
DRIFTED: Final = 0.25  # a population stability index from here on is an alarm, as is usual in credit scoring
MOVING: Final = 0.1
LEAST_SHARE: Final = 1e-4
MOST_WORDS: Final = 20
ONE_SIDED: Final = 1.6448536269514722  # of the standard normal distribution: 95 %, one-sided
DECILES: Final = tuple(part / 10 for part in range(1, 10))


@dataclass(frozen=True, slots=True)
class Drift:
    """How far one input, a score or a chance has moved between ``before`` and ``now`` rows.

    ``by_chance`` is the index that nineteen in twenty draws of so many rows stay below where nothing has moved.
    """

    name: str
    index: float
    by_chance: float = 0.0
    before: int = 0
    now: int = 0

    @property
    def alarming(self) -> bool:
        """Whether somebody should look."""
        return self.index >= DRIFTED and self.index > self.by_chance


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


def bins_of(values: npt.NDArray[Any]) -> Mapping[str, list[float]]:
    """The different deciles as ``edges``, and the share of the known values that each ``reaches``.

    Not a tenth each: of figures that are mostly one value, or of few different ones, a decile holds more or less.
    """
    known = np.sort(values[~np.isnan(values)])
    edges = np.unique(np.asarray(deciles(values)))
    reaches = np.searchsorted(known, edges, side="right") / max(len(known), 1)
    return {"edges": edges.tolist(), "reaches": reaches.tolist()}


def chance_bins(chance: Floats) -> Mapping[str, list[float]]:
    """The bins of chances. Where many results had one rate they differ by less than anybody could tell apart."""
    return bins_of(np.round(chance, PLACES))


def stability(training: Mapping[str, Sequence[float]], values: Floats) -> float:
    """The population stability index of values against the bins of training."""
    edges = np.asarray(training["edges"], dtype=np.float64)
    values = values[~np.isnan(values)]
    if not len(edges) or not len(values):
        return 0.0
    expected = np.diff(np.concatenate([[0.0], training["reaches"], [1.0]]))
    seen = np.diff(np.concatenate([[0], np.searchsorted(np.sort(values), edges, side="right"), [len(values)]]))
    # half a row more in every bin, as in ``moved``
    after, before = (seen + 0.5) / (len(values) + 0.5 * len(seen)), np.maximum(expected, LEAST_SHARE)
    return float(((after - before) * np.log(after / before)).sum())


def inputs_drift(card: Mapping[str, Any], names: Sequence[str], matrix: npt.NDArray[np.float32]) -> list[Drift]:
    """How far each input lies from those of the last weeks of training.

    Left out is what the history of keys says: it moves with every declaration and every result.
    """
    inputs = card["watch"]["inputs"]
    return [
        _since(card, name, inputs[name], values.astype(np.float64))
        for name, values in zip(names, matrix.T, strict=True)
        if not name.endswith(OF_HISTORY)
    ]


def chance_drift(card: Mapping[str, Any], chance: Floats) -> Drift:
    """How far the chances that a model gave lie from those of the last weeks of its training."""
    return _since(card, CHANCE, card["watch"]["chance"], np.round(chance, PLACES))


def _since(card: Mapping[str, Any], name: str, training: Mapping[str, Sequence[float]], values: Floats) -> Drift:
    learned, rows = int(card["watch"]["rows"]), len(values)
    by_chance = chance_alone(len(training["edges"]) + 1, learned, rows) if rows else 0.0
    return Drift(name, stability(training, values), by_chance, learned, rows)


def moved(name: str, before: pl.Series, now: pl.Series) -> Drift:
    """How far a column has moved: numbers by the deciles of before, words by their shares; nothing said is a word too.

    Of words the twenty most frequent stand alone; the others are one.
    """
    if not len(before) or not len(now):
        return Drift(name, 0.0, 0.0, len(before), len(now))
    bins = _by_decile(before, now) if before.dtype.is_numeric() else _by_word(before, now)
    counted = [_counts(each, bins[0].max(), bins[1].max()) for each in bins]
    used = counted[0] + counted[1] > 0
    # half a row more in every bin: without it one empty bin of a few rows would be an alarm
    shares = [(each[used] + 0.5) / (each[used] + 0.5).sum() for each in counted]
    index = float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())
    return Drift(name, index, chance_alone(int(used.sum()), len(before), len(now)), len(before), len(now))


def chance_alone(bins: int, before: int, now: int) -> float:
    """The index that 95 in 100 draws stay below where nothing moved: chi-squared of the bins over the rows.

    The quantile is that of Wilson and Hilferty (1931).
    """
    free = bins - 1
    if free < 1:
        return 0.0
    spread = 2 / (9 * free)
    return float(free * (1 - spread + ONE_SIDED * np.sqrt(spread)) ** 3 * (1 / before + 1 / now))


def _by_decile(before: pl.Series, now: pl.Series) -> list[npt.NDArray[np.int64]]:
    """The bin of each row, 0 where nothing is said."""
    edges = np.unique(np.asarray(deciles(before.cast(pl.Float64).fill_null(float("nan")).to_numpy())))
    return [
        np.where(each.is_null().to_numpy(), 0, 1 + np.searchsorted(edges, each.fill_null(0).to_numpy(), side="left"))
        for each in (before, now)
    ]


def _by_word(before: pl.Series, now: pl.Series) -> list[npt.NDArray[np.int64]]:
    words = pl.concat([before.cast(pl.String), now.cast(pl.String)])
    first = words.drop_nulls().value_counts(sort=True).sort(["count", words.name], descending=[True, False])
    place = {word: number for number, word in enumerate(first[words.name].head(MOST_WORDS).to_list(), start=2)}
    return [
        each.cast(pl.String).fill_null("").replace_strict(place, default=1, return_dtype=pl.Int64).to_numpy()
        * each.is_not_null().to_numpy()
        for each in (before, now)
    ]


def _counts(bins: npt.NDArray[np.int64], *highest: int) -> npt.NDArray[np.int64]:
    return np.bincount(bins, minlength=max(highest) + 1)


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
