"""The last look at pairs of names before they are aligned: each declared word against each listed word.

Where every word answers to at most one word of the other side, and in no other way than by being alike, the alignment
is all there is to align and the score follows at once. Everywhere else the pair stays when it can still reach the
threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pratique.flow.screening.batch import Batch, Flags, first_of, plain_score_needed, ranges, reaches
from pratique.flow.screening.declared import Declared
from pratique.flow.screening.hashing import BASE, Ints
from pratique.flow.screening.index import NameIndex
from pratique.flow.screening.weights import INITIAL_WEIGHT, LEAST_INFORMATION

SIEVE: Final = 32
"""Slots of the sieve for each pair of words that are alike."""


@dataclass(frozen=True, slots=True)
class _Pairs:
    """All pairs of words of some rows, row by row, place by place. ``slot`` numbers the listed words row by row."""

    places: Ints  # of the batch, place by place
    of_place: Ints  # the row of each place
    is_half: Flags  # a listed word of the row answers to the place together with its neighbour
    of_pair: Ints  # the number, among ``places``, of each pair
    similarity: Ints
    is_initial: Flags  # one of the two is the first letter of the other
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


def closer(index: NameIndex, batch: Batch, rows: Ints) -> Ints:
    """The rows that reach the threshold, or of which that cannot be said without aligning them."""
    pairs = _pairs(index, batch, rows)
    joined = batch.declared.joined_signature[pairs.places] & index.joined_signatures[rows & 0xFFFFFFFF][pairs.of_place]
    doubtful = pairs.is_half | (joined != 0)
    needed = _needed(batch, rows, pairs, doubtful)
    kept = reaches(index, batch, rows, _most(index, batch, pairs, doubtful, needed), needed)
    certain = _is_certain(batch, rows, pairs, doubtful)
    exact = reaches(index, batch, rows, _exactly(index, batch, pairs, needed), needed)
    return rows[kept & (exact | ~certain)]


def _pairs(index: NameIndex, batch: Batch, rows: Ints) -> _Pairs:
    declared, listed = rows >> 32, rows & 0xFFFFFFFF
    places, of_place = ranges(batch.first[declared], batch.count[declared])
    begin, length = index.name_start[listed], index.name_start[listed + 1] - index.name_start[listed]
    words, of_pair = ranges(begin[of_place], length[of_place])
    listed_words = index.name_words[words]
    weight = np.minimum(batch.declared.weight[places][of_pair], index.word_weights[listed_words])
    similarity = _similarity(batch.declared, batch.declared.word[places][of_pair], listed_words)
    letter = batch.declared.is_letter[places][of_pair] | index.word_is_letter[listed_words]
    same_first = batch.declared.first[places][of_pair] == index.word_first[listed_words]
    first_slot = first_of(length)
    return _Pairs(
        places,
        of_place,
        _is_half(batch.declared, places, of_pair, listed_words),
        of_pair,
        similarity,
        letter & same_first & (similarity == 0),
        weight,
        first_slot[of_place][of_pair] + words - begin[of_place][of_pair],
        ranges(begin, length)[0],
        first_of(length[of_place]),
        first_of(batch.count[declared]),
        first_slot,
    )


def _is_half(declared: Declared, places: Ints, of_pair: Ints, listed: npt.NDArray[np.int32]) -> Flags:
    """Per place whether one of the listed words answers to it together with its neighbour."""
    told = np.zeros(len(places), dtype=bool)
    asked = np.flatnonzero(declared.is_half[places][of_pair])
    if len(asked):
        of_asked = of_pair[asked]
        keys = (places[of_asked] << 32) | listed[asked]
        at = np.minimum(np.searchsorted(declared.halves, keys), len(declared.halves) - 1)
        told[of_asked[declared.halves[at] == keys]] = True
    return told


def _most(index: NameIndex, batch: Batch, pairs: _Pairs, doubtful: Flags, needed: Ints) -> tuple[Ints, Ints, Ints]:
    """Per row the most that can agree and be covered; a doubtful place is given the most it can gain anywhere."""
    told, terms, places = batch.declared, batch.terms, pairs.places
    agreeing = 10 * pairs.weight * np.maximum(0, pairs.similarity - needed[pairs.of_place][pairs.of_pair])
    matched = np.maximum.reduceat(pairs.similarity, pairs.first_pair) > 0
    initial = np.maximum.reduceat(pairs.is_initial, pairs.first_pair)
    agreed = np.maximum(np.maximum.reduceat(agreeing, pairs.first_pair), terms.agreed_initial[places] * initial)
    agreed = np.where(doubtful, np.maximum(terms.agreed[places], agreed), agreed)
    covered = np.where(doubtful | matched, told.weight[places], terms.covered_initial[places] * initial)
    beyond = np.where(doubtful, told.covers[places], 0) + np.where(matched, 0, INITIAL_WEIGHT * initial)
    return (
        np.add.reduceat(agreed, pairs.first_place),
        np.add.reduceat(covered, pairs.first_place),
        _answered(index, pairs) + np.add.reduceat(beyond, pairs.first_place),
    )


def _exactly(index: NameIndex, batch: Batch, pairs: _Pairs, needed: Ints) -> tuple[Ints, Ints, Ints]:
    """Per row what agrees and is covered when all pairs of words that are alike are aligned."""
    alike = pairs.similarity > 0
    beyond = pairs.similarity - needed[pairs.of_place][pairs.of_pair]
    agreed = np.add.reduceat(10 * pairs.weight * beyond * alike, pairs.first_pair)
    covered = np.where(np.maximum.reduceat(alike, pairs.first_pair), batch.declared.weight[pairs.places], 0)
    return (
        np.add.reduceat(agreed, pairs.first_place),
        np.add.reduceat(covered, pairs.first_place),
        _answered(index, pairs),
    )


def _needed(batch: Batch, rows: Ints, pairs: _Pairs, doubtful: Flags) -> Ints:
    """Per row the plain score it must reach: only the words that some listed word answers to prove anything."""
    information = batch.declared.information[pairs.places]
    answered = doubtful | (np.maximum.reduceat(pairs.similarity, pairs.first_pair) > 0)
    initial = np.minimum(information, LEAST_INFORMATION) * np.maximum.reduceat(pairs.is_initial, pairs.first_pair)
    proof = np.add.reduceat(np.where(answered, information, initial), pairs.first_place)
    return plain_score_needed(batch.thresholds[rows >> 32], proof)


def _is_certain(batch: Batch, rows: Ints, pairs: _Pairs, doubtful: Flags) -> Flags:
    """Whether all pairs of words that are alike can be aligned together, and nothing else can be."""
    alike = pairs.similarity > 0
    by_place = np.add.reduceat(alike.astype(np.int64), pairs.first_pair)
    by_slot = np.bincount(pairs.slot[alike], minlength=len(pairs.slots))
    initial = np.maximum.reduceat(pairs.is_initial, pairs.first_pair)
    crowded = np.maximum.reduceat((by_place > 1) | doubtful | initial, pairs.first_place)
    crowded |= np.maximum.reduceat(by_slot > 1, pairs.first_slot)
    matched = np.maximum.reduceat(by_place > 0, pairs.first_place)
    certain: Flags = ~crowded & matched
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
    similarity = np.zeros(len(word), dtype=np.int64)
    if not len(declared.alike):
        return similarity
    keys = (word << 32) | listed
    asked = np.flatnonzero(_may_hold(declared.alike, keys))
    at = np.minimum(np.searchsorted(declared.alike, keys[asked]), len(declared.alike) - 1)
    similarity[asked] = np.where(declared.alike[at] == keys[asked], declared.similarity[at], 0)
    return similarity


def _may_hold(table: Ints, keys: Ints) -> Flags:
    """Whether each key may be in the table: a sieve of one bit a slot, which spares most keys the search."""
    bits = max(10, int(SIEVE * len(table)).bit_length())
    shift = np.uint64(64 - bits)
    sieve = np.zeros(1 << bits, dtype=bool)
    sieve[(table.view(np.uint64) * np.uint64(BASE)) >> shift] = True
    return np.asarray(sieve[(keys.view(np.uint64) * np.uint64(BASE)) >> shift])
