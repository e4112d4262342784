"""Descriptions of goods as vectors: beginnings, endings and middles of their words, words, and pairs of them.

Terms are kept as numbers, so that a learned file holds nobody's sentences. A term weighs more the rarer it is; letters
and words weigh the same in all. Two descriptions are as near as their vectors' product: 1 the same, 0 nothing shared.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

Floats = npt.NDArray[np.float64]
Terms = npt.NDArray[np.uint32]
LETTERS: Final = (3, 5)  # of the pieces of a word
NEAR: Final = 3  # words apart, up to which two of them are a pair
_LONGEST: Final = 400  # characters of a description that are read
_NO_LETTERS: Final = r"[\W\d_]+"
_APART: Final = re.compile(r"[\W_]+|(?<=\d)(?=\D)|(?<=\D)(?=\d)")
OF_WORDS: Final = np.uint32(1 << 31)  # the bit that tells terms of words from pieces


@dataclass(frozen=True)
class Bags:
    """The terms of each text: the text's place, the term and how often, one entry each."""

    texts: int
    row: npt.NDArray[np.int64]
    term: Terms
    times: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Vocabulary:
    """The terms that were met, in order, and how rare each is."""

    terms: Terms
    rarity: Floats

    @classmethod
    def of(cls, bags: Bags) -> Vocabulary:
        """What the texts say, each term by the share of texts that have it."""
        terms, texts = np.unique(bags.term, return_counts=True)
        return cls(terms, np.log((1 + bags.texts) / (1 + texts)) + 1.0)

    def vectors(self, bags: Bags) -> Any:
        """Texts × terms, sparse; a text none of whose terms is known is nought throughout."""
        place = np.minimum(np.searchsorted(self.terms, bags.term), max(len(self.terms) - 1, 0))
        known = self.terms[place] == bags.term if len(self.terms) else np.zeros(len(place), dtype=np.bool_)
        row, term, place = bags.row[known], bags.term[known], place[known]
        value = (1.0 + np.log(bags.times[known])) * self.rarity[place]
        half = row * 2 + (term >= OF_WORDS)
        length = np.sqrt(2.0 * np.bincount(half, weights=value**2, minlength=2 * bags.texts))
        return sparse.csr_array((value / length[half], (row, place)), shape=(bags.texts, len(self.terms)))

    def covered(self, bags: Bags) -> Floats:
        """Which part of the length of each text is in known terms, 0 to 1; an unknown one counts as the rarest."""
        place = np.minimum(np.searchsorted(self.terms, bags.term), max(len(self.terms) - 1, 0))
        known = self.terms[place] == bags.term
        value = (1.0 + np.log(bags.times)) * np.where(known, self.rarity[place], self.rarity.max())
        whole = np.bincount(bags.row, weights=value**2, minlength=bags.texts)
        there = np.bincount(bags.row, weights=value**2 * known, minlength=bags.texts)
        return np.sqrt(there / np.maximum(whole, 1e-9))


def terms_of(text: str) -> Iterator[int]:
    """The terms of a description: pieces of its words, its words, and pairs of them."""
    words = words_of(text)
    yield from (zlib.crc32(piece.encode()) & 0x7FFFFFFF for piece in _pieces(words))
    yield from _terms_of_words(words)


def word_terms_of(text: str) -> Iterator[int]:
    """Those of them that are words and pairs of words, which is a tenth of the work."""
    yield from _terms_of_words(words_of(text))


def runs_of(text: str) -> Iterator[int]:
    """The terms of a text as it was written: every run of characters, numbers and marks with them, and no words."""
    written = f" {text[:_LONGEST].lower()} "
    for length in range(1, LETTERS[1] + 1):
        yield from (
            zlib.crc32(written[at : at + length].encode()) & 0x7FFFFFFF for at in range(len(written) - length + 1)
        )


def bags_of(texts: Sequence[str], *, read: Callable[[str], Iterator[int]] = terms_of) -> Bags:
    """The terms of texts, as they are read."""
    rows: list[int] = []
    terms: list[int] = []
    times: list[int] = []
    for place, text in enumerate(texts):
        counted = Counter(read(text))
        rows += [place] * len(counted)
        terms += counted.keys()
        times += counted.values()
    return Bags(
        len(texts),
        np.array(rows, dtype=np.int64),
        np.array(terms, dtype=np.uint32),
        np.array(times, dtype=np.int64),
    )


def letters_alone(text: pl.Expr) -> pl.Expr:
    """Descriptions without what :func:`words_of` leaves out: many lines of one kind of goods become the same text."""
    return text.str.slice(0, _LONGEST).str.to_lowercase().str.replace_all(_NO_LETTERS, " ").str.strip_chars()


def words_of(text: str) -> list[str]:
    """The words of a description in small letters and the singular, without numbers."""
    return [_singular(word) for word in _APART.split(text[:_LONGEST].lower()) if word and not word.isdigit()]


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("es") and len(word) > 4 and word[-3] in "sxzh":
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _terms_of_words(words: Sequence[str]) -> Iterator[int]:
    yield from (zlib.crc32(term.encode()) | int(OF_WORDS) for term in _phrases(words))


def _pieces(words: Sequence[str]) -> Iterator[str]:
    least, most = LETTERS
    for word in (f" {each} " for each in words):
        if len(word) <= least:
            yield word
        for length in range(least, min(most, len(word) - 1) + 1):
            yield from (word[start : start + length] for start in range(len(word) - length + 1))


def _phrases(words: Sequence[str]) -> Iterator[str]:
    """Words, neighbours in their order, words near one another in any, and the last word, which mostly is the thing."""
    yield from words
    yield from (f"{one} {other}" for one, other in pairwise(words))
    for place, word in enumerate(words):
        yield from (" & ".join(sorted((word, other))) for other in words[place + 2 : place + NEAR + 1])
    if words:
        yield f"{words[-1]} ."
