"""The words of a list, and which of them a declared word may stand for.

Neighbours within the edits that :func:`~pratique.flow.screening.match.edits_allowed` grants are found exactly: two
words that are one (two) edits apart give the same remainder when one (two) letters are left out of each, so every
remainder of every listed word is kept, sorted, and the remainders of a declared word are looked up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from pratique.flow.screening.hashing import (
    Hashes,
    Ints,
    Words,
    as_words,
    first_letters,
    hashes_of,
    hashes_with_letters_left_out,
    lengths_of,
    sorted_once,
)
from pratique.flow.screening.match import CUT_OFF, EDIT_COST, SURE_OF_BEGINNING

_SHORTEST: Final = 3
_TWO_EDITS_FROM: Final = 8


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Distinct listed words in the order of their numbers, the same words in alphabetical order, and all remainders."""

    words: Words
    hashes: Hashes
    alphabetical: npt.NDArray[np.int32]
    remainders: Hashes
    remainder_words: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Which listed words (``listed``) a declared word (``declared``) may stand for, in thousandths (``similarity``)."""

    declared: Ints
    listed: Ints
    similarity: Ints


def build_vocabulary(tokens: Sequence[str]) -> Vocabulary:
    """The vocabulary of distinct words."""
    words = as_words(sorted(tokens))
    hashes = hashes_of(words)
    order = np.argsort(hashes, kind="stable")
    words, hashes = words[order], hashes[order]
    remainders, remainder_words = _remainders(words)
    by_remainder = np.argsort(remainders, kind="stable")
    return Vocabulary(
        words,
        hashes,
        np.argsort(words, kind="stable").astype(np.int32),
        remainders[by_remainder],
        remainder_words[by_remainder].astype(np.int32),
    )


def neighbours(vocabulary: Vocabulary, declared: Words) -> Neighbours:
    """The listed words that each of the distinct ``declared`` words equals or is a few edits away from."""
    same = equal_words(vocabulary, declared)
    remainders, of = _remainders(declared)
    found, listed = look_up(vocabulary.remainders, remainders)
    pairs = sorted_once((of[found] << 32) | vocabulary.remainder_words[listed].astype(np.int64))
    left, right = pairs >> 32, pairs & 0xFFFFFFFF
    similarity = _similarities(declared[left], vocabulary.words[right])
    kept = (similarity > 0) & (similarity < 1000)
    return Neighbours(
        np.concatenate([same.declared, left[kept]]),
        np.concatenate([same.listed, right[kept]]),
        np.concatenate([same.similarity, similarity[kept]]),
    )


def equal_words(vocabulary: Vocabulary, declared: Words) -> Neighbours:
    """The listed words that each declared word equals."""
    found, listed = look_up(vocabulary.hashes, hashes_of(declared))
    kept = declared[found] == vocabulary.words[listed]
    found, listed = found[kept], listed[kept]
    return Neighbours(found, listed, np.full(len(found), 1000, dtype=np.int64))


def words_beginning_with(vocabulary: Vocabulary, declared: Words) -> Neighbours:
    """The longer listed words that begin with each declared word."""
    if not len(declared) or not len(vocabulary.words):
        return Neighbours(*(np.empty(0, dtype=np.int64) for _ in range(3)))
    beyond = np.char.add(declared, b"~")  # sorts behind every letter and digit
    first = np.searchsorted(vocabulary.words, declared, side="left", sorter=vocabulary.alphabetical)
    last = np.searchsorted(vocabulary.words, beyond, side="left", sorter=vocabulary.alphabetical)
    of, places = expand(first, last)
    return Neighbours(of, vocabulary.alphabetical[places].astype(np.int64), np.full(len(of), CUT_OFF, dtype=np.int64))


def look_up(table: Hashes, wanted: Hashes) -> tuple[Ints, Ints]:
    """Where in ``wanted`` and where in the sorted ``table`` the same number stands: all pairs of places."""
    order = np.argsort(wanted, kind="stable")
    ordered = wanted[order]
    first = np.searchsorted(table, ordered, side="left")
    last = np.searchsorted(table, ordered, side="right")
    of, places = expand(first, last)
    return order[of].astype(np.int64), places


def expand(first: npt.NDArray[np.intp], last: npt.NDArray[np.intp]) -> tuple[Ints, Ints]:
    """Every place of the ranges ``first`` to ``last`` (not included), with the number of its range."""
    counts = (last - first).astype(np.int64)
    total = int(counts.sum())
    of = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    offsets = np.repeat(np.cumsum(counts) - counts, counts)
    return of, np.arange(total, dtype=np.int64) - offsets + first[of]


def _remainders(words: Words) -> tuple[Hashes, Ints]:
    """The numbers of all remainders of all words, with the place of the word; words with digits have none."""
    lengths = lengths_of(words)
    eligible = np.char.isalpha(words) & (lengths >= _SHORTEST)
    numbers: list[Hashes] = [np.empty(0, dtype=np.uint64)]
    places: list[Ints] = [np.empty(0, dtype=np.int64)]
    for length in np.unique(lengths[eligible]):
        chosen = np.flatnonzero(eligible & (lengths == length))
        for count in range(3 if length >= _TWO_EDITS_FROM else 2):
            rows = hashes_with_letters_left_out(words[chosen], count)
            numbers.append(rows.reshape(-1))
            places.append(np.repeat(chosen.astype(np.int64), rows.shape[1]))
    return np.concatenate(numbers), np.concatenate(places)


def _similarities(left: Words, right: Words) -> Ints:
    """Thousandths for each pair of words, as :func:`~pratique.flow.screening.match.token_similarity` gives them."""
    distances = cpdist(left.tolist(), right.tolist(), scorer=OSA.distance, score_cutoff=2, dtype=np.int64)
    left_lengths, right_lengths = lengths_of(left), lengths_of(right)
    allowed = np.where(np.minimum(left_lengths, right_lengths) >= _TWO_EDITS_FROM, 2, 1)
    short = np.minimum(left_lengths, right_lengths) < SURE_OF_BEGINNING
    allowed = np.where(short & (first_letters(left) != first_letters(right)), 0, allowed)
    longer = np.maximum(left_lengths, right_lengths)
    similarity: Ints = np.where(distances <= allowed, 1000 - EDIT_COST * distances // np.maximum(longer, 1), 0)
    return similarity
