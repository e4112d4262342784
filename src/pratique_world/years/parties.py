"""Who trades: importers, exporters, brokers and carriers, with their sizes, births and deaths over the years.

Sizes have a long tail. Half of the importers stand there from the first day, the others come in over the years, and
one in four leaves: a cold start is real. Honest importers share too: business centres give many firms one address, an
agent's telephone stands for several, and groups of firms have one director.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pratique_world.draw import uniforms, zipf_weights
from pratique_world.names import DRAWS, trader
from pratique_world.spelling import respelled, shortened
from pratique_world.tables import services
from pratique_world.years.goods import Flags, Floats, Ints, lands
from pratique_world.years.plan import Plan
from pratique_world.years.rings import NO_RING, Rings

Texts = NDArray[np.object_]

HOME: Final = "KE"
OFFICES: Final = ("KEMBA1", "KEMBA2", "KENBO1", "KEKIS1")
_OFFICE_SHARES: Final = (0.5, 0.2, 0.22, 0.08)
ROWS_PER_IMPORTER, ROWS_PER_EXPORTER = 110, 90
CENTRE_SHARE, AGENT_SHARE, GROUP_SHARE = 0.14, 0.08, 0.15
_CARRIERS: Final = 14
_EXPORT_SHARES: Final = {"CN": 30, "IN": 16, "AE": 10, "TR": 7, "PK": 5, "EG": 5, "DE": 5, "SA": 4, "JP": 4, "NL": 3}
RENAMED_SHARE: Final = 0.03  # exporters that honestly take another name and number in the course of the years


@dataclass(frozen=True, slots=True)
class Importers:
    """Importers, one place each; days are numbers from 0 (earlier: negative), ``pace`` is declarations a day."""

    code: Texts
    name: Texts
    address: Texts
    phone: Texts
    director: Texts
    office: Ints
    birth: Ints
    death: Ints
    pace: Floats
    ring: Ints


@dataclass(frozen=True, slots=True)
class Exporters:
    """Exporters with their country; ``renamed_on`` is the day from which ``heir`` stands for them, if ever."""

    code: Texts
    name: Texts
    land: Ints
    weight: Floats
    renamed_on: Ints
    heir: Ints


@dataclass(frozen=True, slots=True)
class Parties:
    """All parties of a world."""

    importers: Importers
    exporters: Exporters
    brokers: Texts
    broker_weight: Floats
    carriers: Texts
    carrier_weight: Floats
    serves: Flags  # carrier x land


def build_parties(rng: np.random.Generator, plan: Plan, rings: Rings) -> Parties:
    """The parties of a seed, the members of rings last among the importers."""
    brokers = max(20, min(400, plan.rows // 2500))
    return Parties(
        importers=_importers(rng, plan, rings),
        exporters=_exporters(rng, plan),
        brokers=numbered(rng, "B", brokers, 6),
        broker_weight=zipf_weights(brokers, exponent=0.9, shift=4),
        carriers=np.array([f"L{place + 1:02d}" for place in rng.permutation(_CARRIERS)], dtype=object),
        carrier_weight=zipf_weights(_CARRIERS, exponent=0.8, shift=2),
        serves=_served(rng),
    )


def numbered(rng: np.random.Generator, letter: str, count: int, digits: int) -> Texts:
    """Distinct numbers behind a letter, in no order that says anything."""
    serials = rng.choice(9 * 10 ** (digits - 1), size=count, replace=False) + 10 ** (digits - 1)
    return np.array([f"{letter}{serial}" for serial in serials.tolist()], dtype=object)


def _importers(rng: np.random.Generator, plan: Plan, rings: Rings) -> Importers:
    honest = max(120, min(80_000, plan.rows // ROWS_PER_IMPORTER))
    count = honest + rings.members
    people = [trader(HOME, draws) for draws in uniforms(rng, count, DRAWS)]
    address = np.array([f"{person.street}, {person.city}" for person in people], dtype=object)
    phone = np.array([person.phone for person in people], dtype=object)
    director = numbered(rng, "D", count, 8)
    birth, death = _lives(rng, honest, plan.days)
    _share(rng, address[:honest], CENTRE_SHARE, 24)
    _share(rng, phone[:honest], AGENT_SHARE, 8)
    _share(rng, director[:honest], GROUP_SHARE, 3)
    size = rng.permutation(zipf_weights(honest, exponent=0.9, shift=6))
    pace = size * (plan.rows - rings.expected_rows) / float((size * (death - np.maximum(birth, 0))).sum())
    rings.share(address[honest:], phone[honest:], director[honest:])
    return Importers(
        code=numbered(rng, "P", count, 9),
        name=np.array([person.name for person in people], dtype=object),
        address=address,
        phone=phone,
        director=director,
        office=rng.choice(len(OFFICES), size=count, p=_OFFICE_SHARES),
        birth=np.concatenate([birth, rings.birth]),
        death=np.concatenate([death, rings.death]),
        pace=np.concatenate([pace, rings.pace]),
        ring=np.concatenate([np.full(honest, NO_RING), rings.ring]),
    )


def _lives(rng: np.random.Generator, count: int, days: int) -> tuple[Ints, Ints]:
    old = rng.random(count) < 0.5
    birth = np.where(old, -rng.integers(1, 3000, count), rng.integers(0, max(1, days - 7), count))
    leaves = rng.random(count) < 0.28
    first = np.maximum(birth, 0)
    death = np.where(leaves, first + 1 + rng.integers(0, np.maximum(days - first, 1)), days)
    return birth.astype(np.int64), np.minimum(death, days).astype(np.int64)


def _share(rng: np.random.Generator, texts: Texts, share: float, most: int) -> None:
    """Give some places the text of another, in groups of 2 to ``most``; in place."""
    some = rng.permutation(len(texts))[: round(len(texts) * share)]
    start = 0
    while start < len(some):
        group = some[start : start + int(rng.integers(2, most + 1))]
        texts[group] = texts[group[0]]
        start += len(group)


def _exporters(rng: np.random.Generator, plan: Plan) -> Exporters:
    count = max(240, min(90_000, plan.rows // ROWS_PER_EXPORTER))
    shares = np.array([_EXPORT_SHARES.get(land, 2) for land in lands()], dtype=np.float64)
    land = np.concatenate(
        [np.arange(len(lands())), rng.choice(len(lands()), count - len(lands()), p=shares / shares.sum())]
    )
    names = [
        trader(lands()[place], draws).name
        for place, draws in zip(land.tolist(), uniforms(rng, count, DRAWS), strict=True)
    ]
    renamed = rng.choice(count, round(count * RENAMED_SHARE), replace=False)
    heir = np.full(count, -1)
    heir[renamed] = count + np.arange(len(renamed))
    heirs = [
        another_name(names[place], draws)
        for place, draws in zip(renamed.tolist(), uniforms(rng, len(renamed), 4), strict=True)
    ]
    whole = count + len(renamed)
    day = np.full(whole, plan.days)
    day[renamed] = rng.integers(0, plan.days, len(renamed))
    weight = np.concatenate([rng.permutation(zipf_weights(count, exponent=0.8, shift=8)), np.zeros(len(renamed))])
    return Exporters(
        code=numbered(rng, "X", whole, 8),
        name=np.array([*names, *heirs], dtype=object),
        land=np.concatenate([land, land[renamed]]),
        weight=weight,
        renamed_on=day,
        heir=np.concatenate([heir, np.full(len(renamed), -1)]),
    )


def another_name(name: str, draws: list[float]) -> str:
    """The name that a firm takes after it: another legal form or spelling. Takes four uniforms."""
    return shortened(respelled(name, draws[:3]), draws[3:])


def _served(rng: np.random.Generator) -> Flags:
    """Each carrier has one or two of the liner services, so each land has several carriers."""
    serves = np.zeros((_CARRIERS, len(lands())), dtype=np.bool_)
    for carrier in range(_CARRIERS):
        taken = {carrier % len(services()), int(rng.integers(len(services())))}
        for place in taken:
            serves[carrier] |= np.isin(lands(), services()[place].origins)
    serves[:, ~serves.any(axis=0)] = True
    return serves
