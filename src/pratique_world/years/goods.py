"""What is traded and what it is charged: unit values by origin, their drift, seasons, packing and the tariff.

Prices are logarithms of USD per kilogram of net mass, rates are parts per million. The tariff is invented, in the
bands of a common external tariff (0, 10, 25 and 35 per cent): neighbouring headings often differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from pratique_world.goods import LOOSE
from pratique_world.tables import Ware, gateways, services, wares
from pratique_world.years.mix import TARIFF, Mix, day_number

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MONTH: Final = 30  # days
ORIGIN_SIGMA: Final = 0.12  # how far an origin's price level is off the goods' level
DRIFT_SIGMA: Final = 0.025  # what a price level moves in a month
RELIEF_MINOR: Final = 200_000  # consignments below this customs value are free of duty
PREFERENCE: Final = {"EG": 0.0, "ZA": 0.5, "DE": 0.6, "NL": 0.6, "BE": 0.6, "FR": 0.6, "IT": 0.6}  # origin to the part
# of the duty that is left where a preference is claimed
_BANDS: Final = ((24, (25, 35, 10, 25)), (38, (0, 10, 0, 10)), (40, (10, 25, 0, 25)), (67, (25, 10, 25, 35)),
                 (83, (10, 25, 0, 25)), (90, (0, 10, 25, 0, 25)), (99, (25, 10, 35, 25)))  # fmt: skip
_SEASONS: Final = ((0.0, 0.0), (0.35, 0.83), (0.3, 0.45), (0.25, 0.05))  # swing and where in the year it peaks


@cache
def lands() -> tuple[str, ...]:
    """The countries that goods come from, in alphabetical order."""
    return tuple(sorted({origin for ware in traded() for origin in ware.origins}))


@cache
def ports() -> tuple[str, ...]:
    """The ports of loading and the hubs, in alphabetical order."""
    hubs = {hub for service in services() for hub in service.hubs}
    return tuple(sorted({port for land in lands() for port in gateways(land)} | hubs))


@cache
def traded() -> tuple[Ware, ...]:
    """The kinds of goods that are declared: those with a subheading that travel in boxes."""
    return tuple(ware for ware in wares() if ware.code and ware.box not in LOOSE)


@cache
def duty_ppm(code: str) -> int:
    """The rate of a subheading in parts per million."""
    rates = next(rates for chapter, rates in _BANDS if int(code[:2]) <= chapter)
    return rates[crc32(code.encode()) % len(rates)] * 10_000


@dataclass(frozen=True, slots=True)
class Market:
    """The goods of a world, one row a ware; ``level`` has a column for each of :func:`lands`, ``drift`` one a month."""

    level: Floats
    drift: Floats
    spread: Floats  # how far the price levels of relations lie apart, as a standard deviation
    duty: Ints  # rate before any change of the tariff
    changes: tuple[tuple[int, Flags, float], ...]  # day, wares, factor
    lower: Ints  # the neighbouring ware with a lower duty, -1 where there is none
    relief: Ints  # a preferential land that also sends such goods, -1 where there is none

    def rate(self, ware: Ints, land: Ints, day: Ints, preference: Flags) -> Ints:
        """The rate in parts per million on a day, with a preference where one is claimed."""
        rate = self.duty[ware].astype(np.float64)
        for start, touched, factor in self.changes:
            rate = np.where((day >= start) & touched[ware], rate * factor, rate)
        left = np.array([PREFERENCE.get(name, 1.0) for name in lands()])
        return np.rint(np.where(preference, rate * left[land], rate)).astype(np.int64)

    def usual(self, ware: Ints, land: Ints, day: Ints) -> Floats:
        """The logarithm of the usual price of a ware from a land on a day."""
        return np.asarray(self.level[ware, land] + self.drift[ware, day // MONTH], dtype=np.float64)


def build_market(rng: np.random.Generator, days: int, mix: Mix) -> Market:
    """The market of a seed."""
    goods = traded()
    low, high = (np.log([ware.usd_per_kg[side] for ware in goods]) for side in (0, 1))
    duty = np.array([duty_ppm(ware.code) for ware in goods])
    chapters = np.array([ware.code[:2] for ware in goods])
    steps = rng.normal(0.0, DRIFT_SIGMA, (len(goods), days // MONTH + 1))
    return Market(
        level=((low + high) / 2)[:, None] + rng.normal(0.0, ORIGIN_SIGMA, (len(goods), len(lands()))),
        drift=np.cumsum(steps, axis=1),
        spread=np.clip(0.4 * (high - low), 0.12, 0.4),
        duty=duty,
        changes=tuple(
            (day_number(event.start, days), np.isin(chapters, event.chapters), event.factor)
            for event in mix.events(TARIFF)
        ),
        lower=np.array([_lower(place, (low + high) / 2, duty) for place in range(len(goods))]),
        relief=np.array([_relief(ware) for ware in goods]),
    )


def season(day: Ints, code: str) -> Floats:
    """How much of a ware is traded on days, around 1."""
    swing, peak = _SEASONS[crc32(code.encode()[::-1]) % len(_SEASONS)]
    return np.asarray(1 + swing * np.cos(2 * np.pi * (day / 365.25 - peak)), dtype=np.float64)


def _lower(place: int, price: Floats, duty: Ints) -> int:
    goods = traded()
    codes = [ware.code for ware in goods]
    named = goods[place].lower
    if named in codes and duty[codes.index(named)] < duty[place]:
        return codes.index(named)
    near = [n for n, ware in enumerate(goods) if ware.code[:2] == codes[place][:2] and duty[n] < duty[place]]
    return min(near, key=lambda n: (abs(price[n] - price[place]), n)) if near else -1


def _relief(ware: Ware) -> int:
    near = [land for land in ware.origins if land in PREFERENCE]
    return lands().index(near[0]) if near and duty_ppm(ware.code) > 0 else -1
