"""What a trade usually pays, learnt from its past declarations alone: a filter that distrusts odd prices.

The price level of a trade is normal around that of its peers; each price is the level and noise, an honest oddity, or
a lowered one (the laws of ``rows.py`` and of undervaluation). Exact filtering would keep a mixture that doubles with
every consignment; this one keeps its first two moments (assumed density), which is what it leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pratique_world.years.goods import Floats, Ints
from pratique_world.years.rows import NOISE_SIGMA, ODD_MEAN, ODD_SHARE, ODD_SIGMA

LOWERED_SHARE, LOWERED_MEAN, LOWERED_SIGMA = 0.05, -0.75, 0.4


@dataclass(frozen=True, slots=True)
class Usual:
    """For each row what was known before it: the mean and variance of its trade's level, and how many were seen."""

    mean: Floats
    variance: Floats
    count: Ints


def usual_prices(trade: Ints, deviation: Floats, spread: Floats) -> Usual:
    """The usual deviation of each row's trade from its peers, rows in order of time.

    ``trade`` numbers the trades from 0, ``deviation`` is the logarithm of the price less that of the peers, ``spread``
    the standard deviation of levels among the trades of such goods.
    """
    order = np.argsort(trade, kind="stable")
    start = np.flatnonzero(np.diff(trade[order], prepend=-1) != 0)
    place = np.arange(len(trade)) - np.repeat(start, np.diff(start, append=len(trade)))
    mean, variance = np.zeros(len(trade)), np.zeros(len(trade))
    count = np.zeros(len(trade), dtype=np.int64)
    count[order] = place
    level, doubt = np.zeros(len(start)), np.square(spread[order][start])
    by_place = order[np.argsort(place, kind="stable")]
    ends = np.cumsum(np.bincount(place))
    for first, last in zip(np.concatenate([[0], ends[:-1]]).tolist(), ends.tolist(), strict=True):
        rows = by_place[first:last]
        own = trade[rows]
        mean[rows], variance[rows] = level[own], doubt[own]
        level[own], doubt[own] = _seen(deviation[rows], level[own], doubt[own])
    return Usual(mean, variance, count)


def _seen(price: Floats, level: Floats, doubt: Floats) -> tuple[Floats, Floats]:
    """Level and doubt after a price, which counts as much as it is likely to be an ordinary one."""
    ordinary = (1 - ODD_SHARE - LOWERED_SHARE) * _density(price - level, doubt + NOISE_SIGMA**2)
    odd = ODD_SHARE * _density(price - level - ODD_MEAN, doubt + ODD_SIGMA**2)
    low = LOWERED_SHARE * _density(price - level - LOWERED_MEAN, doubt + LOWERED_SIGMA**2)
    trust = ordinary / (ordinary + odd + low)
    gain = doubt / (doubt + NOISE_SIGMA**2 / np.maximum(trust, 1e-6))
    return level + gain * (price - level), doubt * (1 - gain)


def _density(distance: Floats, variance: Floats) -> Floats:
    return np.asarray(np.exp(-0.5 * distance**2 / variance) / np.sqrt(variance), dtype=np.float64)
