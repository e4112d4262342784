"""Honest importers whose names are near a listed one: each shares a part of it, as happens in life."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from pratique_world.draw import pick
from pratique_world.listed import Listed
from pratique_world.stock import stock
from pratique_world.tables import Culture, countries

_ROUND: Final = ("word", "person", "word", "form", "person", "word")
"""What is shared, in turn: the distinctive word of a firm, a common person's name, all but the legal form."""


def namesakes(listed: Sequence[Listed], rng: np.random.Generator) -> Iterator[str]:
    """Names of importers, endless, of which one in six differs from a listed firm's in the legal form alone."""
    firms = [entry for entry in listed if entry.kind == "organisation" and distinctive(entry)]
    people = [entry for entry in listed if entry.kind == "person" and _is_common(entry)]
    while True:
        for shared in _ROUND:
            draws = rng.random(4).tolist()
            if shared == "person":
                yield _other_person(pick(people, draws[0]), draws[1:])
            elif shared == "form":
                yield _other_form(pick(firms, draws[0]), draws[1:])
            else:
                yield _other_firm(pick(firms, draws[0]), draws[1:])


def distinctive(entry: Listed) -> str:
    """The longest word of a firm's name that is not one of trade, legal form, place or everyday use; may be empty."""
    country = countries()[entry.country]
    culture = country.culture
    plain = {word for text in _plain(culture) for word in text.upper().split()}
    plain |= {word for city in country.cities for word in city.split()}
    return max((word for word in entry.name.split() if word not in plain and len(word) > 3), key=len, default="")


def _plain(culture: Culture) -> Sequence[str]:
    return (*culture.trade, *culture.suffix, *culture.words, "AND", "SONS")


def _is_common(entry: Listed) -> bool:
    """Says whether many people bear the surname and the given name."""
    culture = countries()[entry.country].culture
    common = {name.upper() for name in (*culture.surnames, *culture.given)}
    words = entry.name.split()
    return len(words) > 1 and words[0] in common and words[-1] in common


def _other_person(entry: Listed, draws: Sequence[float]) -> str:
    """First and last name of the listed person with another one between them, or none."""
    first, *_, last = entry.name.split()
    middle = pick(stock(countries()[entry.country].culture.name, "trade").given[:30], draws[0]).upper()
    return f"{first} {last}" if draws[1] < 0.4 else f"{first} {middle} {last}"


def _other_firm(entry: Listed, draws: Sequence[float]) -> str:
    """The distinctive word in a local firm of a trade of its own."""
    local = countries()["KE"].culture
    trade = pick([trade for trade in local.trade if trade not in entry.name], draws[0])
    return f"{distinctive(entry)} {trade} {pick(('LTD', 'LIMITED', 'COMPANY LIMITED'), draws[1])}"


def _other_form(entry: Listed, draws: Sequence[float]) -> str:
    """The whole name with another legal form."""
    culture = countries()[entry.country].culture
    form = max((suffix for suffix in culture.suffix if entry.name.endswith(f" {suffix}")), key=len, default="")
    others = [suffix for suffix in culture.suffix if suffix != form]
    return f"{entry.name.removesuffix(form).strip()} {pick(others, draws[0])}".strip()
