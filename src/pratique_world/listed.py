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
from pratique_world.tables import countries, words

_PROGRAMMES: Final = ("NARCOTICS", "PROLIFERATION", "ARMS EMBARGO", "WILDLIFE CRIME", "SMUGGLING", "TERROR FINANCE")
_REMARKS: Final = ("Invented entry of the sample list.", "Invented. See also aliases.", "")
_LISTED_TRADERS_PER_MILLE: Final = 2


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


def listed_names(rng: np.random.Generator, count: int, *, economy: Economy | None = None) -> list[Listed]:
    """Persons and organisations (three to two); with an economy, two in a thousand are its traders, respelled."""
    draws = uniforms(rng, count, DRAWS + 8)
    lands = rng.choice(sorted(countries()), size=count).tolist()
    entries = [_invented(place, land, row) for place, (land, row) in enumerate(zip(lands, draws, strict=True))]
    if economy is not None:
        for place in rng.choice(count, size=count * _LISTED_TRADERS_PER_MILLE // 1000, replace=False).tolist():
            trader = pick(economy.relations, draws[place][0]).importer
            name = disguised(trader.name, draws[place][DRAWS:])
            entries[place] = replace(
                entries[place], name=name, country=trader.country, kind="organisation", birth_date=""
            )
    return entries


def _invented(place: int, land: str, draws: Sequence[float]) -> Listed:
    culture, cities = countries()[land].culture, countries()[land].cities
    is_person = draws[8] < 0.6
    name = person(culture, draws) if is_person else company(culture, cities, draws)
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


def listed_ships_and_boxes(rng: np.random.Generator, *, ships: int, boxes: int) -> list[Listed]:
    """Vessels with their IMO numbers, and containers that were stolen or used for smuggling before."""
    first, second = words("ships")
    entries = []
    for place, draws in enumerate(uniforms(rng, ships, 4)):
        entries.append(
            Listed(
                entry_id=f"SV-{place + 1:03d}",
                name=f"{pick(first, draws[0])} {pick(second, draws[1])} {whole(2, 9, draws[3])}",
                kind="vessel",
                identifiers=(f"imo:{imo_number(900_000 + int(draws[2] * 99_000))}",),
                programme="SMUGGLING",
                remarks="Invented ship.",
            )
        )
    for place, number in enumerate(container_numbers(rng, boxes)):
        entries.append(Listed(entry_id=f"SC-{place + 1:03d}", name=number, kind="equipment", programme="SMUGGLING"))
    return entries
