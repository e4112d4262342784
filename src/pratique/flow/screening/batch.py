"""The declared names of a batch beside a list: what each word can add to a score, and what a score must reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pratique.flow.screening.declared import Declared, describe
from pratique.flow.screening.hashing import Ints
from pratique.flow.screening.index import NameIndex
from pratique.flow.screening.match import ABSENT, ABSENT_BEHIND_CUT, CONTRADICTED, SCARCE
from pratique.flow.screening.normalise import Name
from pratique.flow.screening.similarity import EQUAL, INITIAL
from pratique.flow.screening.vocabulary import expand
from pratique.flow.screening.weights import INITIAL_WEIGHT

Flags = npt.NDArray[np.bool_]

BEYOND: Final = 1001
"""What no plain score reaches."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Per place: what a word adds when a listed word answers to it, and what when at most an initial does."""

    agreed_same: Ints
    agreed_other: Ints
    agreed: Ints  # the better of the two
    covered: Ints
    agreed_initial: Ints
    covered_initial: Ints
    needed: Ints  # the plain score that the name of the place must reach

    @property
    def gain(self) -> Ints:
        """The most a word can gain, whoever answers to it."""
        gain: Ints = np.maximum(self.agreed + ABSENT * self.needed * self.covered, self.gain_initial)
        return gain

    @property
    def gain_initial(self) -> Ints:
        """The most a word can gain from an initial."""
        return self.agreed_initial + ABSENT * self.needed * self.covered_initial


@dataclass(frozen=True, slots=True)
class Batch:
    """The declared names of a batch: their places with terms, and per name the whole weight, kinds and cut."""

    declared: Declared
    terms: Terms
    first: Ints  # first place of each name
    count: Ints  # places of each name
    weight: Ints
    thresholds: Ints
    needed: Ints  # the plain score that a name must reach at least; beyond 1000 it cannot
    kinds: npt.NDArray[np.uint8]
    absent_listed: Ints


def make_batch(index: NameIndex, names: Sequence[Name], kinds: npt.NDArray[np.uint8], thresholds: Ints) -> Batch:
    """The batch of ``names``, whose ``kinds`` are the bits of the kinds they are compared with.

    What agrees carries no more information than the whole declared name, so that its plain score must reach more than
    the threshold (in thousandths, one for each name): see the formula of :mod:`~pratique.flow.screening.match`.
    """
    declared = describe(index, names)
    count = np.array([len(name.tokens) for name in names], dtype=np.int64)
    weight, proof = (
        np.bincount(declared.owner, weights=of_word, minlength=len(names)).astype(np.int64)
        for of_word in (declared.weight, declared.information)
    )
    needed = plain_score_needed(thresholds, proof)
    of_place = needed[declared.owner]
    may_be_initial = declared.is_letter | (declared.weight > INITIAL_WEIGHT)
    initial = np.minimum(declared.weight, INITIAL_WEIGHT) * may_be_initial
    agreed_same = 10 * declared.weight * (EQUAL - of_place) * (declared.same != 0)
    agreed_other = 10 * declared.weight * np.maximum(0, declared.best_other - of_place)
    terms = Terms(
        agreed_same,
        agreed_other,
        np.maximum(agreed_same, agreed_other),
        declared.weight * (declared.best > 0),
        10 * initial * np.maximum(0, INITIAL - of_place),
        initial,
        of_place,
    )
    absent = [ABSENT_BEHIND_CUT if name.cut else ABSENT for name in names]
    return Batch(
        declared,
        terms,
        first_of(count),
        count,
        weight,
        thresholds,
        needed,
        kinds,
        np.array(absent, dtype=np.int64),
    )


def plain_score_needed(thresholds: Ints, proof: Ints) -> Ints:
    """The plain score from which a score reaches its threshold, given the most information that can agree."""
    return np.asarray(np.minimum(thresholds * (proof + SCARCE) // np.maximum(proof, 1), BEYOND), dtype=np.int64)


def reaches(index: NameIndex, batch: Batch, rows: Ints, most: tuple[Ints, Ints, Ints], needed: Ints) -> Flags:
    """Whether rows can reach what they need, given the most that can agree and be covered on either side.

    ``rows`` are declared name << 32 | listed name; what agrees is the sum of 10 * weight * (similarity - needed).
    """
    declared, listed = rows >> 32, rows & 0xFFFFFFFF
    agreed, covered, answered = most
    left = batch.weight[declared] - covered
    left_listed = np.maximum(0, index.name_weights[listed] - answered)
    charged = ABSENT * left + batch.absent_listed[declared] * left_listed + CONTRADICTED * np.minimum(left, left_listed)
    reached: Flags = agreed >= needed * charged
    return reached


def first_of(count: Ints) -> Ints:
    """Where each of consecutive runs of that many begins."""
    return np.cumsum(count) - count


def ranges(first: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Every place of the runs, and the number of its run."""
    of, places = expand(first, first + count)
    return places, of
