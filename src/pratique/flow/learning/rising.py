"""Known ways that many more declarations show than usual: a sign of what is rare, before much of it was found.

Each way is counted by week: the declarations that show it strongly, whether controlled or not. The last one to four
weeks stand against up to 26 weeks before them. How many there would be by chance is a negative binomial: what a rate
gives that is itself known from so many declarations only (Jeffreys). What comes in heaps, as the parts of one purchase
do, counts for less by as much as the weeks before differed more than chance explains (quasi-Poisson, as in the
prospective detection of outbreaks: Farrington and others, JRSS A 159, 1996). A way rises where it is shown twice as
often as usual and more often than chance would give. By heading, origin or trader alone nothing is tested: one honest
trader's new customer would be a sign. They are told as evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.flow.learning.typologies import STRONG, TYPOLOGIES

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

WAY: Final = "typology."
BY_CALENDAR: Final = ("young_ring",)
"""Ways that more declarations show as the table that they are seen in grows older, whoever trades."""
WAYS: Final = tuple(f"{WAY}{name}" for name in TYPOLOGIES if name not in BY_CALENDAR)
WEEK_DAYS: Final = 7
MOST_WEEKS: Final = 4  # that stand as now
USUAL_WEEKS: Final = 26  # before them, at most
LEAST_WEEKS: Final = 12  # and at least
LEAST_SHOWN: Final = 5
TIMES: Final = 2.0
BY_CHANCE: Final = 1e-6
"""In a week, of one way and one stretch. All together would be one false sign in more than a hundred years, were weeks
alike and independent. Offenders who come and go make them unlike: the port world has some six signs in ten years where
nothing else drifts (``docs/method-risk.md``)."""
LEAST_IN_PLACE: Final = 3
PLACES: Final[Mapping[str, pl.Expr]] = {
    "heading": pl.col("hs6").str.head(4),
    "origin": pl.col("origin"),
    "through": pl.coalesce("transhipment", "dispatch"),
}
"""Where the declarations lie that show a way: columns of ``DECLARATION``, none of which names a person."""


@dataclass(frozen=True)
class Weeks:
    """Declarations by week, oldest first (the oldest may be short), and of each way how many of them show it."""

    declared: Ints
    shown: Mapping[str, Ints]

    @classmethod
    def of_card(cls, card: Mapping[str, Any]) -> Weeks:
        """Those before the training of a model; none in cards of before there were any."""
        kept = card["watch"].get("ways", {"declared": [], "shown": {}})
        shown = {way: np.array(counts, dtype=np.int64) for way, counts in kept["shown"].items()}
        return cls(np.array(kept["declared"], dtype=np.int64), shown)

    @property
    def words(self) -> Mapping[str, Any]:
        """What the card of a model says of them."""
        return {"declared": self.declared.tolist(), "shown": {way: each.tolist() for way, each in self.shown.items()}}

    def then(self, later: Weeks) -> Weeks:
        """These weeks and the ``later`` ones; a way that one of them does not count was not shown there."""
        ways = {**self.shown, **later.shown}
        told = {way: np.concatenate([_counts(self, way), _counts(later, way)]) for way in ways}
        return Weeks(np.concatenate([self.declared, later.declared]), told)


@dataclass(frozen=True, slots=True)
class Rising:
    """A way that ``seen`` declarations of the last ``weeks`` show, where ``usual`` would be expected."""

    way: str
    weeks: int
    seen: int
    usual: float

    @property
    def surplus(self) -> float:
        """Which share of those that show it is beyond what is usual: what could be new wrongdoing at most."""
        return max(0.0, 1.0 - self.usual / self.seen)


@dataclass(frozen=True, slots=True)
class Place:
    """The heading, origin or way through (``what``) that is most frequent among ``seen`` declarations."""

    what: str
    value: str
    seen: int


def shows(names: Sequence[str], matrix: npt.NDArray[np.float32]) -> Mapping[str, Flags]:
    """Which rows show each way strongly; ``names`` are the features in the columns of ``matrix``."""
    return {name.removeprefix(WAY): matrix[:, names.index(name)] >= STRONG for name in WAYS if name in names}


def weeks_of(days: Ints, shown: Mapping[str, Flags], *, until: int) -> Weeks:
    """Rows by week, of which the last one ends with the day ``until``; rows of later days are left out."""
    past = days <= until
    back = (until - days[past]) // WEEK_DAYS
    length = int(back.max()) + 1 if len(back) else 0
    counted = {way: np.bincount(back[flags[past]], minlength=length)[::-1] for way, flags in shown.items()}
    return Weeks(np.bincount(back, minlength=length)[::-1], counted)


def rising(weeks: Weeks) -> tuple[Rising, ...]:
    """The ways that rise, the clearest first; none where the weeks before are fewer than ``LEAST_WEEKS``."""
    found = [(_clearest(weeks.declared, counts), way) for way, counts in weeks.shown.items()]
    told = sorted((stretch, way) for stretch, way in found if stretch.chance < BY_CHANCE)
    return tuple(Rising(way, each.weeks, each.seen, each.usual) for each, way in told)


def places_of(rows: pl.DataFrame) -> tuple[Place, ...]:
    """Of declarations that show a way: the most frequent heading, origin and way through, where there are some."""
    found = []
    for what, column in PLACES.items():
        counted = rows.select(column.alias("value")).drop_nulls().group_by("value").len()
        first = counted.filter(pl.col("len") >= LEAST_IN_PLACE).sort(["len", "value"], descending=[True, False]).head(1)
        found += [Place(what, value, seen) for value, seen in first.iter_rows()]
    return tuple(found)


class _Stretch(NamedTuple):
    """The last weeks: the chance of so many, how many were seen and how many are usual."""

    chance: float
    weeks: int
    seen: int
    usual: float


def _clearest(declared: Ints, shown: Ints) -> _Stretch:
    """Of the stretches of last weeks the one that chance explains least."""
    best = _Stretch(1.0, 0, 0, 0.0)
    for length in range(1, MOST_WEEKS + 1):
        before, now = slice(max(0, len(shown) - length - USUAL_WEEKS), len(shown) - length), slice(-length, None)
        if len(shown[before]) < LEAST_WEEKS or not declared[before].sum():
            continue
        seen, rows = int(shown[now].sum()), int(declared[now].sum())
        usual = (int(shown[before].sum()) + 0.5) * rows / int(declared[before].sum())
        if seen >= max(LEAST_SHOWN, TIMES * usual):
            chance = _by_chance(declared[before], shown[before], seen=seen, rows=rows)
            best = min(best, _Stretch(chance, length, seen, usual))
    return best


def _by_chance(declared: Ints, shown: Ints, *, seen: int, rows: int) -> float:
    """The chance of so many among ``rows`` more, after weeks of so many."""
    from scipy.special import betainc

    known, total = float(shown.sum()), float(declared.sum())
    expected = known / total * declared
    heaped = max(1.0, float(((shown - expected) ** 2 / np.maximum(expected, 0.05)).sum()) / (len(shown) - 1))
    return float(betainc(seen / heaped, (known + 0.5) / heaped, rows / (total + rows)))


def _counts(weeks: Weeks, way: str) -> Ints:
    return weeks.shown.get(way, np.zeros(len(weeks.declared), dtype=np.int64))
