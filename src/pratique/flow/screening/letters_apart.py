"""The likeness of two plain words as one compiled loop over many pairs.

The rules and their constants are those of :mod:`~pratique.flow.screening.similarity`. Edits are counted by bits, all
letters of one word at once (H. Hyyrö, A bit-vector algorithm for computing Levenshtein and Damerau edit distances,
2003; the variant in which a stretch is not edited twice).

The arrays are taken out of their tuple once and rows are reached by their number: a tuple or a row handed on would be
counted for each pair, which took nine tenths of the time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pratique.flow.compiled import compiled, compiled_apart
from pratique.flow.screening import similarity as rules
from pratique.flow.screening.hashing import Hashes, Ints
from pratique.flow.screening.plain_words import NOT_PLAIN, Flags, Letters, Plain

_CODES = 128
_MOST_EDITS = 2


class Word(NamedTuple):
    """The declared word at hand."""

    length: int
    heard_length: int
    first: np.uint8
    skeleton: np.uint64
    costs: int  # what equal consonants are worth less because they are few
    misread: np.uint64
    is_plain: bool
    is_known: bool
    has_prefix: bool
    behind: np.uint64
    behind_worth: int
    behind_sound: np.uint64
    number: np.uint64
    sound_number: np.uint64


@compiled_apart
def likeness_of_plain(declared: Plain, listed: Plain, pairs: Ints, one_name: Flags, powers: Hashes) -> Ints:
    """Thousandths for each pair (declared << 32 | listed), ``NOT_PLAIN`` where one is not plain.

    Pairs of one declared word stand together. ``one_name`` says where a table holds both as one name.
    """
    letters, sounds, skeletons, misreads = listed.letters, listed.sounds, listed.skeletons, listed.misreads
    has_prefix, behind, behind_sounds = listed.has_prefix, listed.behind, listed.behind_sounds
    is_plain, is_known = listed.is_plain, listed.is_known
    found = np.empty(len(pairs), np.int64)
    pattern, heard_pattern = np.zeros(_CODES, np.uint64), np.zeros(_CODES, np.uint64)
    last = -1
    for pair in range(len(pairs)):
        at, other = pairs[pair] >> 32, pairs[pair] & 0xFFFFFFFF
        if at != last:
            own = _learned(declared, at, (pattern, heard_pattern), powers)
            last = at
        if not (own.is_plain and is_plain[other]):
            found[pair] = NOT_PLAIN
            continue
        shape = own.length, _length(letters, other), own.heard_length, _length(sounds, other)
        edits = _edits(pattern, letters, other, (shape[0], shape[1], _MOST_EDITS))
        best = rules.EQUAL
        if edits:
            heard = _edits(heard_pattern, sounds, other, (shape[2], shape[3], rules.VOWELS_APART))
            best = max(_edited(edits, shape, own.first == letters[other, 0]), _sounding(heard, shape))
            if own.skeleton != 0 and own.skeleton == skeletons[other]:
                best = max(best, _same_consonants(heard, own.costs))
            if best < rules.ARTICLE and own.behind != 0 and not has_prefix[other]:
                if _is_behind(own, letters, sounds, other, powers):
                    best = max(best, own.behind_worth)
            elif behind[other] != 0 and _is_own_behind(own, behind[other], behind_sounds[other]):
                best = max(best, _behind_worth(letters, other))
            if best < rules.MISREAD and own.misread != 0 and own.misread == misreads[other]:
                best = rules.MISREAD
            best = _as_short_or_known(best, shape, own.is_known and is_known[other])
        if one_name[pair]:
            short = rules.SHORT_VARIANT if min(shape[0], shape[1]) <= rules.SHORTEST_SURE else 0
            best = max(best, rules.VARIANT - short)
        found[pair] = best if best >= rules.LEAST else 0
    return found


@compiled_apart
def _learned(declared: Plain, at: int, patterns: tuple[Hashes, Hashes], powers: Hashes) -> Word:
    """The declared word; at which places it and its sound have each letter is noted in ``patterns``."""
    few = declared.skeleton_lengths[at] == rules.SHORTEST_SKELETON
    return Word(
        _learn(patterns[0], declared.letters, at),
        _learn(patterns[1], declared.sounds, at),
        declared.letters[at, 0],
        declared.skeletons[at],
        rules.VOWEL_COST if few else 0,
        declared.misreads[at],
        declared.is_plain[at],
        declared.is_known[at],
        declared.has_prefix[at],
        declared.behind[at],
        _behind_worth(declared.letters, at),
        declared.behind_sounds[at],
        _number(declared.letters, at, powers),
        _number(declared.sounds, at, powers),
    )


@compiled
def _length(letters: Letters, word: int) -> int:
    length = 0
    while length < letters.shape[1] and letters[word, length]:
        length += 1
    return length


@compiled
def _learn(pattern: Hashes, letters: Letters, word: int) -> int:
    """Notes at which places the word has each letter, and nothing else; gives how many letters it has."""
    pattern[:] = 0
    length = 0
    while length < letters.shape[1] and letters[word, length]:
        pattern[letters[word, length]] |= np.uint64(1) << np.uint64(length)
        length += 1
    return length


@compiled
def _edits(pattern: Hashes, letters: Letters, word: int, told: tuple[int, int, int]) -> int:
    """Letters wrong, missing, too many or swapped between the learned word and this one; ``most`` + 1 where more."""
    learned, length, most = told
    if abs(learned - length) > most:
        return most + 1
    if learned == 0:
        return min(length, most + 1)
    one = np.uint64(1)
    last = np.uint64(learned - 1)
    more, fewer, diagonal, before = ~np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0)
    edits = learned
    for at in range(length):
        same = pattern[letters[word, at]]
        swapped = ((~diagonal & same) << one) & before
        diagonal = (((same & more) + more) ^ more) | same | fewer | swapped
        up, down = fewer | ~(diagonal | more), diagonal & more
        edits += int(up >> last & one) - int(down >> last & one)
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


@compiled
def _same_consonants(heard: int, costs: int) -> int:
    if heard > rules.VOWELS_APART:
        return 0
    return rules.SKELETON - costs - rules.VOWEL_COST * (heard - 1)


@compiled
def _behind_worth(letters: Letters, word: int) -> int:
    """How far a word is alike to what stands behind its article, or behind ABD."""
    return rules.SERVANT if letters[word, 1] == rules.SECOND_LETTER_OF_SERVANT else rules.ARTICLE


@compiled
def _is_behind(own: Word, letters: Letters, sounds: Letters, other: int, powers: Hashes) -> bool:
    """Whether the word behind the article or ABD of the declared one is, or sounds like, a listed one."""
    return bool(own.behind == _number(letters, other, powers) or own.behind_sound == _number(sounds, other, powers))


@compiled
def _is_own_behind(own: Word, behind: np.uint64, behind_sound: np.uint64) -> bool:
    """Whether the declared word has none of these and is, or sounds like, what stands behind that of a listed one."""
    return not own.has_prefix and bool(behind == own.number or behind_sound == own.sound_number)


@compiled
def _number(letters: Letters, word: int, powers: Hashes) -> np.uint64:
    number = np.uint64(0)
    for at in range(letters.shape[1]):
        number += np.uint64(letters[word, at]) * powers[at]
    return number


@compiled
def _as_short_or_known(best: int, shape: tuple[int, int, int, int], both_known: bool) -> int:
    if best > 0 and min(shape[0], shape[1]) < rules.SHORTEST_SURE:
        best -= rules.SHORT
    return best * rules.KNOWN_APART // 1000 if best < rules.SOUND and both_known else best
