"""The likeness of two plain words as one compiled loop over many pairs.

The rules and their constants are those of :mod:`~pratique.flow.screening.similarity`. Edits are counted by bits, all
letters of one word at once (H. Hyyrö, A bit-vector algorithm for computing Levenshtein and Damerau edit distances,
2003; the variant in which a stretch is not edited twice).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pratique.flow.compiled import compiled, compiled_apart
from pratique.flow.screening import similarity as rules
from pratique.flow.screening.hashing import Hashes, Ints

Letters = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

NOT_PLAIN = -1
"""Stands for the likeness of pairs of which one word is not plain."""

_CODES = 128
_MOST_EDITS = 2


class Plain(NamedTuple):
    """Words with what their likeness depends on, one entry (row) of each array for a word."""

    letters: Letters
    sounds: Letters
    skeletons: Hashes
    skeleton_lengths: Letters
    misreads: Hashes
    is_plain: Flags
    is_known: Flags
    has_article: Flags
    behind: Hashes
    behind_sounds: Hashes


class Patterns(NamedTuple):
    """For each code of a letter the places (bits) at which a declared word, and its sound, have it."""

    word: Hashes
    sound: Hashes


@compiled_apart
def likeness_of_plain(declared: Plain, listed: Plain, pairs: Ints, one_name: Flags, powers: Hashes) -> Ints:
    """Thousandths for each pair (declared << 32 | listed), ``NOT_PLAIN`` where one is not plain.

    Pairs of one declared word stand together. ``one_name`` says where a table holds both as one name.
    """
    found = np.empty(len(pairs), np.int64)
    patterns = Patterns(np.zeros(_CODES, np.uint64), np.zeros(_CODES, np.uint64))
    last = -1
    length = heard_length = 0
    for pair in range(len(pairs)):
        own, other = pairs[pair] >> 32, pairs[pair] & 0xFFFFFFFF
        if not (declared.is_plain[own] and listed.is_plain[other]):
            found[pair] = NOT_PLAIN
            continue
        if own != last:
            if last >= 0:
                _forget(patterns.word, declared.letters[last])
                _forget(patterns.sound, declared.sounds[last])
            length = _learn(patterns.word, declared.letters[own])
            heard_length = _learn(patterns.sound, declared.sounds[own])
            last = own
        word, sounding = listed.letters[other], listed.sounds[other]
        shape = length, _length(word), heard_length, _length(sounding)
        edits = _edits(patterns.word, word, (shape[0], shape[1], _MOST_EDITS))
        heard = _edits(patterns.sound, sounding, (shape[2], shape[3], rules.VOWELS_APART))
        best = 0
        if edits == 0:
            best = rules.EQUAL
        else:
            same_beginning = declared.letters[own, 0] == word[0]
            best = max(_edited(edits, shape, same_beginning), _sounding(heard, shape))
            best = max(best, _same_consonants(declared, listed, own, other, heard))
            if best < rules.ARTICLE and (
                _is_behind_article(declared, own, listed, other, powers)
                or _is_behind_article(listed, other, declared, own, powers)
            ):
                best = rules.ARTICLE
            misread = declared.misreads[own]
            if best < rules.MISREAD and misread != 0 and misread == listed.misreads[other]:
                best = rules.MISREAD
            best = _as_short_or_known(best, shape, declared.is_known[own] and listed.is_known[other])
        if one_name[pair]:
            short = rules.SHORT_VARIANT if min(shape[0], shape[1]) <= rules.SHORTEST_SURE else 0
            best = max(best, rules.VARIANT - short)
        found[pair] = best if best >= rules.LEAST else 0
    return found


@compiled
def _length(word: Letters) -> int:
    length = 0
    while length < len(word) and word[length]:
        length += 1
    return length


@compiled
def _learn(pattern: Hashes, word: Letters) -> int:
    """Notes at which places the word has each letter; gives how many letters it has."""
    length = 0
    while length < len(word) and word[length]:
        pattern[word[length]] |= np.uint64(1) << np.uint64(length)
        length += 1
    return length


@compiled
def _forget(pattern: Hashes, word: Letters) -> None:
    for letter in word:
        pattern[letter] = np.uint64(0)


@compiled_apart
def _edits(pattern: Hashes, word: Letters, told: tuple[int, int, int]) -> int:
    """Letters wrong, missing, too many or swapped between the learned word and this one; ``most`` + 1 where more."""
    learned, length, most = told
    if abs(learned - length) > most:
        return most + 1
    if learned == 0:
        return min(length, most + 1)
    one = np.uint64(1)
    last = one << np.uint64(learned - 1)
    more, fewer, diagonal, before = ~np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0)
    edits = learned
    for at in range(length):
        same = pattern[word[at]]
        swapped = ((~diagonal & same) << one) & before
        diagonal = (((same & more) + more) ^ more) | same | fewer | swapped
        up, down = fewer | ~(diagonal | more), diagonal & more
        edits += (up & last != 0) - (down & last != 0)
        up, down = (up << one) | one, down << one
        more, fewer = down | ~(diagonal | up), up & diagonal
        before = same
    return min(edits, most + 1)


@compiled
def _edited(edits: int, shape: tuple[int, int, int, int], same_beginning: bool) -> int:
    shorter = min(shape[0], shape[1])
    if shorter < 3 or (shorter < 5 and not same_beginning):
        return 0
    if edits > (1 if shorter < 6 else 2):
        return 0
    return rules.EQUAL - rules.EDIT_COST * edits // max(shape[0], shape[1])


@compiled
def _sounding(heard: int, shape: tuple[int, int, int, int]) -> int:
    if min(shape[0], shape[1]) < 3:
        return 0
    if heard == 0:
        return rules.SOUND
    shorter = min(shape[2], shape[3])
    if shorter < 4 or heard > (1 if shorter < 8 else 2):
        return 0
    return rules.SOUND_WITH_EDITS - rules.EDIT_COST * heard // max(shape[2], shape[3])


@compiled_apart
def _same_consonants(declared: Plain, listed: Plain, own: int, other: int, heard: int) -> int:
    same = declared.skeletons[own]
    if same == 0 or same != listed.skeletons[other] or heard > rules.VOWELS_APART:
        return 0
    short = rules.VOWEL_COST if declared.skeleton_lengths[own] == rules.SHORTEST_SKELETON else 0
    return rules.SKELETON - short - rules.VOWEL_COST * (heard - 1)


@compiled_apart
def _is_behind_article(one: Plain, at: int, other: Plain, where: int, powers: Hashes) -> bool:
    """Whether the word behind the article of one is, or sounds like, the other word, which has none."""
    if one.behind[at] == 0 or other.has_article[where]:
        return False
    if one.behind[at] == _number(other.letters[where], powers):
        return True
    return bool(one.behind_sounds[at] == _number(other.sounds[where], powers))


@compiled
def _number(word: Letters, powers: Hashes) -> np.uint64:
    number = np.uint64(0)
    for at in range(len(word)):
        number += np.uint64(word[at]) * powers[at]
    return number


@compiled
def _as_short_or_known(best: int, shape: tuple[int, int, int, int], both_known: bool) -> int:
    if best > 0 and min(shape[0], shape[1]) < rules.SHORTEST_SURE:
        best -= rules.SHORT
    return best * rules.KNOWN_APART // 1000 if best < rules.SOUND and both_known else best
