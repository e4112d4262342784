"""Which listed names can reach the threshold for which declared names: none that can is left out.

With T the plain score that a name needs, s the best similarity a declared word finds on the list and w its weight, the
formula of :mod:`~pratique.flow.screening.match` gives for every hit, summed over the declared words that are matched::

    sum(10 * w * max(0, s - T) + ABSENT * T * w)  >=  ABSENT * T * sum(w of all declared words)

The summand is the word's *gain*. A word that only an initial answers to gains no more than a word of
``INITIAL_WEIGHT``. So a set of words without which the others cannot gain enough holds at least one matched word of
every hit: a cheap such set is looked up (:func:`_looked_up`). Of the names found there only those stay whose words, by
their signatures, can still gain enough once what the *listed* name has left over is charged too
(:func:`_within_reach`), and of those the ones that can by the words themselves
(:mod:`~pratique.flow.screening.closer`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pratique.flow.screening.batch import Batch, make_batch, reaches
from pratique.flow.screening.closer import closer, comparisons
from pratique.flow.screening.hashing import Hashes, Ints, sorted_once
from pratique.flow.screening.index import NameIndex
from pratique.flow.screening.match import ABSENT
from pratique.flow.screening.normalise import Name
from pratique.flow.screening.runs import numbers_of_runs, runs_alike
from pratique.flow.screening.vocabulary import expand, look_up
from pratique.flow.screening.weights import INITIAL_WEIGHT

CHUNK: Final = 1_000_000
"""Pairs of names looked at together, which bounds memory."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of numbers of declared and listed names, sorted, and weights and information of each declared name's words.

    ``alike`` are the pairs of words (declared, listed) that are alike, and whether a table holds them as one name.
    """

    declared: list[int]
    listed: list[int]
    worth: dict[int, tuple[list[int], list[int]]]
    alike: Mapping[tuple[str, str], bool]


def candidates(index: NameIndex, names: Sequence[Name], kinds: npt.NDArray[np.uint8], thresholds: Ints) -> Candidates:
    """The pairs of names that may score their threshold (thousandths, one for each declared name) or more.

    ``kinds`` are the bits of the kinds each declared name is compared with; every name has at least one word.
    """
    if index.size == 0 or not len(names):
        return Candidates([], [], {}, {})
    batch = make_batch(index, names, kinds, thresholds)
    pairs = [_within_reach(index, batch, rows) for rows in _rows(index, batch)]
    rows = sorted_once(np.concatenate([np.empty(0, np.int64), *pairs]))
    near = [closer(index, batch, some) for some in _chunks(rows, comparisons(index, batch, rows))]
    kept = sorted_once(np.concatenate([_by_run(index, names, kinds), *near]))
    declared = kept >> 32
    places = {
        name: slice(batch.first[name], batch.first[name] + batch.count[name]) for name in sorted_once(declared).tolist()
    }
    worth = {
        name: (batch.declared.weight[at].tolist(), batch.declared.information[at].tolist())
        for name, at in places.items()
    }
    return Candidates(declared.tolist(), (kept & 0xFFFFFFFF).tolist(), worth, batch.declared.word_pairs)


def _by_run(index: NameIndex, names: Sequence[Name], kinds: npt.NDArray[np.uint8]) -> Ints:
    """Pairs of names whose whole letters are the same but for one, however they are divided into words."""
    numbers, declared = numbers_of_runs([name.runs for name in names])
    at, entry = look_up(index.run_hashes, numbers)
    pairs = sorted_once((declared[at] << 32) | index.run_names[entry])
    pairs = pairs[(kinds[pairs >> 32] & index.name_kinds[pairs & 0xFFFFFFFF]) != 0]
    both = zip((pairs >> 32).tolist(), (pairs & 0xFFFFFFFF).tolist(), strict=True)
    alike = [runs_alike(names[own].runs, index.weighed(other).name.runs) > 0 for own, other in both]
    return np.asarray(pairs[np.array(alike, dtype=bool)], dtype=np.int64)


def _looked_up(batch: Batch, cost: Ints) -> tuple[Ints, Ints]:
    """The places to look up, and the names for which none would do, so that every listed name is looked at."""
    gain, initial = batch.terms.gain, batch.terms.gain_initial
    charged = ABSENT * batch.needed * batch.weight
    lost = gain - initial
    owner = batch.declared.owner
    spare = _per_name(gain, batch) - charged  # what may be lost before no hit is possible
    dearness = cost / np.maximum(lost, 1)
    order = np.lexsort((dearness, owner))
    lost_before = np.cumsum(lost[order]) - lost[order]
    lost_before -= lost_before[batch.first][owner[order]]
    needed = (lost_before <= spare[owner[order]]) & (spare[owner[order]] >= 0) & (lost[order] > 0)
    everything = np.flatnonzero(_per_name(initial, batch) >= charged)
    return np.sort(order[needed]), everything


def _per_name(values: Ints, batch: Batch) -> Ints:
    return np.add.reduceat(values, batch.first)


def _rows(index: NameIndex, batch: Batch) -> Iterator[Ints]:
    """Pairs (declared name << 32 | listed name) found by looking up, about ``CHUNK`` at a time, some more than once."""
    held = index.posting_start[batch.declared.words.target + 1] - index.posting_start[batch.declared.words.target]
    in_words = _sums(held, batch.declared.words.start)
    cost = in_words + np.diff(batch.declared.names.start)
    places, everything = _looked_up(batch, cost)
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


def _within_reach(index: NameIndex, batch: Batch, rows: Ints) -> Ints:
    """The rows whose listed name can still reach the threshold by the signatures of its words."""
    declared, listed = rows >> 32, rows & 0xFFFFFFFF
    same_kind = (batch.kinds[declared] & index.name_kinds[listed]) != 0
    rows, declared, listed = rows[same_kind], declared[same_kind], listed[same_kind]
    signature, joined = index.signatures[listed], index.joined_signatures[listed]
    most = np.zeros((3, len(rows)), dtype=np.int64)
    for step in range(int(batch.count[declared].max(initial=0))):
        chosen = np.flatnonzero(batch.count[declared] > step)
        at = batch.first[declared[chosen]] + step
        most[:, chosen] += _most_of_place(batch, at, signature[chosen], joined[chosen])
    return rows[reaches(index, batch, rows, (most[0], most[1], most[2]), batch.needed[declared])]


def _most_of_place(batch: Batch, at: Ints, signature: Hashes, joined: Hashes) -> Ints:
    """The most that a place can agree and cover on either side, for listed names of the given signatures."""
    terms, places = batch.terms, batch.declared
    same = (places.same[at] & signature) != 0
    other = ((places.signature[at] & signature) | (places.joined_signature[at] & joined)) != 0
    agreed = np.maximum(terms.agreed_initial[at], np.where(same, terms.agreed_same[at], 0))
    answered = np.maximum(INITIAL_WEIGHT, np.where(same, places.weight[at], 0))
    return np.stack(
        [
            np.maximum(agreed, np.where(other, terms.agreed_other[at], 0)),
            np.where(same | other, places.weight[at], terms.covered_initial[at]),
            np.maximum(answered, np.where(other, places.covers[at], 0)),
        ]
    )
