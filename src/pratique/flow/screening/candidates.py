"""Which listed names can reach the threshold for which declared names: none that can is left out.

With T the threshold, s the best similarity a declared word finds on the list and w its weight, the formula of
:mod:`~pratique.flow.screening.match` gives for every hit, summed over the declared words that are matched::

    sum(10 * w * max(0, s - T) + ABSENT * T * w)  >=  ABSENT * T * sum(w of all declared words)

The summand is the word's *gain*. A word that only an initial answers to gains no more than a word of
``INITIAL_WEIGHT``. So a set of words without which the others cannot gain enough holds at least one matched word of
every hit: a cheap such set is looked up (:func:`_looked_up`). Of the names found there only those stay whose words, by
their signatures, can still gain enough once what the *listed* name has left over is charged too
(:func:`_within_reach`), and of those the ones that can by the words themselves (:func:`_by_words`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pratique.flow.screening.declared import Declared, describe
from pratique.flow.screening.hashing import Ints
from pratique.flow.screening.index import NameIndex
from pratique.flow.screening.match import ABSENT, ABSENT_BEHIND_CUT, CONTRADICTED, INITIAL
from pratique.flow.screening.normalise import Name
from pratique.flow.screening.vocabulary import expand
from pratique.flow.screening.weights import INITIAL_WEIGHT

CHUNK: Final = 1_000_000
"""Pairs of names looked at together, which bounds memory."""


@dataclass(frozen=True, slots=True)
class _Terms:
    """Per place: what a word adds when a listed word answers to it, and what when at most an initial does."""

    agreed: Ints
    covered: Ints
    agreed_initial: Ints
    covered_initial: Ints

    def gain(self, threshold: int) -> Ints:
        gain: Ints = np.maximum(self.agreed + ABSENT * threshold * self.covered, self.gain_initial(threshold))
        return gain

    def gain_initial(self, threshold: int) -> Ints:
        return self.agreed_initial + ABSENT * threshold * self.covered_initial


@dataclass(frozen=True, slots=True)
class _Batch:
    """The declared names of a batch: their places with terms, and per name the whole weight, kinds and cut."""

    declared: Declared
    terms: _Terms
    first: Ints  # first place of each name
    count: Ints  # places of each name
    weight: Ints
    kinds: npt.NDArray[np.uint8]
    absent_listed: Ints


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of numbers of declared and listed names, sorted, and the weights of the words of each declared name."""

    declared: list[int]
    listed: list[int]
    weights: dict[int, list[int]]


def candidates(index: NameIndex, names: Sequence[Name], kinds: npt.NDArray[np.uint8], threshold: int) -> Candidates:
    """The pairs of names that may score ``threshold`` thousandths or more.

    ``kinds`` are the bits of the kinds each declared name is compared with; every name has at least one word.
    """
    if index.size == 0 or not len(names):
        return Candidates([], [], {})
    batch = _batch(index, names, kinds, threshold)
    pairs = [_within_reach(index, batch, rows, threshold) for rows in _rows(index, batch, threshold)]
    rows = np.unique(np.concatenate([np.empty(0, np.int64), *pairs]))
    closer = [_by_words(index, batch, some, threshold) for some in _chunks(rows, _comparisons(index, batch, rows))]
    kept = np.concatenate([np.empty(0, np.int64), *closer])
    declared = kept >> 32
    weights = {
        name: batch.declared.weight[batch.first[name] : batch.first[name] + batch.count[name]].tolist()
        for name in np.unique(declared).tolist()
    }
    return Candidates(declared.tolist(), (kept & 0xFFFFFFFF).tolist(), weights)


def _batch(index: NameIndex, names: Sequence[Name], kinds: npt.NDArray[np.uint8], threshold: int) -> _Batch:
    declared = describe(index, names)
    count = np.array([len(name.tokens) for name in names], dtype=np.int64)
    initial = np.minimum(declared.weight, INITIAL_WEIGHT)
    terms = _Terms(
        10 * declared.weight * np.maximum(0, declared.best - threshold) * (declared.best > 0),
        declared.weight * (declared.best > 0),
        10 * initial * max(0, INITIAL - threshold),
        initial,
    )
    return _Batch(
        declared,
        terms,
        np.cumsum(count) - count,
        count,
        np.bincount(declared.owner, weights=declared.weight, minlength=len(names)).astype(np.int64),
        kinds,
        np.array([ABSENT_BEHIND_CUT if name.cut else ABSENT for name in names], dtype=np.int64),
    )


def _looked_up(batch: _Batch, cost: Ints, threshold: int) -> tuple[Ints, Ints]:
    """The places to look up, and the names for which none would do, so that every listed name is looked at."""
    gain, initial = batch.terms.gain(threshold), batch.terms.gain_initial(threshold)
    lost = gain - initial
    owner = batch.declared.owner
    spare = _per_name(gain, batch) - ABSENT * threshold * batch.weight  # what may be lost before no hit is possible
    dearness = cost / np.maximum(lost, 1)
    order = np.lexsort((dearness, owner))
    lost_before = np.cumsum(lost[order]) - lost[order]
    lost_before -= lost_before[batch.first][owner[order]]
    needed = (lost_before <= spare[owner[order]]) & (spare[owner[order]] >= 0) & (lost[order] > 0)
    everything = np.flatnonzero(_per_name(initial, batch) >= ABSENT * threshold * batch.weight)
    return np.sort(order[needed]), everything


def _per_name(values: Ints, batch: _Batch) -> Ints:
    return np.add.reduceat(values, batch.first)


def _rows(index: NameIndex, batch: _Batch, threshold: int) -> Iterator[Ints]:
    """Pairs (declared name << 32 | listed name) found by looking up, about ``CHUNK`` at a time, some more than once."""
    held = index.posting_start[batch.declared.words.target + 1] - index.posting_start[batch.declared.words.target]
    in_words = _sums(held, batch.declared.words.start)
    cost = in_words + np.diff(batch.declared.names.start)
    places, everything = _looked_up(batch, cost, threshold)
    for chosen in _chunks(places, cost[places]):
        which, words = batch.declared.words.of(chosen)
        of, at = expand(index.posting_start[words], index.posting_start[words + 1])
        yield (batch.declared.owner[chosen[which[of]]] << 32) | index.postings[at]
        which, found = batch.declared.names.of(chosen)
        yield (batch.declared.owner[chosen[which]] << 32) | found
    for name in everything.tolist():
        yield (name << 32) | np.arange(index.size, dtype=np.int64)


def _sums(values: Ints, start: Ints) -> Ints:
    running = np.concatenate([np.zeros(1, np.int64), np.cumsum(values)])
    sums: Ints = running[start[1:]] - running[start[:-1]]
    return sums


def _chunks(places: Ints, cost: Ints) -> Iterator[Ints]:
    """The places in runs of about ``CHUNK`` rows."""
    if len(places):
        number = np.cumsum(cost) // CHUNK
        yield from np.split(places, np.flatnonzero(np.diff(number)) + 1)


def _within_reach(index: NameIndex, batch: _Batch, rows: Ints, threshold: int) -> Ints:
    """The rows whose listed name can still reach the threshold by the signatures of its words."""
    declared, listed = rows >> 32, rows & 0xFFFFFFFF
    same_kind = (batch.kinds[declared] & index.name_kinds[listed]) != 0
    rows, declared, listed = rows[same_kind], declared[same_kind], listed[same_kind]
    agreed, covered, answered = (np.zeros(len(rows), dtype=np.int64) for _ in range(3))
    signature, joined = index.signatures[listed], index.joined_signatures[listed]
    terms, places = batch.terms, batch.declared
    for step in range(int(batch.count[declared].max(initial=0))):
        within = batch.count[declared] > step
        at = np.where(within, batch.first[declared] + step, 0)
        hit = ((places.signature[at] & signature) | (places.joined_signature[at] & joined)) != 0
        agreed += within * np.where(hit, np.maximum(terms.agreed, terms.agreed_initial)[at], terms.agreed_initial[at])
        covered += within * np.where(
            hit, np.maximum(terms.covered, terms.covered_initial)[at], terms.covered_initial[at]
        )
        answered += within * np.where(hit, np.maximum(places.covers[at], INITIAL_WEIGHT), INITIAL_WEIGHT)
    return rows[_reaches(index, batch, rows, (agreed, covered, answered), threshold)]


def _reaches(
    index: NameIndex, batch: _Batch, rows: Ints, most: tuple[Ints, Ints, Ints], threshold: int
) -> npt.NDArray[np.bool_]:
    """Whether rows can reach the threshold, given the most that can agree and be covered on either side."""
    declared, listed = rows >> 32, rows & 0xFFFFFFFF
    agreed, covered, answered = most
    left = batch.weight[declared] - covered
    left_listed = np.maximum(0, index.name_weights[listed] - answered)
    charged = ABSENT * left + batch.absent_listed[declared] * left_listed + CONTRADICTED * np.minimum(left, left_listed)
    reached: npt.NDArray[np.bool_] = agreed >= threshold * charged
    return reached


def _comparisons(index: NameIndex, batch: _Batch, rows: Ints) -> Ints:
    """How many pairs of words each row has."""
    listed = rows & 0xFFFFFFFF
    counts: Ints = batch.count[rows >> 32] * (index.name_start[listed + 1] - index.name_start[listed])
    return counts


def _by_words(index: NameIndex, batch: _Batch, rows: Ints, threshold: int) -> Ints:
    """The rows that can still reach the threshold when each word is compared with each word.

    A word that stands as two on the other side, or is one of two, is given the most it can gain.
    """
    declared, listed = rows >> 32, rows & 0xFFFFFFFF
    places, of_place = _ranges(batch.first[declared], batch.count[declared])
    begin, length = index.name_start[listed], index.name_start[listed + 1] - index.name_start[listed]
    words, of_pair = _ranges(begin[of_place], length[of_place])
    similarity = _similarity(batch.declared, batch.declared.word[places][of_pair], index.name_words[words])
    told, terms = batch.declared, batch.terms
    listed_weight = index.word_weights[index.name_words[words]].astype(np.int64)
    agreeing = 10 * np.minimum(told.weight[places][of_pair], listed_weight) * np.maximum(0, similarity - threshold)
    pair_start = _first(length[of_place])
    matched = np.maximum.reduceat(similarity, pair_start) > 0
    joined = (told.joined_signature[places] & index.joined_signatures[listed][of_place]) != 0
    doubtful = told.is_half[places] | joined
    agreed = np.maximum(np.maximum.reduceat(agreeing, pair_start), terms.agreed_initial[places])
    agreed = np.where(doubtful, np.maximum(terms.agreed[places], agreed), agreed)
    covered = np.where(doubtful | matched, told.weight[places], terms.covered_initial[places])
    beyond = np.where(doubtful, told.covers[places], 0) + np.where(matched, 0, INITIAL_WEIGHT)
    slots = _first(length)[of_place][of_pair] + words - begin[of_place][of_pair]
    answered = _answered(index, begin, length, np.unique(slots[similarity > 0]))
    by_row = _first(batch.count[declared])
    most = (
        np.add.reduceat(agreed, by_row),
        np.add.reduceat(covered, by_row),
        answered + np.add.reduceat(beyond, by_row),
    )
    return rows[_reaches(index, batch, rows, most, threshold)]


def _answered(index: NameIndex, begin: Ints, length: Ints, slots: Ints) -> Ints:
    """Per row the weight of the listed words that some declared word is like; ``slots`` number them row by row."""
    words, _ = _ranges(begin, length)
    weights = np.zeros(len(words), dtype=np.int64)
    weights[slots] = index.word_weights[index.name_words[words[slots]]]
    total: Ints = np.add.reduceat(weights, _first(length))
    return total


def _first(count: Ints) -> Ints:
    """Where each of consecutive runs of that many begins."""
    return np.cumsum(count) - count


def _similarity(declared: Declared, word: Ints, listed: npt.NDArray[np.int32]) -> Ints:
    """Thousandths of each pair of a declared and a listed word; 0 where they are not alike."""
    if not len(declared.alike):
        return np.zeros(len(word), dtype=np.int64)
    keys = (word << 32) | listed
    at = np.minimum(np.searchsorted(declared.alike, keys), len(declared.alike) - 1)
    similarity: Ints = np.where(declared.alike[at] == keys, declared.similarity[at], 0)
    return similarity


def _ranges(first: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Every place of the ranges, and the number of its range."""
    of, places = expand(first, first + count)
    return places, of
