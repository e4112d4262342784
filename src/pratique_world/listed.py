"""Who and what is on the sample watchlist, and how a list of any length is invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from pratique_world.draw import pick, uniforms, whole
from pratique_world.economy import Economy
from pratique_world.names import DRAWS, company, person
from pratique_world.numbers import container_numbers, imo_number
from pratique_world.spelling import disguised, reordered, respelled
from pratique_world.stock import built, stock
from pratique_world.tables import countries, listed_shares, words

_PROGRAMMES: Final = ("NARCOTICS", "PROLIFERATION", "ARMS EMBARGO", "WILDLIFE CRIME", "SMUGGLING", "TERROR FINANCE")
_REMARKS: Final = ("Invented entry of the sample list.", "Invented. See also aliases.", "")


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a watchlist."""

    entry_id: str
    name: str
    kind: str  # person, organisation, vessel or equipment
    aliases: tuple[str, ...] = ()
    country: str = ""
    birth_date: str = ""
    identifiers: tuple[str, ...] = ()
    programme: str = ""
    remarks: str = ""


def listed_names(rng: np.random.Generator, count: int) -> list[Listed]:
    """Persons and organisations (three to two) of many countries, those that real lists name most more often."""
    draws = uniforms(rng, count, DRAWS + 8)
    shares = listed_shares()
    weights = np.array(list(shares.values()), dtype=np.float64)
    lands = rng.choice(list(shares), size=count, p=weights / weights.sum()).tolist()
    return [_invented(place, land, row) for place, (land, row) in enumerate(zip(lands, draws, strict=True))]


def with_traders(rng: np.random.Generator, entries: Sequence[Listed], economy: Economy, count: int) -> Sequence[Listed]:
    """The entries with so many of them replaced by importers and exporters (two to one) that trade, respelled."""
    changed = list(entries)
    places = rng.choice(len(changed), size=count, replace=False).tolist()
    for place, draws in zip(places, uniforms(rng, count, 10), strict=True):
        relation = pick(economy.relations, draws[0])
        trader = relation.importer if draws[1] < 2 / 3 else relation.exporter
        changed[place] = replace(
            changed[place],
            name=disguised(trader.name, draws[2:], is_person=trader.is_person),
            kind="person" if trader.is_person else "organisation",
            aliases=(),
            country=trader.country,
            birth_date="",
            identifiers=(),
        )
    return changed


def _invented(place: int, land: str, draws: Sequence[float]) -> Listed:
    country = countries()[land]
    names = stock(country.culture.name, "lists")
    is_person = draws[8] < 0.6
    name = person(names, draws) if is_person else company(names, country.cities, draws)
    aliases = []
    if draws[9] < 0.5:
        aliases.append(respelled(name, draws[10:13]))
    if is_person and draws[9] < 0.2:
        aliases.append(reordered(name))
    year, month, day = whole(1948, 1996, draws[10]), whole(1, 12, draws[11]), whole(1, 28, draws[12])
    birth_date = "" if not is_person or draws[13] < 0.3 else f"{year}-{month:02d}-{day:02d}"
    return Listed(
        entry_id=f"SW-{place + 1:06d}",
        name=name,
        kind="person" if is_person else "organisation",
        aliases=tuple(dict.fromkeys(alias for alias in aliases if alias != name)),
        country=land,
        birth_date=birth_date,
        identifiers=(f"passport:{land}{int(draws[DRAWS] * 9_000_000) + 1_000_000}",)
        if birth_date and draws[13] < 0.6
        else (),
        programme=pick(_PROGRAMMES, draws[DRAWS + 1]),
        remarks=pick(_REMARKS, draws[DRAWS + 2]),
    )


def listed_ships(rng: np.random.Generator, count: int) -> list[Listed]:
    """Vessels with their IMO numbers; older ships than those that arrive."""
    before, *parts = words("hulls")
    first, middle, last = (tuple(part) for part in parts)
    hulls = built(rng, (first, middle, last), max(2 * count, 50))
    return [
        Listed(
            entry_id=f"SV-{place + 1:05d}",
            name=f"{pick(before, draws[0])} {pick(hulls, draws[1])}".strip().upper(),
            kind="vessel",
            identifiers=(f"imo:{imo_number(700_000 + int(draws[2] * 199_000))}",),
            programme="SMUGGLING",
            remarks="Invented ship.",
        )
        for place, draws in enumerate(uniforms(rng, count, 3))
    ]


def listed_boxes(rng: np.random.Generator, count: int) -> list[Listed]:
    """Containers that were stolen or used for smuggling before."""
    return [
        Listed(entry_id=f"SC-{place + 1:03d}", name=number, kind="equipment", programme="SMUGGLING")
        for place, number in enumerate(container_numbers(rng, count))
    ]
