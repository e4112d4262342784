"""The declared names of a batch as arrays: each word once, with what the list has to say about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pratique.flow.screening.hashing import (
    MAX_TOKEN,
    Hashes,
    Ints,
    Words,
    as_words,
    first_letters,
    lengths_of,
    signature_bits,
    sorted_once,
    texts,
)
from pratique.flow.screening.index import (
    NameIndex,
    neighbours_in_names,
    numbers_joined,
    numbers_of_acronyms,
    sound_of_both,
)
from pratique.flow.screening.match import JOINED, MIN_CUT_OFF, MIN_JOINED
from pratique.flow.screening.normalise import SHORTEST_ACRONYM, Name
from pratique.flow.screening.similarity import EQUAL
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

ANY_WEIGHT: Final = 1 << 20
"""More than any name weighs: where it is not known how much of the listed name a word may answer to."""


@dataclass(frozen=True, slots=True)
class Links:
    """What each place may answer to: the targets of place ``p`` are ``target[start[p]:start[p + 1]]``."""

    start: Ints
    target: Ints

    def of(self, places: Ints) -> tuple[Ints, Ints]:
        """All pairs (number of the place in ``places``, target)."""
        which, at = expand(self.start[places], self.start[places + 1])
        return which, self.target[at]


@dataclass(frozen=True, slots=True)
class Declared:
    """Places of words, name by name. Per place: weight, best similarity on the list, and how it can be looked up."""

    owner: Ints  # the declared name of a place
    word: Ints  # number of the distinct declared word
    first: npt.NDArray[np.uint8]  # code of the first letter
    is_letter: npt.NDArray[np.bool_]
    weight: Ints
    information: Ints
    best: Ints  # best similarity in thousandths; 0: no listed word answers
    same: Hashes  # signature of the very word, where it is listed
    best_other: Ints  # best similarity of any other listed word, or of the word joined or split
    covers: Ints  # the most weight of a listed name that the word may answer to without standing in it
    signature: Hashes  # of all other listed words that answer
    joined_signature: Hashes
    words: Links  # listed words that answer, alone or with the neighbouring declared word
    names: Links  # listed names in which the word stands as two
    is_half: npt.NDArray[np.bool_]  # some listed word answers to it together with its neighbour
    halves: Ints  # place << 32 | listed word, sorted: every such place and word
    alike: Ints  # declared word << 32 | listed word, sorted: every pair of words that are alike
    similarity: Ints  # of each such pair
    word_pairs: Mapping[tuple[str, str], bool]  # the same by words; whether a table holds them as one name


def describe(index: NameIndex, names: Sequence[Name]) -> Declared:
    """The batch as arrays. Each distinct word is looked up once, whoever bears it."""
    flat = [(word, name.cut and at == len(name.tokens) - 1) for name in names for at, word in enumerate(name.tokens)]
    distinct = {key: number for number, key in enumerate(dict.fromkeys(flat))}
    word_at = np.array([distinct[key] for key in flat], dtype=np.int64)
    owner = np.repeat(np.arange(len(names), dtype=np.int64), [len(name.tokens) for name in names])
    words = as_words([word for word, _ in distinct])
    near = _near(index, words, np.array([cut for _, cut in distinct], dtype=bool))
    told = [word for word, _ in distinct]
    joined_word, joined_entry = _standing_for_several(index, told)
    best, covers, signature = _answers(index, near, joined_word, len(words))
    same = _same(index, near, len(words))
    joined_signature = np.zeros(len(words), dtype=np.uint64)
    np.bitwise_or.at(joined_signature, joined_word, signature_bits(index.joined_hashes[joined_entry]))
    split_place, split_word = _answering_together(index, names, told, word_at, owner)
    best, covers, signature = best[word_at], covers[word_at], signature[word_at]
    np.maximum.at(best, split_place, JOINED)
    np.maximum.at(covers, split_place, index.word_weights[split_word])
    np.bitwise_or.at(signature, split_place, signature_bits(index.vocabulary.hashes[split_word]))
    near_place, near_word = _links(near.declared, near.listed, len(words)).of(word_at)
    is_half = np.zeros(len(flat), dtype=bool)
    is_half[split_place] = True
    alike, similarity = _pairs(near)
    weight, information = _worth(index, told, near)
    return Declared(
        owner,
        word_at,
        first_letters(words)[word_at],
        (lengths_of(words) == 1)[word_at],
        weight[word_at],
        information[word_at],
        np.where(same[word_at] != 0, EQUAL, best),
        same[word_at],
        best,
        covers,
        signature,
        joined_signature[word_at],
        _links(np.concatenate([near_place, split_place]), np.concatenate([near_word, split_word]), len(flat)),
        _links(
            *_links(joined_word, index.joined_names[joined_entry].astype(np.int64), len(words)).of(word_at), len(flat)
        ),
        is_half,
        sorted_once((split_place << 32) | split_word),
        alike,
        similarity,
        _word_pairs(index, told, near),
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


def _pairs(near: Neighbours) -> tuple[Ints, Ints]:
    """Each pair of words once, sorted, with the better of its similarities."""
    keys = (near.declared << 32) | near.listed
    order = np.lexsort((-near.similarity, keys))
    alike, first = np.unique(keys[order], return_index=True)
    return alike, near.similarity[order][first]


def _same(index: NameIndex, near: Neighbours, count: int) -> Hashes:
    """Per distinct word the bit of the same listed word; 0 where there is none."""
    same = np.zeros(count, np.uint64)
    equal = near.similarity == EQUAL
    same[near.declared[equal]] = signature_bits(index.vocabulary.hashes[near.listed[equal]])
    return same


def _answers(index: NameIndex, near: Neighbours, joined_word: Ints, count: int) -> tuple[Ints, Ints, Hashes]:
    """Per distinct word, of all but the same listed word: best similarity, most weight it may answer to, and bits."""
    best, covers, signature = np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(count, np.uint64)
    other = near.similarity != EQUAL
    declared, listed = near.declared[other], near.listed[other]
    np.maximum.at(best, declared, near.similarity[other])
    np.maximum.at(best, joined_word, JOINED)
    np.maximum.at(covers, declared, index.word_weights[listed])
    covers[joined_word] = ANY_WEIGHT
    np.bitwise_or.at(signature, declared, signature_bits(index.vocabulary.hashes[listed]))
    return best, covers, signature


def _worth(index: NameIndex, words: Sequence[str], near: Neighbours) -> tuple[Ints, Ints]:
    """Weight and information of each distinct declared word: the list's own where it stands there, else of a rare one.

    A word that the list does not hold is weighed as if one name held it.
    """
    worth = [listed_worth(word, names=index.size, holding=1) for word in words]
    weight = np.array([each.weight for each in worth], dtype=np.int64)
    information = np.array([each.information for each in worth], dtype=np.int64)
    same = near.similarity == EQUAL
    weight[near.declared[same]] = index.word_weights[near.listed[same]]
    information[near.declared[same]] = index.word_information[near.listed[same]]
    return weight, information


def _word_pairs(index: NameIndex, words: Sequence[str], near: Neighbours) -> dict[tuple[str, str], bool]:
    pairs = zip((words[at] for at in near.declared.tolist()), texts(index.vocabulary.words[near.listed]), strict=True)
    return dict(zip(pairs, near.is_variant.tolist(), strict=True))


def _standing_for_several(index: NameIndex, words: Sequence[str]) -> tuple[Ints, Ints]:
    """Words that may be two listed words read as one, or an acronym: their places, and those in ``joined_hashes``."""
    long = [at for at, word in enumerate(words) if len(word) >= SHORTEST_ACRONYM]
    of = np.array(long, dtype=np.int64)
    told = [words[at] for at in long]
    found, entry = look_up(index.joined_hashes, np.concatenate([numbers_joined(told), numbers_of_acronyms(told)]))
    return np.concatenate([of, of, of])[found], entry


def _answering_together(
    index: NameIndex, names: Sequence[Name], words: Sequence[str], word_at: Ints, owner: Ints
) -> tuple[Ints, Ints]:
    """Places at which a listed word stands when they are read with others: the next or the last one, or all of them."""
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
    return (
        np.concatenate([first[at], second[at], place]),
        np.concatenate([listed, listed, found.listed[named]]),
    )


def _links(source: Ints, target: Ints, count: int) -> Links:
    order = np.argsort(source, kind="stable")
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.bincount(source, minlength=count))])
    return Links(start, target[order])
