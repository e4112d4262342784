"""The last look at pairs of names before they are aligned: each declared word against each listed word.

Where every word answers to at most one word of the other side, and in no other way than by being alike, the alignment is
all there is to align and the score follows at once. Everywhere else the pair stays when it can still reach the threshold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pratique.flow.screening.batch import Batch, Flags, first_of, ranges, reaches
from pratique.flow.screening.declared import Declared
from pratique.flow.screening.hashing import Ints
from pratique.flow.screening.index import NameIndex
from pratique.flow.screening.weights import INITIAL_WEIGHT


@dataclass(frozen=True, slots=True)
class _Pairs:
    """All pairs of words of some rows, row by row, place by place. ``slot`` numbers the listed words row by row."""

    places: Ints  # of the batch, place by place
    of_place: Ints  # the row of each place
    of_pair: Ints  # the number, among ``places``, of each pair
    similarity: Ints
    weight: Ints  # the smaller one of the pair
    slot: Ints
    slots: Ints  # listed words of the rows, row by row, in the index's name_words
    first_pair: Ints  # of each place
    first_place: Ints  # of each row
    first_slot: Ints  # of each row


def comparisons(index: NameIndex, batch: Batch, rows: Ints) -> Ints:
    """How many pairs of words each row has."""
    listed = rows & 0xFFFFFFFF
    counts: Ints = batch.count[rows >> 32] * (index.name_start[listed + 1] - index.name_start[listed])
    return counts


def closer(index: NameIndex, batch: Batch, rows: Ints, threshold: int) -> Ints:
    """The rows that reach the threshold, or of which that cannot be said without aligning them."""
    pairs = _pairs(index, batch, rows)
    joined = batch.declared.joined_signature[pairs.places] & index.joined_signatures[rows & 0xFFFFFFFF][pairs.of_place]
    doubtful = batch.declared.is_half[pairs.places] | (joined != 0)
    kept = reaches(index, batch, rows, _most(index, batch, pairs, doubtful, threshold), threshold)
    certain = _is_certain(index, batch, rows, pairs, doubtful)
    exact = reaches(index, batch, rows, _exactly(index, batch, pairs, threshold), threshold)
    return rows[kept & (exact | ~certain)]


def _pairs(index: NameIndex, batch: Batch, rows: Ints) -> _Pairs:
    declared, listed = rows >> 32, rows & 0xFFFFFFFF
    places, of_place = ranges(batch.first[declared], batch.count[declared])
    begin, length = index.name_start[listed], index.name_start[listed + 1] - index.name_start[listed]
    words, of_pair = ranges(begin[of_place], length[of_place])
    listed_words = index.name_words[words]
    weight = np.minimum(batch.declared.weight[places][of_pair], index.word_weights[listed_words])
    first_slot = first_of(length)
    return _Pairs(
        places,
        of_place,
        of_pair,
        _similarity(batch.declared, batch.declared.word[places][of_pair], listed_words),
        weight,
        first_slot[of_place][of_pair] + words - begin[of_place][of_pair],
        ranges(begin, length)[0],
        first_of(length[of_place]),
        first_of(batch.count[declared]),
        first_slot,
    )


def _most(index: NameIndex, batch: Batch, pairs: _Pairs, doubtful: Flags, threshold: int) -> tuple[Ints, Ints, Ints]:
    """Per row the most that can agree and be covered; a doubtful place is given the most it can gain anywhere."""
    told, terms, places = batch.declared, batch.terms, pairs.places
    agreeing = 10 * pairs.weight * np.maximum(0, pairs.similarity - threshold)
    matched = np.maximum.reduceat(pairs.similarity, pairs.first_pair) > 0
    agreed = np.maximum(np.maximum.reduceat(agreeing, pairs.first_pair), terms.agreed_initial[places])
    agreed = np.where(doubtful, np.maximum(terms.agreed[places], agreed), agreed)
    covered = np.where(doubtful | matched, told.weight[places], terms.covered_initial[places])
    beyond = np.where(doubtful, told.covers[places], 0) + np.where(matched, 0, INITIAL_WEIGHT)
    return (
        np.add.reduceat(agreed, pairs.first_place),
        np.add.reduceat(covered, pairs.first_place),
        _answered(index, pairs) + np.add.reduceat(beyond, pairs.first_place),
    )


def _exactly(index: NameIndex, batch: Batch, pairs: _Pairs, threshold: int) -> tuple[Ints, Ints, Ints]:
    """Per row what agrees and is covered when all pairs of words that are alike are aligned."""
    alike = pairs.similarity > 0
    agreed = np.add.reduceat(10 * pairs.weight * (pairs.similarity - threshold) * alike, pairs.first_pair)
    covered = np.where(np.maximum.reduceat(alike, pairs.first_pair), batch.declared.weight[pairs.places], 0)
    return (
        np.add.reduceat(agreed, pairs.first_place),
        np.add.reduceat(covered, pairs.first_place),
        _answered(index, pairs),
    )


def _is_certain(index: NameIndex, batch: Batch, rows: Ints, pairs: _Pairs, doubtful: Flags) -> Flags:
    """Whether all pairs of words that are alike can be aligned together, and nothing else can be."""
    alike = pairs.similarity > 0
    by_place = np.add.reduceat(alike.astype(np.int64), pairs.first_pair)
    by_slot = np.bincount(pairs.slot[alike], minlength=len(pairs.slots))
    crowded = np.maximum.reduceat((by_place > 1) | doubtful, pairs.first_place)
    crowded |= np.maximum.reduceat(
        (by_slot > 1) | index.word_is_letter[index.name_words[pairs.slots]], pairs.first_slot
    )
    matched = np.maximum.reduceat(by_place > 0, pairs.first_place)
    certain: Flags = batch.is_plain[rows >> 32] & ~crowded & matched
    return certain


def _answered(index: NameIndex, pairs: _Pairs) -> Ints:
    """Per row the weight of the listed words that some declared word is like."""
    slots = pairs.slot[pairs.similarity > 0]
    weights = np.zeros(len(pairs.slots), dtype=np.int64)
    weights[slots] = index.word_weights[index.name_words[pairs.slots[slots]]]
    total: Ints = np.add.reduceat(weights, pairs.first_slot)
    return total


def _similarity(declared: Declared, word: Ints, listed: npt.NDArray[np.int32]) -> Ints:
    """Thousandths of each pair of a declared and a listed word; 0 where they are not alike."""
    if not len(declared.alike):
        return np.zeros(len(word), dtype=np.int64)
    keys = (word << 32) | listed
    at = np.minimum(np.searchsorted(declared.alike, keys), len(declared.alike) - 1)
    similarity: Ints = np.where(declared.alike[at] == keys, declared.similarity[at], 0)
    return similarity
