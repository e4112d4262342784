"""Invented names and addresses, put together from a stock of words after the patterns of a culture."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from string import ascii_uppercase
from typing import Final

from pratique_world.draw import pick, ranked
from pratique_world.model import Trader
from pratique_world.numbers import tax_id
from pratique_world.stock import Stock, stock
from pratique_world.tables import countries

DRAWS: Final = 14  # uniforms that one trader needs
_FEW_BEAR: Final = 12  # how flat the ranks of personal names begin: a common surname is borne by one in fifty
_OVER_THE_DOOR: Final = 60  # of surnames that firms carry: those who bear a common one more often coin a word
_COINED: Final = 120  # of coined words: hardly any stands out


def person(names: Stock, draws: Sequence[float]) -> str:
    """A person, as ``GIVEN FAMILY`` or in the order and length of the culture. Takes up to five uniforms."""
    pattern = pick(names.culture.person, draws[0])
    return " ".join(_name(letter, names, uniform) for letter, uniform in zip(pattern, draws[1:], strict=False)).upper()


def _name(letter: str, names: Stock, uniform: float) -> str:
    if letter == "f":
        return ranked(names.surnames, uniform, shift=_FEW_BEAR)
    return ranked(names.given, uniform, shift=_FEW_BEAR)


def company(names: Stock, cities: Sequence[str], draws: Sequence[float]) -> str:
    """A company: coined or everyday words, a family or a city, then the trade and the legal form. Eight uniforms."""
    pattern = pick(names.culture.company, draws[0])
    parts = (_part(letter, names, cities, uniform) for letter, uniform in zip(pattern, draws[1:], strict=False))
    words = " ".join(part for part in parts if part).upper().split(" ")
    return " ".join(word for word, _ in groupby(words))


def _part(letter: str, names: Stock, cities: Sequence[str], uniform: float) -> str:
    culture = names.culture
    match letter:
        case "c":
            return ranked(names.coins, uniform, shift=_COINED)
        case "f":
            return ranked(names.surnames, uniform, shift=_OVER_THE_DOOR)
        case "w":
            return pick(culture.words, uniform)
        case "k":
            return pick(cities, uniform)
        case "i":
            return initials(uniform)
        case "t":
            return pick(culture.trade, uniform)
        case "s":
            return pick(culture.suffix, uniform)
        case "o":
            return "SONS"
        case _:
            return "AND"


def initials(uniform: float) -> str:
    """Three letters that stand for longer words."""
    number = int(uniform * 26**3)
    return "".join(ascii_uppercase[number // 26**place % 26] for place in (2, 1, 0))


def trader(country: str, draws: Sequence[float]) -> Trader:
    """A company of a country (one in twenty is a person), with address and telephone. Takes ``DRAWS`` uniforms."""
    place = countries()[country]
    names = stock(place.culture.name, "trade")
    is_person = draws[8] < 0.05
    number = int(draws[9] * 900) + 1
    return Trader(
        name=person(names, draws) if is_person else company(names, place.cities, draws),
        street=f"{number} {pick(place.culture.street, draws[10])}",
        city=pick(place.cities, draws[11]),
        postcode=f"{int(draws[12] * 90000) + 10000}",
        country=country,
        tax_id=tax_id(country, draws[13]),
        phone=f"{place.phone}{int(draws[12] * 899_999_999) + 100_000_000}",
        is_person=is_person,
    )
