"""Rings of shell importers: firms that are founded, used for some months and left, one after the other.

The members share an address (nine in ten), a telephone (eight in ten) and a director (six in ten), and buy the same
goods from the same few suppliers through one broker. When a ring changes its identity (an event of the mix), its
members go on from that day as other firms with another address, telephone and director; suppliers, goods and broker
stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pratique_world.years.goods import Floats, Ints
from pratique_world.years.mix import IDENTITIES, day_number
from pratique_world.years.plan import Plan

NO_RING: Final = -1
NAME: Final = "shell_importers"
MEMBERS: Final = (4, 9)  # of a ring, from and up to
ROWS_PER_MEMBER: Final = 26.0
LIFE_DAYS: Final = 120.0
SHARED_ADDRESS, SHARED_PHONE, SHARED_DIRECTOR = 0.9, 0.8, 0.6
BY_RINGS: Final = 0.85  # of the mechanism's consignments; the others are single acts
PROPENSITY: Final = 0.55  # of a member's consignments are false, in the mean


@dataclass(frozen=True, slots=True)
class Rings:
    """The members of all rings, one place each: which ring, which of its identities, and from when to when."""

    ring: Ints
    identity: Ints
    birth: Ints
    death: Ints
    pace: Floats
    shares: NDArray[np.bool_]  # member x (address, phone, director)

    @property
    def members(self) -> int:
        """How many members there are in all rings."""
        return len(self.ring)

    @property
    def expected_rows(self) -> float:
        """How many declarations they are going to make, about."""
        return float((self.pace * (self.death - self.birth)).sum())

    def share(self, *columns: NDArray[np.object_]) -> None:
        """Give the members of one identity what they share: address, telephone and director; in place."""
        key = self.ring * 1000 + self.identity
        for column, shared in zip(columns, self.shares.T, strict=True):
            for value in np.unique(key).tolist():
                group = np.flatnonzero((key == value) & shared)
                column[group] = column[group[:1]]


def build_rings(rng: np.random.Generator, plan: Plan) -> Rings:
    """As many rings as the mix asks for."""
    wanted = plan.rows * plan.illicit * plan.mix.shares().get(NAME, 0.0) * BY_RINGS
    level = plan.mix.intensity(NAME, plan.days) if wanted else np.zeros(plan.days)
    count = round(wanted / PROPENSITY / ROWS_PER_MEMBER)
    if not count:
        return _none()
    ring = np.repeat(np.arange(count), rng.integers(*MEMBERS, count))[:count]
    birth = _births(rng, ring, level)
    death = np.minimum(birth + np.rint(LIFE_DAYS * rng.lognormal(0, 0.4, count)).astype(np.int64) + 7, plan.days)
    pace = ROWS_PER_MEMBER * rng.lognormal(-0.18, 0.6, count) / (death - birth)
    shares = rng.random((count, 3)) < (SHARED_ADDRESS, SHARED_PHONE, SHARED_DIRECTOR)
    found = Rings(ring, np.zeros(count, dtype=np.int64), birth, death, pace, shares)
    for event in plan.mix.events(IDENTITIES, NAME):
        found = _renewed(found, day_number(event.start, plan.days))
    return found


def _births(rng: np.random.Generator, ring: Ints, level: Floats) -> Ints:
    """When members are founded: one after the other, and in the time in which the mechanism happens."""
    active = np.flatnonzero(level)
    first, last = int(active[0]), int(active[-1])
    size = np.bincount(ring)
    step = np.minimum(LIFE_DAYS * 0.7, max(1, last - first - 7) / size)
    drawn = np.searchsorted(np.cumsum(level) / level.sum(), rng.random(len(size)))
    begins = np.maximum(first, np.minimum(drawn, last - 7 - size * step))
    order = np.arange(len(ring)) - np.searchsorted(ring, ring)
    birth = begins[ring] + (order + rng.uniform(-0.3, 0.3, len(ring))) * step[ring]
    return np.clip(np.rint(birth).astype(np.int64), first, max(first, last - 7))


def _renewed(rings: Rings, day: int) -> Rings:
    """The rings after all of them took another identity on that day: who lives across it dies and has a successor."""
    across = np.flatnonzero((rings.birth < day) & (rings.death > day))
    later = rings.birth >= day
    identity = np.where(later, rings.identity + 1, rings.identity)
    return Rings(
        ring=np.concatenate([rings.ring, rings.ring[across]]),
        identity=np.concatenate([identity, rings.identity[across] + 1]),
        birth=np.concatenate([rings.birth, np.full(len(across), day)]),
        death=np.concatenate(
            [np.where((rings.birth < day) & (rings.death > day), day, rings.death), rings.death[across]]
        ),
        pace=np.concatenate([rings.pace, rings.pace[across]]),
        shares=np.concatenate([rings.shares, rings.shares[across]]),
    )


def _none() -> Rings:
    whole, part = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Rings(whole, whole, whole, whole, part, np.zeros((0, 3), dtype=np.bool_))
