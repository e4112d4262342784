"""The words that names are made of: for each culture a stock of given names, surnames and company words.

What many bear stands first, what is rarer is built of the culture's syllables, and chances fall with the rank: a few
words are everywhere and most are seldom, as on any real list. Trade and watchlists have a book each. Names that many
bear stand in both; built words stand in one only, because few firms share a coined name by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal
from zlib import crc32

import numpy as np

from pratique_world.tables import Culture, Syllables, cultures

Book = Literal["trade", "lists"]

_BUILT: Final = 5000  # built words of a kind in both books together; the first half is the trade's
_FORENAMES: Final = 400
_MIDDLES: Final = (0.22, 0.63, 0.15)  # words with no, one and two middle syllables
_SHORTEST, _LONGEST = 4, 15


@dataclass(frozen=True, slots=True)
class Stock:
    """The words of one culture in one book, the frequent ones first."""

    culture: Culture
    given: tuple[str, ...]
    surnames: tuple[str, ...]
    coins: tuple[str, ...]


@cache
def stock(culture: str, book: Book) -> Stock:
    """The stock of a culture; the same for every seed, which only chooses from it."""
    parts = cultures()[culture]
    forenames, families, coins = _built_words(culture)
    half = slice(0, None, 2) if book == "trade" else slice(1, None, 2)
    return Stock(
        culture=parts,
        given=tuple(dict.fromkeys((*parts.given, *forenames))),
        surnames=tuple(dict.fromkeys((*parts.surnames, *families[half]))),
        coins=tuple(coins[half]),
    )


@cache
def _built_words(culture: str) -> tuple[list[str], list[str], list[str]]:
    """Forenames, family names and company words built of the culture's syllables, for both books."""
    parts = cultures()[culture]
    rng = np.random.default_rng(crc32(culture.encode()))
    forenames = built(rng, (parts.forename[0], (), parts.forename[1]), _FORENAMES)
    return forenames, built(rng, parts.family, _BUILT), built(rng, parts.coin, _BUILT)


def built(rng: np.random.Generator, syllables: Syllables, count: int) -> list[str]:
    """Distinct words of first, middle and last syllables: about so many, fewer where the syllables allow no more."""
    first, middle, last = syllables
    if not first or not last:
        return []
    tries = count + count // 3  # some come twice, some are too short or too long
    middles = rng.choice(len(_MIDDLES), size=tries, p=_MIDDLES).tolist() if middle else [0] * tries
    draws = rng.random((tries, 4)).tolist()
    words = dict.fromkeys(_word(syllables, number, row) for number, row in zip(middles, draws, strict=True))
    return [word for word in words if _SHORTEST <= len(word) <= _LONGEST][:count]


def _word(syllables: Syllables, middles: int, draws: Sequence[float]) -> str:
    first, middle, last = syllables
    between = "".join(middle[int(uniform * len(middle))] for uniform in draws[2 : 2 + middles])
    return f"{first[int(draws[0] * len(first))]}{between}{last[int(draws[1] * len(last))]}"
