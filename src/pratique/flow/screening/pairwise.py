"""The likeness of many pairs of words at once: the same as :func:`~pratique.flow.screening.similarity.likeness` gives.

Nearly all pairs are of two plain words (capitals only), whose distances are taken by columns. The few others are
compared one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from pratique.flow.screening import similarity as rules
from pratique.flow.screening.hashing import Hashes, Ints, Words, as_words, first_letters, hashes_of, lengths_of, texts
from pratique.flow.screening.rarity import is_known_name
from pratique.flow.screening.sounds import consonants, sound

Flags = npt.NDArray[np.bool_]
_NONE: Final = np.uint64(0)


@dataclass(frozen=True, slots=True)
class Forms:
    """Words with what their likeness depends on, one entry of each array for a word."""

    words: Words
    sounds: Words  # empty where the word is not plain
    skeletons: Hashes  # number of the consonants; 0 where they are too few
    skeleton_lengths: npt.NDArray[np.uint8]
    misreads: Hashes  # number of the word as a machine may read it; 0 where it is too short
    is_plain: Flags
    is_known: Flags
    has_article: Flags  # begins as a joined article does
    behind: Hashes  # number of the word behind a joined article; 0 where there is none
    behind_sounds: Hashes  # number of its sound

    @classmethod
    def of(cls, words: Words) -> Self:
        """The forms of words."""
        told = texts(words)
        plain = [word.isalpha() and word.isupper() for word in told]
        behind = [rules.without_article(word) if is_plain else "" for word, is_plain in zip(told, plain, strict=True)]
        skeletons = [consonants(word) if is_plain else "" for word, is_plain in zip(told, plain, strict=True)]
        return cls(
            words,
            as_words([sound(word) if is_plain else "" for word, is_plain in zip(told, plain, strict=True)]),
            _numbers([form if len(form) >= rules.SHORTEST_SKELETON else "" for form in skeletons]),
            np.array([len(form) for form in skeletons], dtype=np.uint8),
            _numbers([rules.misread(word) if len(word) >= rules.SHORTEST_MISREAD else "" for word in told]),
            np.array(plain, dtype=bool),
            np.array([is_known_name(word) for word in told], dtype=bool),
            np.array([word.startswith(rules.ARTICLES) for word in told], dtype=bool),
            _numbers(behind),
            _numbers([sound(word) for word in behind]),
        )

    def at(self, places: Ints) -> Self:
        """The forms at these places."""
        return type(self)(*(getattr(self, field.name)[places] for field in fields(self)))


def similarities(left: Forms, right: Forms, one_name: Flags) -> Ints:
    """Thousandths for each pair of words; ``one_name`` says where a table holds both as one name."""
    found = np.zeros(len(one_name), dtype=np.int64)
    plain = left.is_plain & right.is_plain
    by_columns, one_by_one = np.flatnonzero(plain), np.flatnonzero(~plain)
    found[by_columns] = _of_plain(left.at(by_columns), right.at(by_columns), one_name[by_columns])
    pairs = zip(
        texts(left.words[one_by_one]), texts(right.words[one_by_one]), one_name[one_by_one].tolist(), strict=True
    )
    found[one_by_one] = [rules.likeness(one, other, one_name=same).similarity for one, other, same in pairs]
    return found


def _numbers(forms: Sequence[str]) -> Hashes:
    """The numbers of forms; that of an empty one is 0."""
    return hashes_of(as_words(forms))


def _of_plain(left: Forms, right: Forms, one_name: Flags) -> Ints:
    one, other = lengths_of(left.words), lengths_of(right.words)
    shorter = np.minimum(one, other)
    heard_one, heard_other = lengths_of(left.sounds), lengths_of(right.sounds)
    edits = _distances(left.words, right.words, 2)
    heard = _distances(left.sounds, right.sounds, rules.VOWELS_APART)
    edited = _edited(edits, np.maximum(one, other), _edits_allowed(left, right, shorter))
    sounding = _sounding(heard, np.minimum(heard_one, heard_other), np.maximum(heard_one, heard_other), shorter)
    best = np.maximum(np.maximum(edited, sounding), _skeleton(left, right, heard))
    best = np.where(_behind_article(left, right) | _behind_article(right, left), np.maximum(best, rules.ARTICLE), best)
    may_be_misread = (best < rules.MISREAD) & (left.misreads == right.misreads) & (left.misreads != _NONE)
    best = np.where(may_be_misread, rules.MISREAD, best)
    best = np.where(edits == 0, rules.EQUAL, best)
    short = rules.SHORT * (shorter < rules.SHORTEST_SURE)
    best = np.where((best > 0) & (best < rules.EQUAL), best - short, best)
    apart = (best < rules.SOUND) & left.is_known & right.is_known
    best = np.where(apart, best * rules.KNOWN_APART // 1000, best)
    best = np.where(
        one_name, np.maximum(best, rules.VARIANT - rules.SHORT_VARIANT * (shorter <= rules.SHORTEST_SURE)), best
    )
    return np.where(best >= rules.LEAST, best, 0)


def _distances(left: Words, right: Words, most: int) -> Ints:
    """Edits between pairs of words; ``most`` + 1 where there are more."""
    found: Ints = cpdist(left.tolist(), right.tolist(), scorer=OSA.distance, score_cutoff=most, dtype=np.int64)
    return found


def _edits_allowed(left: Forms, right: Forms, shorter: Ints) -> Ints:
    another_beginning = (shorter < 5) & (first_letters(left.words) != first_letters(right.words))
    return np.where((shorter < 3) | another_beginning, 0, np.where(shorter < 6, 1, 2))


def _edited(edits: Ints, longer: Ints, allowed: Ints) -> Ints:
    within = (edits <= allowed) & (allowed > 0)
    return np.where(within, rules.EQUAL - rules.EDIT_COST * edits // np.maximum(longer, 1), 0)


def _sounding(heard: Ints, shorter_heard: Ints, longer_heard: Ints, shorter: Ints) -> Ints:
    allowed = np.where(shorter_heard < 4, 0, np.where(shorter_heard < 8, 1, 2))
    within = (heard <= allowed) & (allowed > 0)
    edited = np.where(within, rules.SOUND_WITH_EDITS - rules.EDIT_COST * heard // np.maximum(longer_heard, 1), 0)
    return np.where(shorter < 3, 0, np.where(heard == 0, rules.SOUND, edited))


def _skeleton(left: Forms, right: Forms, heard: Ints) -> Ints:
    same = (left.skeletons == right.skeletons) & (left.skeletons != _NONE) & (heard <= rules.VOWELS_APART)
    short = rules.VOWEL_COST * (left.skeleton_lengths == rules.SHORTEST_SKELETON)
    return np.where(same, rules.SKELETON - short - rules.VOWEL_COST * (heard - 1), 0)


def _behind_article(one: Forms, other: Forms) -> Flags:
    """Whether the word behind the article of one is, or sounds like, the other word, which has none."""
    behind: Flags = (one.behind != _NONE) & ~other.has_article
    few = np.flatnonzero(behind)
    same_word = one.behind[few] == hashes_of(other.words[few])
    behind[few] = same_word | (one.behind_sounds[few] == hashes_of(other.sounds[few]))
    return behind
