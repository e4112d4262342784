"""Declarations as columns of numbers, before they are put into words. First all are honest, with honest noise.

Mechanisms change the columns in place and leave ``true_value_minor`` and ``true_rate_ppm`` as they found them, so that
the duty lost is what was due less what was declared.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pratique_world.years.goods import RELIEF_MINOR, Flags, Floats, Ints, Market, lands, season, traded
from pratique_world.years.parties import Parties
from pratique_world.years.relations import NO_PORT, Relations, hubs_of

HONEST: Final = 0
NOISE_SIGMA: Final = 0.14  # of a price from one consignment of a relation to the next
ODD_SHARE, ODD_MEAN, ODD_SIGMA = 0.05, -0.25, 0.45  # stock lots, samples, slips of the pen
GROWTH: Final = 0.06  # a year
WEEKEND: Final = 0.3  # of a working day's declarations
VAGUE_SHARE: Final = 0.035  # honest texts that say nothing
LOOSE_BOX_KG, ODD_PACK_SHARE, ODD_PACK_SIGMA = 26_000.0, 0.04, 0.35
SAMPLE_SHARE: Final = 0.025  # small lots in trades that fill boxes
SAMPLE_KG: Final = (4.5, 0.7)  # their mass: mean and deviation of the logarithm
TOGETHER_SHARE: Final = 0.3  # of the parcels of a trade come on the day of the one before
OTHER_TEXT_SHARE: Final = 0.03  # the text of a neighbouring ware, by a slip or because two kinds are in the box
PACK_SIGMA: Final = 0.025  # of the mass of a package
WRONG_HEADING_SHARE: Final = 0.012  # slips to a neighbouring heading with the same duty or a higher one
WRONG_ORIGIN_SHARE: Final = 0.004
WRONG_CLAIM_SHARE: Final = 0.002  # honest claims of a preference for goods that came another way
FREIGHT_USD: Final = (900.0, 3100.0)
PROCEDURES: Final = ("4000", "4071", "4051", "4000C07")
_PROCEDURE_SHARES: Final = (0.92, 0.06, 0.02)
RELIEVED: Final = 3


@dataclass(slots=True)
class Rows:
    """The columns, one place a declaration. Ports, lands, wares and parties are places in their tables."""

    day: Ints
    relation: Ints
    importer: Ints
    exporter: Ints
    broker: Ints
    carrier: Ints
    ware: Ints
    text_ware: Ints
    origin: Ints
    dispatch: Ints
    loading: Ints
    transhipment: Ints
    net_g: Ints
    gross_g: Ints
    packages: Ints
    value_minor: Ints
    freight_minor: Ints
    preference: Flags
    vague: Flags
    procedure: Ints
    true_value_minor: Ints
    true_rate_ppm: Ints
    mechanism: NDArray[np.int8]
    first_day: Ints

    def __len__(self) -> int:
        return len(self.day)

    def taken(self, at: Ints) -> Rows:
        """The rows at those places, in that order."""
        return Rows(*(getattr(self, field.name)[at] for field in fields(self)))


def honest_rows(rng: np.random.Generator, count: int, parties: Parties, known: Relations, market: Market) -> Rows:
    """So many honest declarations of the relations, by day."""
    relation, day = _together(rng, known, *_when(rng, count, known))
    text_ware = _other_texts(rng, known.ware[relation])
    ware = _slips(rng, market, known.ware[relation])
    origin = np.where(rng.random(count) < WRONG_ORIGIN_SHARE, rng.choice(known.origin, count), known.origin[relation])
    net_g, gross_g, packages = _masses(rng, known, relation)
    usual = market.usual(known.ware[relation], known.origin[relation], day) + known.price[relation]
    value = _values(rng, usual, net_g)
    preference = known.claims[relation] & market_preferential()[origin] & (origin == known.origin[relation])
    transhipment = _transhipment(rng, known, relation)
    wrongly = rng.random(count) < WRONG_CLAIM_SHARE
    exporter = known.exporter[relation]
    renamed = day >= parties.exporters.renamed_on[exporter]
    rows = Rows(
        day=day,
        relation=relation,
        importer=known.importer[relation],
        exporter=np.where(renamed, parties.exporters.heir[exporter], exporter),
        broker=_now_and_then(rng, known.broker[relation], len(parties.brokers), 0.03),
        carrier=_carriers(rng, parties, known, relation),
        ware=ware,
        text_ware=text_ware,
        origin=origin,
        dispatch=known.dispatch[relation],
        loading=known.loading[relation],
        transhipment=transhipment,
        net_g=net_g,
        gross_g=gross_g,
        packages=packages,
        value_minor=value,
        freight_minor=_freight(rng, gross_g),
        preference=preference | (wrongly & market_preferential()[origin]),
        vague=rng.random(count) < VAGUE_SHARE,
        procedure=rng.choice(3, count, p=_PROCEDURE_SHARES),
        true_value_minor=value.copy(),
        true_rate_ppm=np.zeros(count, dtype=np.int64),
        mechanism=np.zeros(count, dtype=np.int8),
        first_day=np.full(count, -1),
    )
    rows.procedure[value < RELIEF_MINOR] = RELIEVED
    rows.true_rate_ppm = declared_rate(rows, market)
    return rows


def declared_rate(rows: Rows, market: Market) -> Ints:
    """The rate in parts per million that follows from what is declared; nothing below the relief."""
    rate = market.rate(rows.ware, rows.origin, rows.day, rows.preference)
    return np.where(rows.value_minor < RELIEF_MINOR, 0, rate)


def duty(value_minor: Ints, rate_ppm: Ints) -> Ints:
    """Value times rate in minor units, half of one rounded up."""
    return (value_minor * rate_ppm + 500_000) // 1_000_000


def market_preferential() -> Flags:
    """For each land whether its goods may claim a preference."""
    from pratique_world.years.goods import PREFERENCE

    return np.isin(lands(), list(PREFERENCE))


def _when(rng: np.random.Generator, count: int, known: Relations) -> tuple[Ints, Ints]:
    """Relations and days: as often as a relation weighs in its time, more on working days and in its goods' season."""
    days = int(known.end.max())
    every = np.arange(days)
    base = (1 + GROWTH * every / 365.25) * np.where(every % 7 < 5, 1.0, WEEKEND)
    relation, day = [], []
    goods = traded()
    sums = {code: np.concatenate([[0.0], np.cumsum(base * season(every, code))]) for code in {w.code for w in goods}}
    steps = np.stack([sums[ware.code] for ware in goods])
    mass = known.weight * (steps[known.ware, known.end] - steps[known.ware, known.begin])
    drawn = rng.multinomial(count, mass / mass.sum())
    for ware in range(len(goods)):
        own = np.repeat(np.flatnonzero(known.ware == ware), drawn[known.ware == ware])
        low, high = steps[ware, known.begin[own]], steps[ware, known.end[own]]
        place = np.searchsorted(steps[ware], low + (high - low) * rng.random(len(own)), side="right") - 1
        relation.append(own)
        day.append(np.clip(place, known.begin[own], known.end[own] - 1))
    together, when = np.concatenate(relation), np.concatenate(day)
    order = np.lexsort((rng.random(count), when))
    return together[order], when[order]


def _together(rng: np.random.Generator, known: Relations, relation: Ints, day: Ints) -> tuple[Ints, Ints]:
    """Some parcels come on the day of the one before of the same trade."""
    order = np.lexsort((day, relation))
    again = (rng.random(len(day)) < TOGETHER_SHARE) & known.is_small[relation[order]]
    again &= np.diff(relation[order], prepend=-1) == 0
    last = np.maximum.accumulate(np.where(again, 0, np.arange(len(day))))
    moved = day.copy()
    moved[order] = day[order][last]
    return relation, moved


def _other_texts(rng: np.random.Generator, ware: Ints) -> Ints:
    """The ware that each text is about: the declared one, or now and then another of the same chapter."""
    chapters = np.array([kind.code[:2] for kind in traded()])
    text = ware.copy()
    for chapter in np.unique(chapters).tolist():
        fits = np.flatnonzero(chapters == chapter)
        rows = np.flatnonzero((chapters[ware] == chapter) & (rng.random(len(ware)) < OTHER_TEXT_SHARE))
        text[rows] = rng.choice(fits, len(rows))
    return text


def _slips(rng: np.random.Generator, market: Market, ware: Ints) -> Ints:
    """The declared ware: now and then, by a slip that costs nobody any duty, another of the chapter."""
    chapters = np.array([kind.code[:2] for kind in traded()])
    declared = ware.copy()
    for place in range(len(chapters)):
        fits = np.flatnonzero((chapters == chapters[place]) & (market.duty >= market.duty[place]))
        rows = np.flatnonzero((ware == place) & (rng.random(len(ware)) < WRONG_HEADING_SHARE))
        declared[rows] = rng.choice(fits, len(rows))
    return declared


def _masses(rng: np.random.Generator, known: Relations, relation: Ints) -> tuple[Ints, Ints, Ints]:
    """Net and gross mass in grams, and packages."""
    count = len(relation)
    sample = rng.random(count) < SAMPLE_SHARE
    lot = np.minimum(known.lot_kg[relation] * rng.lognormal(0, 0.35, count), LOOSE_BOX_KG)
    lot = np.where(sample, np.minimum(lot, rng.lognormal(*SAMPLE_KG, count)), lot)
    each = known.package_kg[relation] * rng.lognormal(0, PACK_SIGMA, count)
    odd = rng.random(count) < ODD_PACK_SHARE
    each = np.where(odd, each * rng.lognormal(0, ODD_PACK_SIGMA, count), each)
    packages = np.maximum(1, np.rint(lot / each)).astype(np.int64)
    net_g = np.maximum(1000, np.rint(packages * each * 1000)).astype(np.int64)
    gross_g = np.rint(net_g / rng.uniform(0.92, 0.985, count)).astype(np.int64)
    return net_g, gross_g, packages


def _values(rng: np.random.Generator, usual: Floats, net_g: Ints) -> Ints:
    """Values in minor units, off the usual logarithm of the price by noise and the odd one by more."""
    noise = rng.normal(0, NOISE_SIGMA, len(net_g))
    odd = rng.random(len(net_g)) < ODD_SHARE
    noise = np.where(odd, rng.normal(ODD_MEAN, ODD_SIGMA, len(net_g)), noise)
    price = np.exp(usual + noise)
    return np.maximum(100, np.rint(price * net_g / 10)).astype(np.int64)  # USD/kg x g = 1/10 of a cent


def _freight(rng: np.random.Generator, gross_g: Ints) -> Ints:
    box = rng.uniform(*FREIGHT_USD, len(gross_g))
    part = np.clip(gross_g / 1000 / LOOSE_BOX_KG, 0.02, 1.0) ** 0.6
    return np.rint(box * part * 100).astype(np.int64)


def _transhipment(rng: np.random.Generator, known: Relations, relation: Ints) -> Ints:
    """The usual hub, one time in eight another one or none."""
    usual = known.transhipment[relation]
    for place, land in enumerate(lands()):
        hubs = np.array([NO_PORT, *hubs_of(land)])
        rows = np.flatnonzero((known.origin[relation] == place) & (rng.random(len(relation)) < 0.12))
        usual[rows] = rng.choice(hubs, len(rows))
    return usual


def _carriers(rng: np.random.Generator, parties: Parties, known: Relations, relation: Ints) -> Ints:
    """The usual carrier, one time in six another one that serves the land."""
    usual = known.carrier[relation]
    for place in range(len(lands())):
        weight = parties.carrier_weight * parties.serves[:, place]
        rows = np.flatnonzero((known.origin[relation] == place) & (rng.random(len(relation)) < 0.16))
        usual[rows] = rng.choice(len(weight), len(rows), p=weight / weight.sum())
    return usual


def _now_and_then(rng: np.random.Generator, usual: Ints, count: int, share: float) -> Ints:
    return np.where(rng.random(len(usual)) < share, rng.integers(0, count, len(usual)), usual)
