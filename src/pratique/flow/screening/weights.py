"""What a word of a name is worth, in two respects: how much of the name it is, and how much it proves.

``weight`` says how much of a name a word is: a rare word little more than a common one, a small or generic word much
less. ``information`` says how much it proves that two names share the word: nothing where everybody has it, much where
hardly anybody does. Both are integers. How rare a word is say two sources, and the one in which it is more common
counts: the names of the world (:mod:`~pratique.flow.screening.rarity`) and the list itself. Lists shorter than
``SMALLEST`` names are weighed as if they had that many, because in a short list every word looks rare. What a declared
word proves may be less still, where a third source says so (:mod:`~pratique.flow.screening.traffic`).
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import Final, NamedTuple

from pratique.flow.screening.rarity import per_million
from pratique.flow.screening.words import (
    generic_words,
    ordinary_words,
    particles,
    titles,
    words_of_activities,
    words_of_goods,
    words_of_places,
)

SMALLEST: Final = 1000
RAREST: Final = 40
INITIAL_WEIGHT: Final = 8
PARTICLE_WEIGHT: Final = 7
TITLE_WEIGHT: Final = 15
GENERIC_WEIGHT: Final = 24
NUMBER_WEIGHT: Final = 20
LEAST_WEIGHT: Final = 3
MOST_INFORMATION: Final = 28
GENERIC_INFORMATION: Final = 5
ORDINARY_WEIGHT: Final = 32
ORDINARY_INFORMATION: Final = 7
LEAST_INFORMATION: Final = 3
_RARE_PER_MILLION: Final = 7
_COMMON_PER_MILLION: Final = 3000
_FLATNESS: Final = 0.2
_STEEPNESS: Final = 36
"""How fast words prove more the rarer they are; beyond ``MOST_INFORMATION`` rarer ones prove no more."""

_CACHED: Final = 1 << 18


class Worth(NamedTuple):
    """How much of a name a word is, and how much it proves."""

    weight: int
    information: int


def plain_worth(word: str) -> Worth:
    """The worth of a word when no list is at hand."""
    return listed_worth(word, names=SMALLEST, holding=1)


def listed_worth(word: str, *, names: int, holding: int) -> Worth:
    """The worth of a word that ``holding`` of the list's ``names`` distinct names hold; 0 counts as 1."""
    size = max(names, SMALLEST)
    on_list = math.log2(1 + size / max(holding, 1)) / math.log2(1 + size)
    ceiling = _ceiling(word)
    return Worth(
        max(LEAST_WEIGHT, min(ceiling.weight, round(RAREST * on_list**_FLATNESS))),
        max(LEAST_INFORMATION, min(ceiling.information, round(_STEEPNESS * (2 * on_list - 1)))),
    )


def most_information(word: str) -> int:
    """The most that the word proves by its form, its meaning and how common it is in the world."""
    return _ceiling(word).information


def information_at(per_million: int) -> int:
    """How much a word proves that so many of a million words of names are."""
    return max(LEAST_INFORMATION, _information(_rareness(per_million)))


def _rareness(per_million: int) -> float:
    """From 0 for what everybody bears to 1 for what hardly anybody does."""
    count = min(max(per_million, _RARE_PER_MILLION), _COMMON_PER_MILLION)
    return math.log2(_COMMON_PER_MILLION / count) / math.log2(_COMMON_PER_MILLION / _RARE_PER_MILLION)


def _information(rareness: float) -> int:
    return min(MOST_INFORMATION, round(_STEEPNESS * rareness))


@cache
def _said_often() -> frozenset[str]:
    """Words of the names of many companies or ships: what they call themselves, and what they trade in."""
    said = (ordinary_words("company"), ordinary_words("ship"), words_of_goods(), words_of_activities())
    return frozenset().union(*said)


@lru_cache(_CACHED)
def _ceiling(word: str) -> Worth:
    """The most that a word can be worth by its form, its meaning and how common it is in the world."""
    if len(word) == 1 and word.isalpha():
        return Worth(INITIAL_WEIGHT, LEAST_INFORMATION)
    if word in particles():
        return Worth(PARTICLE_WEIGHT, LEAST_INFORMATION)
    if word in titles("person"):
        return Worth(TITLE_WEIGHT, LEAST_INFORMATION)
    in_world = _rareness(per_million(word))
    information = _information(in_world)
    if word.isdigit():
        return Worth(NUMBER_WEIGHT, GENERIC_INFORMATION)
    weight = round(RAREST * (0.25 + 0.75 * in_world) ** _FLATNESS)
    if word in generic_words():
        return Worth(min(GENERIC_WEIGHT, weight), GENERIC_INFORMATION)
    if word in _said_often() or word in words_of_places():
        return Worth(min(ORDINARY_WEIGHT, weight), min(ORDINARY_INFORMATION, information))
    return Worth(weight // 2, information // 2) if len(word) <= 2 else Worth(weight, information)
