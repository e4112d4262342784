"""What a word of a name is worth: the rarer on the list, the more; words that many names share never much.

A weight is an integer from 3 to about 80: four times the binary logarithm of how rare the word is among the list's
names. Lists shorter than ``SMALLEST`` names are weighed as if they had that many, because in a short list every word
looks rare.
"""

from __future__ import annotations

import math
from typing import Final

from pratique.flow.screening.words import generic_words, particles

SMALLEST: Final = 1000
INITIAL_WEIGHT: Final = 6
PARTICLE_WEIGHT: Final = 6
GENERIC_WEIGHT: Final = 14
LEAST_WEIGHT: Final = 3


def plain_weight(token: str) -> int:
    """The weight of a word when no list is at hand."""
    return listed_weight(token, names=SMALLEST, holding=1)


def listed_weight(token: str, *, names: int, holding: int) -> int:
    """The weight of a word that ``holding`` of the list's ``names`` distinct names hold; 0 counts as 1."""
    rarity = round(4 * math.log2(1 + max(names, SMALLEST) / max(holding, 1)))
    return max(LEAST_WEIGHT, min(rarity, ceiling(token, rarity)))


def ceiling(token: str, rarity: int) -> int:
    """The most that a word can be worth by its form and meaning alone, given its ``rarity``."""
    if len(token) == 1 and token.isalpha():
        return INITIAL_WEIGHT
    if token in particles():
        return PARTICLE_WEIGHT
    if token in generic_words():
        return GENERIC_WEIGHT
    return rarity // 2 if len(token) <= 2 else rarity
