"""Splitting: one purchase is declared as two to four consignments, each below the value that is free of duty.

Changes the day (all parts of a purchase have that of its first), the value (80 to 99.5 % of the limit) and, at the
same price per kilogram, mass and packages. What remains to be seen is several small consignments of the same trade on
one day with values close below the limit; one purchase in five is spread over ten days, with values of 40 to 80 % of
it. Parcels and samples of honest importers are below the limit too, also in pairs. Offenders are importers with a
mean propensity of 0.6; nobody splits once only.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pratique_world.years.goods import RELIEF_MINOR, Flags, Ints
from pratique_world.years.mechanisms.scene import CAREFUL, Mechanism, Scene, by_importer, is_dutiable
from pratique_world.years.offenders import Law

MOST_PARTS: Final = 4
NEAR: Final = (0.8, 0.995)
BELOW: Final = (0.4, 0.8)
LATER_DAYS: Final = 10
LAW: Final = Law(single=0.0, alpha=3.0, beta=2.0)


def _eligible(scene: Scene) -> Flags:
    often = np.bincount(scene.rows.relation, is_dutiable(scene), len(scene.relations.importer)) >= MOST_PARTS
    return is_dutiable(scene) & often[scene.rows.relation]


def _plant(scene: Scene, at: Ints) -> Ints:
    rows, rng = scene.rows, scene.rng
    at = _in_groups(scene, at)
    purchase, first = _purchases(rows.relation[at])
    rows.day[at] = rows.day[at][first][purchase]
    rows.true_rate_ppm[at] = rows.true_rate_ppm[at][first][purchase]
    share = rng.uniform(*NEAR, len(at))
    careful = (rng.random(len(first)) < CAREFUL)[purchase]
    later = rows.day[at] + np.where(careful, rng.integers(0, LATER_DAYS, len(at)), 0)
    rows.day[at] = np.minimum(later, rows.day.max())
    share = np.where(careful, rng.uniform(*BELOW, len(at)), share)
    value = np.rint(RELIEF_MINOR * share).astype(np.int64)
    part = value / rows.value_minor[at]
    package_g = rows.net_g[at] / rows.packages[at]
    rows.packages[at] = np.maximum(1, np.rint(rows.packages[at] * part)).astype(np.int64)
    gross = rows.gross_g[at] / rows.net_g[at]
    rows.net_g[at] = np.where(
        part < 1,
        np.maximum(1000, np.rint(np.minimum(rows.packages[at] * package_g, rows.net_g[at] * part))),
        rows.net_g[at] * part,
    ).astype(np.int64)
    rows.gross_g[at] = np.rint(rows.net_g[at] * gross).astype(np.int64)
    rows.freight_minor[at] = np.maximum(100, np.rint(rows.freight_minor[at] * np.minimum(part, 1) ** 0.6)).astype(
        np.int64
    )
    rows.value_minor[at] = value
    rows.true_value_minor[at] = value
    return at


def _in_groups(scene: Scene, at: Ints) -> Ints:
    """The rows, by trade and day; where only one of a trade was proposed, another trade's next one takes its place."""
    rows = scene.rows
    proposed = np.bincount(rows.relation[at], minlength=len(scene.relations.importer))
    alone = int((proposed[rows.relation[at]] == 1).sum())
    kept = at[proposed[rows.relation[at]] > 1]
    in_time = (rows.day >= rows.day[at].min()) & (rows.day <= rows.day[at].max())
    free = np.flatnonzero(_eligible(scene) & (rows.mechanism == 0) & in_time & (proposed[rows.relation] > 1))
    free = np.setdiff1d(free, kept)
    taken = scene.rng.choice(free, min(alone, len(free)), replace=False)
    whole = np.concatenate([kept, taken])
    return whole[np.lexsort((rows.day[whole], rows.relation[whole]))]


def _purchases(relation: Ints) -> tuple[Ints, Ints]:
    """For each row of a sorted column the number of its purchase, and where each purchase begins."""
    start = np.flatnonzero(np.diff(relation, prepend=-1) != 0)
    size = np.diff(start, append=len(relation))
    place = np.arange(len(relation)) - np.repeat(start, size)
    whole = np.repeat(size, size)
    begins = (place % (MOST_PARTS - 1) == 0) & ((whole - place > 1) | (place == 0))
    return np.cumsum(begins) - 1, np.flatnonzero(begins)


SPLITTING: Final = Mechanism("splitting", LAW, by_importer, _eligible, _plant, "splitting")
