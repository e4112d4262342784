"""Trades that recur: who buys what from whom, on which way, with which broker and carrier, at which price level."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final
from zlib import crc32

import numpy as np

from pratique_world.tables import gateways, services
from pratique_world.years.goods import Flags, Floats, Ints, Market, duty_ppm, lands, ports, traded
from pratique_world.years.parties import Importers, Parties
from pratique_world.years.rings import NO_RING

NO_PORT: Final = -1
SMALL_SHARE: Final = 0.05  # relations that send parcels instead of boxes
TRADED_ON_SHARE: Final = 0.1  # dispatched by a trader in a hub, not from the country of origin
SAME_CHAPTER: Final = 0.65  # of an importer's further goods
LOADED_AT_DISPATCH: Final = 0.5  # of these are loaded in the hub
LOADED_ELSEWHERE: Final = 0.05  # loaded in some third land
OTHER_ORIGIN: Final = 0.08  # relations with an exporter who sells goods of another land than his own
ANY_ORIGIN: Final = (0.02, 0.2)  # lasting trades and single purchases of goods of any land
SPOT_SHARE: Final = 0.06  # of an importer's declarations are single purchases: any goods, any supplier
HUB_LANDS: Final = ("AE", "SG", "NL")
_BUCKETS: Final = 6  # exporters of a country come in so many groups, each with its own chapters


@dataclass(frozen=True, slots=True)
class Relations:
    """Relations, one place each; days are numbers from 0, ``weight`` is declarations a day."""

    importer: Ints
    exporter: Ints
    broker: Ints
    carrier: Ints
    ware: Ints
    origin: Ints
    dispatch: Ints
    loading: Ints
    transhipment: Ints
    price: Floats  # off the usual logarithm of the price
    lot_kg: Floats
    package_kg: Floats
    is_small: Flags
    claims: Flags  # a preference, where its origin has one
    begin: Ints
    end: Ints
    weight: Floats


def build_relations(rng: np.random.Generator, parties: Parties, market: Market, days: int) -> Relations:
    """The relations of a seed: one to a dozen for each importer."""
    people = parties.importers
    owner, spot = _owners(rng, people)
    ware, exporter = _goods(rng, parties, owner, spot)
    origin = _origins(rng, parties.exporters.land[exporter], ware, spot)
    begin, end = _times(rng, people, owner, days)
    small = rng.random(len(owner)) < SMALL_SHARE
    fills = np.array([kind.fill_t * 1000 for kind in traded()])[ware]
    packs = np.array([kind.package_kg for kind in traded()])[ware]
    hub = np.array([lands().index(land) for land in HUB_LANDS])
    dispatch = np.where(rng.random(len(owner)) < TRADED_ON_SHARE, rng.choice(hub, len(owner)), origin)
    loaded = np.where(rng.random(len(owner)) < LOADED_AT_DISPATCH, dispatch, origin)
    loaded = np.where(rng.random(len(owner)) < LOADED_ELSEWHERE, rng.choice(parties.exporters.land, len(owner)), loaded)
    loading, transhipment = _ways(rng, loaded)
    return Relations(
        importer=owner,
        exporter=exporter,
        broker=_brokers(rng, parties, owner),
        carrier=_carriers(rng, parties, origin),
        ware=ware,
        origin=origin,
        dispatch=dispatch,
        loading=loading,
        transhipment=transhipment,
        price=rng.normal(0, 1, len(owner)) * market.spread[ware],
        lot_kg=np.where(small, rng.lognormal(4.5, 0.7, len(owner)), fills * rng.uniform(0.15, 1.0, len(owner))),
        package_kg=packs[:, 0] + (packs[:, 1] - packs[:, 0]) * rng.random(len(owner)),
        is_small=small,
        claims=rng.random(len(owner)) < 0.85,
        begin=begin,
        end=end,
        weight=_weights(rng, people, owner, spot, end - begin),
    )


def _owners(rng: np.random.Generator, people: Importers) -> tuple[Ints, Flags]:
    """The importer of each relation, and whether it is a single purchase: these come last with each importer."""
    expected = _expected(people)
    lasting = 1 + np.minimum(rng.poisson(0.35 * np.sqrt(expected)), 24)
    single = rng.poisson(SPOT_SHARE * np.where(people.ring == NO_RING, expected, 0.0))
    owner = np.repeat(np.arange(len(lasting)), lasting + single)
    place = np.arange(len(owner)) - _first(owner)
    return owner, place >= lasting[owner]


def _expected(people: Importers) -> Floats:
    """About how many declarations each importer makes."""
    return people.pace * (people.death - np.maximum(people.birth, 0))


def _weights(rng: np.random.Generator, people: Importers, owner: Ints, spot: Flags, days: Ints) -> Floats:
    """Declarations a day of each relation: one in all for a single purchase, the others share the rest unevenly."""
    share = rng.lognormal(0, 0.8, len(owner)) * ~spot
    whole = np.bincount(owner, share * days, len(people.pace))
    expected = _expected(people)
    rest = np.maximum(expected - np.bincount(owner, spot, len(people.pace)), 0.3 * expected)
    return np.where(spot, 1.0 / np.maximum(days, 1), share * rest[owner] / np.maximum(whole[owner], 1e-9))


def _first(owner: Ints) -> Ints:
    """For each relation the place of its importer's (or ring's) first one."""
    return np.searchsorted(owner, owner)


def _goods(rng: np.random.Generator, parties: Parties, owner: Ints, spot: Flags) -> tuple[Ints, Ints]:
    goods = traded()
    shares = np.array([kind.share for kind in goods], dtype=np.float64)
    chapters = np.array([int(kind.code[:2]) for kind in goods])
    pick = rng.choice(len(goods), len(owner), p=shares / shares.sum())
    main = pick[_first(owner)]
    same = (rng.random(len(owner)) < SAME_CHAPTER) & ~spot
    for chapter in np.unique(chapters).tolist():
        fits = np.flatnonzero(chapters == chapter)
        touched = np.flatnonzero(same & (chapters[main] == chapter))
        pick[touched] = rng.choice(fits, len(touched), p=shares[fits] / shares[fits].sum())
    ring = parties.importers.ring[owner]
    of_ring = ring != NO_RING
    exporter = np.empty(len(owner), dtype=np.int64)
    draws = rng.random((len(owner), 2))
    if of_ring.any():  # three kinds of supply to a ring, of goods with a duty, whoever of its members buys
        kind = ring * 3 + rng.integers(0, 3, len(owner))
        charged = shares * [duty_ppm(ware.code) > 0 for ware in goods]
        templates = rng.choice(len(goods), 3 * int(ring.max() + 1), p=charged / charged.sum())
        habits = rng.random((len(templates), 2))
        pick[of_ring] = templates[kind[of_ring]]
        draws[of_ring] = habits[kind[of_ring]]
    for ware in np.unique(pick).tolist():
        rows = np.flatnonzero(pick == ware)
        origins = np.array([lands().index(land) for land in goods[ware].origins])
        origin = origins[(draws[rows, 0] * len(origins)).astype(np.int64)]
        for land in np.unique(origin).tolist():
            sellers, steps = _sellers(parties, land, int(chapters[ware]))
            at = rows[origin == land]
            exporter[at] = sellers[np.minimum(np.searchsorted(steps, draws[at, 1]), len(sellers) - 1)]
    return pick, exporter


def _origins(rng: np.random.Generator, land: Ints, ware: Ints, spot: Flags) -> Ints:
    """The origin of each relation's goods: the exporter's land, now and then another that has such goods or any."""
    origin = land.copy()
    for place, kind in enumerate(traded()):
        rows = np.flatnonzero((ware == place) & (rng.random(len(ware)) < OTHER_ORIGIN))
        origin[rows] = rng.choice([lands().index(name) for name in kind.origins], len(rows))
    anywhere = rng.random(len(ware)) < np.where(spot, ANY_ORIGIN[1], ANY_ORIGIN[0])
    return np.where(anywhere, rng.choice(land, len(ware)), origin)


def _sellers(parties: Parties, land: int, chapter: int) -> tuple[Ints, Floats]:
    """The exporters of a land that sell goods of a chapter, with the cumulated chance of each."""
    known = parties.exporters
    sellers = np.flatnonzero((known.land == land) & (known.weight > 0))
    bucket = crc32(b"%d" % chapter) % _BUCKETS
    sellers = sellers[bucket::_BUCKETS] if len(sellers) > _BUCKETS else sellers
    steps = np.cumsum(known.weight[sellers])
    return sellers, steps / steps[-1]


def _times(rng: np.random.Generator, people: Importers, owner: Ints, days: int) -> tuple[Ints, Ints]:
    """The first relation of an importer lasts as long as it does; others begin and end in between."""
    birth, death = np.maximum(people.birth, 0)[owner], people.death[owner]
    first = _first(owner) == np.arange(len(owner))
    draws = np.sort(rng.random((len(owner), 2)), axis=1)
    draws[rng.random(len(owner)) < 0.4, 0] = 0.0
    draws[rng.random(len(owner)) < 0.5, 1] = 1.0
    span = death - birth
    begin = np.where(first, birth, birth + np.floor(draws[:, 0] * span).astype(np.int64))
    end = np.where(first, death, birth + np.ceil(draws[:, 1] * span).astype(np.int64))
    return begin, np.minimum(np.maximum(end, begin + 1), days)


def _brokers(rng: np.random.Generator, parties: Parties, owner: Ints) -> Ints:
    count = len(parties.brokers)
    people = parties.importers
    usual = rng.choice(count, len(people.pace), p=parties.broker_weight)
    of_ring = people.ring != NO_RING
    usual[of_ring] = (people.ring[of_ring] * 7919) % count
    other = rng.choice(count, len(owner), p=parties.broker_weight)
    return np.where(rng.random(len(owner)) < 0.88, usual[owner], other)


def _carriers(rng: np.random.Generator, parties: Parties, origin: Ints) -> Ints:
    chosen = np.empty(len(origin), dtype=np.int64)
    for land in np.unique(origin).tolist():
        rows = np.flatnonzero(origin == land)
        weight = parties.carrier_weight * parties.serves[:, land]
        chosen[rows] = rng.choice(len(weight), len(rows), p=weight / weight.sum())
    return chosen


@cache
def hubs_of(land: str) -> tuple[int, ...]:
    """The hubs where boxes of a land change ships, as places in :func:`ports`."""
    hubs = {hub for service in services() if land in service.origins for hub in service.hubs}
    return tuple(sorted(ports().index(hub) for hub in hubs if hub not in gateways(land)))


def _ways(rng: np.random.Generator, origin: Ints) -> tuple[Ints, Ints]:
    loading = np.empty(len(origin), dtype=np.int64)
    transhipment = np.full(len(origin), NO_PORT)
    for land in np.unique(origin).tolist():
        rows = np.flatnonzero(origin == land)
        loading[rows] = rng.choice([ports().index(port) for port in gateways(lands()[land])], len(rows))
        hubs = hubs_of(lands()[land])
        over = rows[rng.random(len(rows)) < 0.45] if hubs else rows[:0]
        transhipment[over] = rng.choice(hubs, len(over)) if hubs else NO_PORT
    return loading, transhipment
