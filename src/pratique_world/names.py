"""Invented names and addresses, built of the parts in ``tables/names.yaml``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pratique_world.draw import pick
from pratique_world.model import Trader
from pratique_world.numbers import tax_id
from pratique_world.tables import Culture, countries

DRAWS: Final = 14  # uniforms that one trader needs


def person(culture: Culture, draws: Sequence[float]) -> str:
    """A person: given name, sometimes a second one, family name. Five uniforms."""
    given = pick(culture.given, draws[0])
    if draws[1] < 0.25:
        given = f"{given} {pick(culture.given, draws[1] * 4)}"
    return f"{given} {family(culture, draws[2], draws[3])}".upper()


def family(culture: Culture, first: float, last: float) -> str:
    """A family name of two syllables."""
    return f"{pick(culture.family[0], first)}{pick(culture.family[1], last)}"


def company(culture: Culture, cities: Sequence[str], draws: Sequence[float]) -> str:
    """A company: a coined word, a family, two families, or a city and a coined word. Takes eight uniforms."""
    trade, suffix = pick(culture.trade, draws[4]), pick(culture.suffix, draws[5])
    if suffix.startswith(trade):
        trade = ""
    coined = f"{pick(culture.coin[0], draws[0])}{pick(culture.coin[1], draws[1])}"
    manner = draws[6]
    if manner < 0.45:
        parts = [coined, trade, suffix]
    elif manner < 0.7:
        parts = [family(culture, draws[2], draws[3]), trade, suffix]
    elif manner < 0.8:
        parts = [family(culture, draws[2], draws[3]), "AND", family(culture, draws[7], draws[0]), trade, suffix]
    else:
        parts = [pick(cities, draws[7]), coined, trade, suffix]
    return " ".join(part for part in parts if part).upper()


def trader(country: str, draws: Sequence[float]) -> Trader:
    """A company of a country (one in twenty is a person), with address and telephone. Takes ``DRAWS`` uniforms."""
    place = countries()[country]
    is_person = draws[8] < 0.05
    name = person(place.culture, draws) if is_person else company(place.culture, place.cities, draws)
    number = int(draws[9] * 900) + 1
    return Trader(
        name=name,
        street=f"{number} {pick(place.culture.street, draws[10])}",
        city=pick(place.cities, draws[11]),
        postcode=f"{int(draws[12] * 90000) + 10000}",
        country=country,
        tax_id=tax_id(country, draws[13]),
        phone=f"{place.phone}{int(draws[12] * 899_999_999) + 100_000_000}",
    )
