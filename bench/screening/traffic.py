"""Ordinary traffic: names of persons and firms of many regions that no list holds, as frequent as such names are.

Regions are drawn by their share of trade, words by Zipf's law over the bench's own tables, so that the frequent ones
come often. Family names that are not among the frequent ones (most of them, in most of the world) are made of the
halves of two that are. One name in eight has gone through an accident of :mod:`~bench.screening.noise`, as in real
declarations.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from bench.screening import noise
from bench.screening.lists import words_of

_ACCIDENTS = (noise.one_typo, noise.ocr, noise.joined_tokens, noise.cut_at_35, noise.initials, noise.address_bleed)
_SYLLABLES = "BA RO KI NO TEX LA MI SU VE DA GRO TRA NE XI SO LU PRO MA CE FI TO RE ZA PHA VI"
PERSONS = 0.2
"""Share of persons; most parties of a consignment are firms."""


def ordinary_traffic(count: int, *, seed: int, listed: Iterable[str]) -> pl.DataFrame:
    """``count`` distinct names, columns ``id, name, kind``; none has the words of a name in ``listed``."""
    drawn = random.Random(seed)
    taken = {frozenset(words_of(name)) for name in listed}
    regions: Sequence[Mapping[str, Any]] = list(noise.words("regions.yaml").values())
    shares = [region["share"] for region in regions]
    names: dict[str, str] = {}
    while len(names) < count:
        region = drawn.choices(regions, shares)[0]
        name, kind = _person(region, drawn) if drawn.random() < PERSONS else _firm(region, drawn)
        if drawn.random() < 0.125:
            name = drawn.choice(_ACCIDENTS)(name, drawn) or name
        if frozenset(words_of(name)) not in taken:
            names.setdefault(name, kind)
    ids = [f"o{number}" for number in range(count)]
    return pl.DataFrame({"id": ids, "name": list(names), "kind": list(names.values())})


def zipf(text: str, drawn: random.Random) -> str:
    """A word of ``text`` (the most frequent first); the rank decides how often. Hyphens stand for blanks in places."""
    words = text.split()
    return drawn.choices(words, [1 / (rank + 3) for rank in range(len(words))])[0]


def _person(region: Mapping[str, Any], drawn: random.Random) -> tuple[str, str]:
    count = drawn.choice(region.get("given_names", (1, 1, 2)))
    given = list(dict.fromkeys(_given(region, drawn) for _ in range(count)))
    given = ["".join(given)] if region.get("joined") else given
    family = [_family(region, drawn) for _ in range(2 if region.get("double") and drawn.random() < 0.6 else 1)]
    parts = [*family, *given] if region["order"] == "family" and drawn.random() < 0.8 else [*given, *family]
    if drawn.random() < 0.05:
        parts.insert(0, drawn.choice(("MR", "MRS", "MR.", "MS", "DR")))
    return _cased(" ".join(parts), drawn), "person"


def _family(region: Mapping[str, Any], drawn: random.Random) -> str:
    """A family name of the region: one of the frequent ones as often as people bear one, else one like them."""
    frequent = zipf(region["family"], drawn)
    name = frequent if drawn.random() < region["common"] else _like(region["family"], drawn)
    return name.replace("-", " " if drawn.random() < 0.5 else "-")


def _given(region: Mapping[str, Any], drawn: random.Random) -> str:
    """A given name of the region; given names repeat more than family names do."""
    return zipf(region["given"], drawn) if drawn.random() < 0.7 else _like(region["given"], drawn)


def _like(text: str, drawn: random.Random) -> str:
    """A word of the beginning of one word of ``text`` and the end of another."""
    first, second = drawn.choices(text.split(), k=2)
    return first[: (len(first) + 1) // 2] + second[len(second) // 2 :]


def _firm(region: Mapping[str, Any], drawn: random.Random) -> tuple[str, str]:
    tables = noise.words("trades.yaml")
    coined = "".join(drawn.sample(_SYLLABLES.split(), drawn.choice((2, 2, 3))))
    place = zipf(region["places"], drawn).replace("-", " ").strip(",")
    qualifier = zipf(tables["qualifiers"], drawn)
    family = _family(region, drawn)
    head: list[str] = drawn.choice(
        (
            [family],
            [family, _given(region, drawn)],
            [family, coined],
            [coined],
            [coined],
            [place, coined],
            [place, qualifier],
            [qualifier, coined],
            [qualifier, family],
        )
    )
    trades = list(
        dict.fromkeys(zipf(tables["trades"], drawn).replace("-", " ") for _ in range(drawn.choice((1, 2, 2))))
    )
    short = tables["short"]
    if drawn.random() < 0.2:
        trades = [drawn.choice(short[word].split()) if word in short else word for word in trades]
    form = drawn.choice(region["forms"]) if drawn.random() < 0.9 else ""
    return _cased(" ".join(filter(None, [*head, *trades, form])), drawn), "organisation"


def _cased(name: str, drawn: random.Random) -> str:
    return name if drawn.random() < 0.8 else name.title()
