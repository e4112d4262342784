"""Who does wrong, when and how often. Wrongdoing is concentrated: offenders repeat, though not with every consignment.

An offender (an importer, an exporter, a ring's member, or a lane of boxes, as the mechanism has it) is active from one
day to another; while it is, each of its eligible consignments is false with its own propensity. The rest of a
mechanism's consignments are single acts of anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pratique_world.years.goods import Flags, Floats, Ints

ACTIVE_DAYS: Final = 330.0  # median time that an offender is active
ACTIVE_SIGMA: Final = 0.6
LARGEST_PART: Final = 0.06  # of a mechanism's consignments that one offender may make


@dataclass(frozen=True, slots=True)
class Law:
    """How a mechanism's wrongdoing is spread: the part that is single acts, and the propensity of offenders (Beta)."""

    single: float
    alpha: float
    beta: float

    @property
    def propensity(self) -> float:
        """The mean propensity of an offender while it is active."""
        return self.alpha / (self.alpha + self.beta)


@dataclass(frozen=True, slots=True)
class Field:
    """What there is to choose from: for each row its possible offender, its day, and whether it is eligible."""

    actor: Ints
    day: Ints
    eligible: Flags


def choose(rng: np.random.Generator, field: Field, law: Law, intensity: Floats, target: int) -> tuple[Ints, Ints]:
    """Rows that become false, in ascending order, and for each the first day of the offender behind it.

    As many as ``target`` where there are enough eligible rows on days with intensity, else all of these.
    """
    level = np.where(field.eligible, intensity[field.day], 0.0)
    possible = int((level > 0).sum())
    target = min(target, possible)
    if not target:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    level = level / level.max()
    by_offenders = _by_offenders(rng, field, law, level, round(target * (1 - law.single)))
    rest = np.flatnonzero((level > 0) & ~np.isin(np.arange(len(level)), by_offenders))
    missing = target - len(by_offenders)
    single = rng.choice(rest, missing, replace=False, p=level[rest] / level[rest].sum()) if missing else rest[:0]
    rows = np.sort(np.concatenate([by_offenders, single]))
    return rows, _first_days(field, rows, by_offenders)


def _by_offenders(rng: np.random.Generator, field: Field, law: Law, level: Floats, target: int) -> Ints:
    count = int(field.actor.max()) + 1
    days = len(np.bincount(field.day))
    lasts = np.rint(ACTIVE_DAYS * rng.lognormal(0, ACTIVE_SIGMA, count)).astype(np.int64) + 1
    seen = np.full(count, days)
    np.minimum.at(seen, field.actor[field.eligible], field.day[field.eligible])
    begins = seen - lasts // 2 + np.floor(rng.random(count) * (days - seen + lasts // 2)).astype(np.int64)
    propensity = np.clip(rng.beta(law.alpha, law.beta, count), 0.02, 0.98)
    active = (field.day >= begins[field.actor]) & (field.day < (begins + lasts)[field.actor])
    chance = np.where(active, level * propensity[field.actor], 0.0)
    expected = np.bincount(field.actor, chance, count)
    order = rng.permutation(count)
    order = order[(expected[order] > 0.5) & (expected[order] <= max(4.0, LARGEST_PART * target))]
    enough = int(np.searchsorted(np.cumsum(expected[order]), target)) + 1
    chosen = np.zeros(count, dtype=np.bool_)
    chosen[order[:enough]] = True
    rows = np.flatnonzero(chosen[field.actor] & (rng.random(len(chance)) < chance))
    return rows if len(rows) <= target else np.sort(rng.choice(rows, target, replace=False))


def _first_days(field: Field, rows: Ints, by_offenders: Ints) -> Ints:
    first = np.full(int(field.actor.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, field.actor[by_offenders], field.day[by_offenders])
    repeated = np.isin(rows, by_offenders)
    return np.where(repeated, first[field.actor[rows]], field.day[rows])
