"""Ordinary traffic: names of persons and firms of many regions that no list holds, as frequent as such names are.

Regions are drawn by their share of trade, words by Zipf's law over the bench's own tables, so that the frequent ones
come often. One name in eight has gone through an accident of :mod:`~bench.screening.noise`, as in real declarations.
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


def ordinary_traffic(count: int, *, seed: int, listed: Iterable[str]) -> pl.DataFrame:
    """``count`` distinct names, columns ``id, name, kind``; none has the words of a name in ``listed``."""
    drawn = random.Random(seed)
    taken = {frozenset(words_of(name)) for name in listed}
    regions: Sequence[Mapping[str, Any]] = list(noise.words("regions.yaml").values())
    shares = [region["share"] for region in regions]
    names: dict[str, str] = {}
    while len(names) < count:
        region = drawn.choices(regions, shares)[0]
        name, kind = _person(region, drawn) if drawn.random() < 0.45 else _firm(region, drawn)
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
    given = [zipf(region["given"], drawn) for _ in range(drawn.choice((1, 1, 2)))]
    family = [zipf(region["family"], drawn).replace("-", " " if drawn.random() < 0.5 else "-")]
    if region.get("double") and drawn.random() < 0.6:
        family.append(zipf(region["family"], drawn))
    if region["order"] == "family" and drawn.random() < 0.8:
        parts = [*family, *dict.fromkeys(given)]
    else:
        parts = [*dict.fromkeys(given), *family]
    if drawn.random() < 0.05:
        parts.insert(0, drawn.choice(("MR", "MRS", "MR.", "MS", "DR")))
    return _cased(" ".join(parts), drawn), "person"


def _firm(region: Mapping[str, Any], drawn: random.Random) -> tuple[str, str]:
    tables = noise.words("trades.yaml")
    coined = "".join(drawn.sample(_SYLLABLES.split(), drawn.choice((2, 2, 3))))
    place = zipf(region["places"], drawn).replace("-", " ").strip(",")
    head: list[str] = drawn.choice(
        (
            [zipf(region["family"], drawn)],
            [zipf(region["family"], drawn), zipf(region["given"], drawn)],
            [coined],
            [place, coined],
            [place, zipf(tables["qualifiers"], drawn)],
            [zipf(tables["qualifiers"], drawn)],
            [zipf(tables["qualifiers"], drawn), coined],
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
