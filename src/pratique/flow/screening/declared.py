"""The declared names of a batch as arrays: each word once, with what the list has to say about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pratique.flow.screening.hashing import (
    MAX_TOKEN,
    Ints,
    Words,
    as_words,
    lengths_of,
    sorted_once,
    texts,
)
from pratique.flow.screening.index import (
    NameIndex,
    PartIndex,
    neighbours_in_names,
    numbers_joined,
    numbers_of_acronyms,
    sound_of_both,
)
from pratique.flow.screening.match import MIN_CUT_OFF, MIN_JOINED
from pratique.flow.screening.normalise import SHORTEST_ACRONYM, Name
from pratique.flow.screening.similarity import EQUAL
from pratique.flow.screening.traffic import Traffic
from pratique.flow.screening.vocabulary import (
    Neighbours,
    equal_words,
    expand,
    look_up,
    neighbours,
    words_beginning_with,
    words_sounding_like,
)
from pratique.flow.screening.weights import listed_worth
from pratique.flow.screening.word_facts import NUMBER_OF_WORD, facts_of


class Links(NamedTuple):
    """What each of some things answers to: the targets of thing ``t`` are ``target[start[t]:start[t + 1]]``."""

    start: Ints
    target: Ints

    def of(self, things: Ints) -> tuple[Ints, Ints]:
        """All pairs (number of the thing in ``things``, target)."""
        which, at = expand(self.start[things], self.start[things + 1])
        return which, self.target[at]


@dataclass(frozen=True, slots=True)
class Declared:
    """Distinct words of a batch, and the places at which they stand, name by name."""

    count: Ints  # places of each name
    word: Ints  # of a place: the number of the distinct word
    weight: Ints  # of each distinct word, as all that follows
    information: Ints
    facts: Ints
    near: Links  # listed words that are alike, the most alike first
    similarity: Ints  # of each such pair, in thousandths
    whole: Links  # listed names in which the word stands as several
    half: Links  # of a place: listed words that answer to it together with other words of its name
    is_variant: npt.NDArray[np.bool_]  # whether a table holds such a pair as one name
    text: Sequence[str]  # the distinct words

    def word_pairs(self, index: NameIndex, wanted: Ints) -> dict[tuple[str, str], bool]:
        """Of these pairs of words (declared << 32 | listed, in order) all that are alike.

        Tells whether a table holds them as one name.
        """
        words = sorted_once(wanted >> 32)
        which, at = expand(self.near.start[words], self.near.start[words + 1])
        pairs = (words[which] << 32) | self.near.target[at]
        pairs, of = np.intersect1d(pairs, wanted, assume_unique=True, return_indices=True)[:2]
        own = (self.text[word] for word in (pairs >> 32).tolist())
        other = texts(index.vocabulary.words[pairs & 0xFFFFFFFF])
        return dict(zip(zip(own, other, strict=True), self.is_variant[at[of]].tolist(), strict=True))

    def words_of_both(self, index: NameIndex, pairs: Ints) -> Ints:
        """The pairs of words (declared << 32 | listed, in order) that stand in pairs of names, which are given so."""
        first = np.cumsum(self.count) - self.count
        own, other = pairs >> 32, pairs & 0xFFFFFFFF
        begin, end = index.name_start[other], index.name_start[other + 1]
        several, at = expand(begin, end)
        of, place = expand(first[own[several]], first[own[several]] + self.count[own[several]])
        return sorted_once((self.word[place] << 32) | (index.name_words[at[of]] & NUMBER_OF_WORD))


def describe(index: NameIndex, names: Sequence[Name], traffic: Traffic | None = None) -> Declared:
    """The batch as arrays. Each distinct word is looked up once, whoever bears it.

    What a declared word proves at most says the ``traffic``, where there is a table of it. Two words prove what the one
    of them proves that proves less, so that every bound that is made of declared words holds.
    """
    flat = [(word, name.cut and at == len(name.tokens) - 1) for name in names for at, word in enumerate(name.tokens)]
    distinct = {key: number for number, key in enumerate(dict.fromkeys(flat))}
    word_at = np.array([distinct[key] for key in flat], dtype=np.int64)
    count = np.array([len(name.tokens) for name in names], dtype=np.int64)
    told = [word for word, _ in distinct]
    words = as_words(told)
    near = _near(index, words, np.array([cut for _, cut in distinct], dtype=bool))
    links, of_pair = _pairs(near, len(words))
    weight, information = _worth(index, told, near)
    if traffic is not None:
        information = np.minimum(information, np.array([traffic.information(word) for word in told], dtype=np.int64))
    return Declared(
        count,
        word_at,
        weight,
        information,
        facts_of(told, weight, information),
        links,
        near.similarity[of_pair],
        _standing_for_several(index, told),
        _answering_together(index, names, told, word_at, np.repeat(np.arange(len(names), dtype=np.int64), count)),
        near.is_variant[of_pair],
        told,
    )


def _near(index: NameIndex, words: Words, is_cut: npt.NDArray[np.bool_]) -> Neighbours:
    """Listed words that equal a declared word, are a few edits away or, where it is cut, begin with it."""
    near = neighbours(index.vocabulary, words)
    cut = np.flatnonzero(is_cut & (lengths_of(words) >= MIN_CUT_OFF))
    longer = words_beginning_with(index.vocabulary, words[cut])
    return Neighbours(
        np.concatenate([near.declared, cut[longer.declared]]),
        np.concatenate([near.listed, longer.listed]),
        np.concatenate([near.similarity, longer.similarity]),
        np.concatenate([near.is_variant, longer.is_variant]),
    )


def _pairs(near: Neighbours, count: int) -> tuple[Links, Ints]:
    """Each pair of words once, and its place in ``near``, for each declared word the most alike first.

    A cut word that is like a longer one counts as that.
    """
    keys = (near.declared << 32) | near.listed
    pairs, first = np.unique(keys, return_index=True)
    start = np.searchsorted(pairs, np.arange(count + 1, dtype=np.int64) << 32).astype(np.int64)
    order = np.lexsort((-near.similarity[first], pairs >> 32))
    return Links(start, pairs[order] & 0xFFFFFFFF), first[order]


def _worth(index: NameIndex, words: Sequence[str], near: Neighbours) -> tuple[Ints, Ints]:
    """Weight and information of each distinct declared word: the list's own where it stands there, else of a rare one.

    A word that the list does not hold is weighed as if one name held it.
    """
    whole = index.whole if isinstance(index, PartIndex) else index
    worth = [listed_worth(word, names=whole.size, holding=1) for word in words]
    weight = np.array([each.weight for each in worth], dtype=np.int64)
    information = np.array([each.information for each in worth], dtype=np.int64)
    found = equal_words(whole.vocabulary, as_words(words)) if whole is not index else near
    same = found.similarity == EQUAL
    weight[found.declared[same]] = whole.word_weights[found.listed[same]]
    information[found.declared[same]] = whole.word_information[found.listed[same]]
    return weight, information


def _standing_for_several(index: NameIndex, words: Sequence[str]) -> Links:
    """The listed names in which a distinct word may stand as two words, or of which it may be the acronym."""
    long = [at for at, word in enumerate(words) if len(word) >= SHORTEST_ACRONYM]
    of = np.array(long, dtype=np.int64)
    told = [words[at] for at in long]
    found, entry = look_up(index.joined_hashes, np.concatenate([numbers_joined(told), numbers_of_acronyms(told)]))
    return _links(np.concatenate([of, of, of])[found], index.joined_names[entry].astype(np.int64), len(words))


def _answering_together(
    index: NameIndex, names: Sequence[Name], words: Sequence[str], word_at: Ints, owner: Ints
) -> Links:
    """For each place the listed words that stand there when it is read with others: the next, the last, or all."""
    first, second = neighbours_in_names(owner)
    pairs = (word_at[first] << 32) | word_at[second]
    distinct, which = np.unique(pairs, return_inverse=True)
    both = zip((distinct >> 32).tolist(), (distinct & 0xFFFFFFFF).tolist(), strict=True)
    halves = [(words[one], words[other]) for one, other in both]
    joined = [one + other for one, other in halves]
    fitting = [MIN_JOINED <= len(word) <= MAX_TOKEN for word in joined]
    pair, sounding = words_sounding_like(
        index.vocabulary,
        [word if fits else "" for word, fits in zip(joined, fitting, strict=True)],
        [sound_of_both(*half) if fits else "" for half, fits in zip(halves, fitting, strict=True)],
    )
    at, listed = _links(pair, sounding, len(joined)).of(which)
    acronyms = [(number, acronym) for number, name in enumerate(names) for acronym in name.acronyms]
    found = equal_words(index.vocabulary, as_words([acronym for _, acronym in acronyms]))
    of = np.array([number for number, _ in acronyms], dtype=np.int64)[found.declared]
    count = np.bincount(owner, minlength=len(names))
    begin = np.cumsum(count) - count
    named, place = expand(begin[of], begin[of] + count[of])
    places = np.concatenate([first[at], second[at], place])
    once = sorted_once((places << 32) | np.concatenate([listed, listed, found.listed[named]]))
    return _links(once >> 32, once & 0xFFFFFFFF, len(word_at))


def _links(source: Ints, target: Ints, count: int) -> Links:
    order = np.argsort(source, kind="stable")
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.bincount(source, minlength=count))])
    return Links(start, target[order])
