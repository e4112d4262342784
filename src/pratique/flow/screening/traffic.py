"""How common a word is among the node's own parties: a table of counts in which no person stands, and what it says.

In: the distinct names that a node knows. Out: for each word that many of them hold how many do, and from that the most
that the word can prove when somebody declares it. What is declared under many names proves little, however rare it is
on a list or in the world. Parties that are known under several spellings, or with other words of business, count once.
What the table says is what the count is at least, two standard deviations down, so that chance makes no word common.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from math import isqrt
from typing import Final

import polars as pl

from pratique.flow.screening.normalise import normalise
from pratique.flow.screening.rarity import SHORTEST_HEARD
from pratique.flow.screening.scripts import is_without_vowels
from pratique.flow.screening.sounds import sound
from pratique.flow.screening.weights import MOST_INFORMATION, information_at
from pratique.flow.screening.words import generic_words

COUNT: Final = {"word": pl.String, "parties": pl.Int64}
"""One row per word, in order: how many distinct parties hold it."""

FEWEST_PARTIES: Final = 2000
"""Distinct parties below which a table says nothing."""

FEWEST_HOLDING: Final = 5
"""Distinct parties below which a word is left out, so that the table tells of no person."""


LEAST_BY_TRAFFIC: Final = 6
"""What a word proves however common it is here: two such words that agree in full make 750 of 1000, so that nobody
hides a listed name by declaring its words under many others."""

_REMEMBERED: Final = 1 << 18


class Traffic:
    """A table in force: ``counts`` (schema ``COUNT``) of ``parties`` distinct parties, which hold ``words`` words."""

    def __init__(self, counts: pl.DataFrame, *, parties: int, words: int) -> None:
        self.counts = counts
        self.parties = parties
        self.words = words
        self._of_word: Mapping[str, int] = dict(counts.select("word", "parties").iter_rows())
        self._of_sound: Counter[str] = Counter()
        for word, count in self._of_word.items():
            if not is_without_vowels(word):
                self._of_sound[sound(word)] += count
        self._known: dict[str, int] = {}

    def information(self, word: str) -> int:
        """The most that the word proves when it is declared; ``MOST_INFORMATION`` where the table does not know it."""
        found = self._known.get(word)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[word] = self._told(word)
        return found

    def _told(self, word: str) -> int:
        count = self._of_word.get(word, 0)
        if len(word) >= SHORTEST_HEARD and not is_without_vowels(word):
            count = max(count, self._of_sound[sound(word)])
        if self.parties < FEWEST_PARTIES or count < FEWEST_HOLDING:
            return MOST_INFORMATION
        return max(LEAST_BY_TRAFFIC, information_at(1_000_000 * at_least(count) // max(1, self.words)))


def at_least(count: int) -> int:
    """What a count is at least: two standard deviations of a rare event less."""
    return max(0, count - isqrt(4 * count))


def counted(names: Iterable[str]) -> tuple[pl.DataFrame, int, int]:
    """The table (schema ``COUNT``) of distinct names, how many parties they are and how many words these hold.

    Names are one party where they hold the same words in any order and spelling of the same sound, words of business
    left out.
    """
    taken: set[bytes] = set()  # of a million parties the digests, not the words
    counts: Counter[str] = Counter()
    words = 0
    for name in names:
        own = set(normalise(name, "party").tokens)
        telling = sorted({sound(word) if word.isupper() else word for word in own - generic_words()})
        party = blake2b(" ".join(telling).encode(), digest_size=8).digest()
        if telling and party not in taken:
            taken.add(party)
            counts.update(own)
            words += len(own)
    kept = sorted((word, count) for word, count in counts.items() if count >= FEWEST_HOLDING)
    return pl.DataFrame(kept, schema=COUNT, orient="row"), len(taken), words
