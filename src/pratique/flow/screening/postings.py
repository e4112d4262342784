"""Which listed names hold a word, with what tells of most of them that they are no hit without looking at the name.

Beside each name stand its weight, its kinds and its other words. The names behind one word lie next to one another, so
that all this is read in passing, where the names themselves lie scattered.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pratique.flow.screening.hashing import Ints

KINDS: Final = 12
"""Bits by which the kinds of a name are shifted behind its weight; a name of 24 words weighs less than a thousand."""

OTHERS: Final = 3
"""Other words that stand beside a name; a name that has more is looked at itself."""

NO_WORD: Final = 0xFFFFFFFF
"""Stands where a name has fewer other words."""

MORE_WORDS: Final = 0xFFFFFFFE
"""Stands in the first place where a name has more other words."""

AT_A_TIME: Final = 500_000
"""Postings described at a time, which bounds memory."""


class Postings(NamedTuple):
    """Names that hold a word, word by word; the rows of word ``w`` are those from ``start[w]`` to ``start[w + 1]``."""

    start: Ints
    names: npt.NDArray[np.int32]
    facts: npt.NDArray[np.uint16]  # weight of the name | kinds << KINDS
    others: npt.NDArray[np.uint32]  # OTHERS in a row


class NamesOfWords(NamedTuple):
    """The words of each name, name by name, where those of a name begin, and weight and kinds of each name."""

    words: npt.NDArray[np.int32]
    start: Ints
    weights: npt.NDArray[np.int32]
    kinds: npt.NDArray[np.uint8]


def postings_of(names: NamesOfWords, words: int) -> Postings:
    """The postings of so many words."""
    owners = np.repeat(np.arange(len(names.kinds), dtype=np.int64), np.diff(names.start))
    held = np.unique((names.words.astype(np.int64) << 32) | owners)
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.bincount(held >> 32, minlength=words))])
    rows = _first_words(names)
    others = [_without(rows, held[first : first + AT_A_TIME]) for first in range(0, len(held), AT_A_TIME)]
    holding = (held & 0xFFFFFFFF).astype(np.int32)
    return Postings(
        start,
        holding,
        (names.weights[holding] | names.kinds[holding].astype(np.int32) << KINDS).astype(np.uint16),
        np.concatenate([np.empty((0, OTHERS), np.uint32), *others]),
    )


def _first_words(names: NamesOfWords) -> npt.NDArray[np.uint32]:
    """The words of each name as a row; of one with more words than a row has places, ``MORE_WORDS`` in all of them."""
    rows = np.full((len(names.kinds), OTHERS + 1), NO_WORD, np.uint32)
    count = np.diff(names.start)
    for place in range(OTHERS + 1):
        have = np.flatnonzero(count > place)
        rows[have, place] = names.words[names.start[have] + place]
    rows[count > OTHERS + 1] = MORE_WORDS
    return rows


def _without(rows: npt.NDArray[np.uint32], held: Ints) -> npt.NDArray[np.uint32]:
    """The rows of names (word << 32 | name) without that word, which is taken away once where a name has it twice."""
    own = rows[held & 0xFFFFFFFF]
    at = (own == (held >> 32).astype(np.uint32)[:, None]).argmax(axis=1)
    places = np.arange(OTHERS)
    return np.take_along_axis(own, places + (places >= at[:, None]), axis=1)
