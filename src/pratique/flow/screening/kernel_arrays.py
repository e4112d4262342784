"""What the inner loop of screening is given: the list, the declared names, and room to work in, all as arrays."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pratique.flow.screening.hashing import Ints
from pratique.flow.screening.normalise import MAX_TOKENS
from pratique.flow.screening.postings import OTHERS

Flags = npt.NDArray[np.bool_]
Small = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]
PostingFacts = npt.NDArray[np.uint16]
Others = npt.NDArray[np.uint32]

GAINS: Final = ("agreed", "covered", "left")
"""What a place that answers may add, of which the largest count."""


class Listed(NamedTuple):
    """The list: names by the words they hold and words by the names; ``*_start`` say where the rows of each begin."""

    posting_start: Ints
    postings: Small
    posting_facts: PostingFacts  # of the name behind a posting: weight | kinds << KINDS
    posting_others: Others  # its other words
    name_start: Ints
    name_words: Ints  # with the facts of each word, so that it need not be looked up elsewhere
    name_weights: Small
    name_kinds: Bytes
    word_facts: Ints


class Asked(NamedTuple):
    """The declared names: places of words name by name, and what each distinct word may answer to."""

    first: Ints  # first place of each name
    count: Ints  # places of each name
    kinds: Bytes  # bits of the kinds that a name is compared with
    thresholds: Ints  # the lowest score that is a hit of any of these kinds, in thousandths
    allowed: Ints  # by how much a name may stay below the line of a kind
    absent_listed: Ints
    word: Ints  # of a place: the number of the distinct declared word
    facts: Ints  # of a place
    near_start: Ints  # of a distinct declared word, in the two that follow
    near_word: Ints
    near_similarity: Ints
    half_start: Ints  # of a place: listed words that answer to it together with other words of its name
    half_word: Ints
    whole_start: Ints  # of a distinct declared word: listed names in which it stands as several words
    whole_name: Ints
    lines: Ints  # for the bits of each set of kinds the lowest score that is a hit


class Places(NamedTuple):
    """Of the places of the name at hand, one entry for each."""

    best: Ints  # the best similarity of what it may answer to
    heaviest: Ints  # the most that a listed word weighs that answers to it
    initial: Ints  # what of its weight an initial answers for
    has_half: Flags
    has_whole: Flags
    is_out: Flags  # looked up; what is not found yet does not answer to it
    gains: Ints  # room, several for each place


class Scratch(NamedTuple):
    """Room to work in. What is marked carries the number of the declared name (from 1) that marked it."""

    is_marked: Bytes  # of a listed word: whether the name at hand marked it; small, so that it stays near
    is_half: Bytes  # whether it answers to several words of that name together
    marks: Ints  # of a listed word: mark << 32 | first entry of its chain
    chain: Ints  # similarity << 40 | place << 32 | next entry + 1; similarity 0: with other words of the name only
    seen: Small  # of a listed name
    several: Small  # of a listed name: a declared word may stand in it as several
    candidates: Ints  # listed name << 1 | whether ``several`` is marked
    keys: Ints  # pairs of words that are alike, the best first
    agreed_initial: Ints  # of the places of a name
    order: Ints
    limits: Ints  # by how many other words of a listed name are marked, the most it may weigh
    places: Places


def scratch(words: int, names: int, near: int) -> Scratch:
    """Room for lists of so many words and names, and declared names with at most ``near`` similar words."""
    return Scratch(
        is_marked=np.zeros(words // 8 + 1, np.uint8),
        is_half=np.zeros(words // 8 + 1, np.uint8),
        marks=np.zeros(words, np.int64),
        chain=np.zeros(near, np.int64),
        seen=np.zeros(names, np.int32),
        several=np.zeros(names, np.int32),
        candidates=np.zeros(names, np.int64),
        keys=np.zeros(MAX_TOKENS * MAX_TOKENS, np.int64),
        agreed_initial=np.zeros(MAX_TOKENS, np.int64),
        order=np.zeros(MAX_TOKENS, np.int64),
        limits=np.zeros(OTHERS + 1, np.int64),
        places=Places(
            best=np.zeros(MAX_TOKENS, np.int64),
            heaviest=np.zeros(MAX_TOKENS, np.int64),
            initial=np.zeros(MAX_TOKENS, np.int64),
            has_half=np.zeros(MAX_TOKENS, np.bool_),
            has_whole=np.zeros(MAX_TOKENS, np.bool_),
            is_out=np.zeros(MAX_TOKENS, np.bool_),
            gains=np.zeros(MAX_TOKENS * len(GAINS), np.int64),
        ),
    )
