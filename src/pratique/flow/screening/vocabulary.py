"""The words of a list, and which of them a declared word may stand for.

Two words that are one (two) edits apart give the same remainder when one (two) letters are left out of each. So every
listed word is kept under a number for each of its remainders, for those of its sound, for its consonants, for what a
machine may read instead and for its other forms, all sorted; the numbers of a declared word are looked up. What shares
a number is then compared by :mod:`~pratique.flow.screening.pairwise`, which decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt

from pratique.flow.screening.hashing import (
    AT_A_TIME,
    Hashes,
    Ints,
    Words,
    as_words,
    hashes_of,
    hashes_with_letters_left_out,
    sorted_by_number,
    sorted_once,
    texts,
)
from pratique.flow.screening.pairwise import Forms, similarities
from pratique.flow.screening.scripts import is_without_vowels
from pratique.flow.screening.similarity import (
    CUT_OFF,
    EQUAL,
    SHORTEST_SKELETON,
    SHORTEST_WITH_DIGITS,
    as_letters,
    misread,
    without_prefix,
)
from pratique.flow.screening.sounds import consonants, sound
from pratique.flow.screening.variants import other_forms

FEW: Final = 1024
TIMES_AS_MANY: Final = 16
MOST_BITS: Final = 24
"""Of numbers that are looked up where many are: so many first bits fill 16 MB."""

_SALTS: Final = {
    name: np.uint64(0x9E3779B97F4A7C15 * number & (1 << 64) - 1)
    for number, name in enumerate(("letters", "sound", "skeleton", "bare_of_full", "bare", "misread"))
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Distinct listed words in the order of their numbers, the same in alphabetical order, and all their keys."""

    words: Words
    sounds: Words
    skeletons: Hashes
    skeleton_lengths: npt.NDArray[np.uint8]
    misreads: Hashes
    is_plain: npt.NDArray[np.bool_]
    is_known: npt.NDArray[np.bool_]
    has_prefix: npt.NDArray[np.bool_]
    behind: Hashes
    behind_sounds: Hashes
    hashes: Hashes
    alphabetical: npt.NDArray[np.int32]
    keys: Hashes
    key_words: npt.NDArray[np.int32]
    forms: Hashes  # numbers of the words that are one name with a listed word
    form_words: npt.NDArray[np.int32]

    @property
    def compared(self) -> Forms:
        """The words with what their likeness depends on."""
        return Forms(*(getattr(self, field.name) for field in fields(Forms)))


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Which listed words (``listed``) a declared word (``declared``) may stand for, in thousandths (``similarity``)."""

    declared: Ints
    listed: Ints
    similarity: Ints
    is_variant: npt.NDArray[np.bool_]  # a table holds both as one name


def build_vocabulary(tokens: Sequence[str]) -> Vocabulary:
    """The vocabulary of distinct words."""
    words = as_words(sorted(tokens))
    hashes = hashes_of(words)
    order = np.argsort(hashes, kind="stable")
    words, hashes = words[order], hashes[order]
    parts: list[tuple[Hashes, Ints]] = []
    compared: list[Forms] = []
    for first in range(0, max(1, len(words)), AT_A_TIME):
        some = words[first : first + AT_A_TIME]
        parts += [(numbers, (first + places).astype(np.int32)) for numbers, places in _keys(some, listed=True)]
        compared.append(Forms.of(some))
    keys, key_words = sorted_by_number(parts)
    del parts
    forms, form_words = sorted_by_number([_forms(words)])
    return Vocabulary(
        **{field.name: np.concatenate([getattr(each, field.name) for each in compared]) for field in fields(Forms)},
        hashes=hashes,
        alphabetical=np.argsort(words, kind="stable").astype(np.int32),
        keys=keys,
        key_words=key_words,
        forms=forms,
        form_words=form_words,
    )


def neighbours(vocabulary: Vocabulary, declared: Words) -> Neighbours:
    """The listed words that each of the distinct ``declared`` words equals or is like."""
    same = equal_words(vocabulary, declared)
    keys, of = _joined(_keys(declared, listed=False))
    left, right = _found(vocabulary.keys, vocabulary.key_words, keys, of)
    form_left, form_right = _found(
        vocabulary.forms, vocabulary.form_words, hashes_of(declared), np.arange(len(declared), dtype=np.int64)
    )
    variants = (form_left << 32) | form_right
    pairs = sorted_once(np.concatenate([(left << 32) | right, variants]))
    is_variant = np.zeros(len(pairs), dtype=bool)
    is_variant[np.searchsorted(pairs, variants)] = True
    similarity = similarities(Forms.of(declared), vocabulary.compared, pairs, is_variant)
    kept = (similarity > 0) & (similarity < EQUAL)
    return Neighbours(
        np.concatenate([same.declared, pairs[kept] >> 32]),
        np.concatenate([same.listed, pairs[kept] & 0xFFFFFFFF]),
        np.concatenate([same.similarity, similarity[kept]]),
        np.concatenate([same.is_variant, is_variant[kept]]),
    )


def equal_words(vocabulary: Vocabulary, declared: Words) -> Neighbours:
    """The listed words that each declared word equals."""
    found, listed = look_up(vocabulary.hashes, hashes_of(declared))
    kept = declared[found] == vocabulary.words[listed]
    found, listed = found[kept], listed[kept]
    return _all_alike(found, listed, 1000)


def words_sounding_like(vocabulary: Vocabulary, declared: Sequence[str], heard: Sequence[str]) -> tuple[Ints, Ints]:
    """Where in ``declared`` and in the vocabulary words stand that are the same or sound so.

    ``heard`` are the sounds of the declared words. Of words with a joined article some that sound otherwise are among
    them.
    """
    sounds = as_words(heard)
    found, at = look_up(vocabulary.keys, hashes_of(sounds) ^ _SALTS["sound"])
    listed = vocabulary.key_words[at]
    kept = (vocabulary.sounds[listed] == sounds[found]) | ~vocabulary.is_plain[listed]
    same = equal_words(vocabulary, as_words(declared))
    pairs = np.concatenate([(found[kept] << 32) | listed[kept], (same.declared << 32) | same.listed])
    return sorted_once(pairs) >> 32, sorted_once(pairs) & 0xFFFFFFFF


def words_beginning_with(vocabulary: Vocabulary, declared: Words) -> Neighbours:
    """The longer listed words that begin with each declared word."""
    if not len(declared) or not len(vocabulary.words):
        return _all_alike(np.empty(0, np.int64), np.empty(0, np.int64), CUT_OFF)
    beyond = np.char.add(declared, b"~")  # sorts behind every letter and digit
    first = np.searchsorted(vocabulary.words, declared, side="left", sorter=vocabulary.alphabetical)
    last = np.searchsorted(vocabulary.words, beyond, side="left", sorter=vocabulary.alphabetical)
    of, places = expand(first, last)
    return _all_alike(of, vocabulary.alphabetical[places].astype(np.int64), CUT_OFF)


def look_up(table: Hashes, wanted: Hashes) -> tuple[Ints, Ints]:
    """Where in ``wanted`` and where in the sorted ``table`` the same number stands: all pairs of places."""
    if len(wanted) < FEW:
        return _places(table, wanted)
    likely = _likely(table, wanted)
    order = likely[np.argsort(wanted[likely])]
    of, places = _places(table, wanted[order])
    return order[of], places


def _places(table: Hashes, wanted: Hashes) -> tuple[Ints, Ints]:
    return expand(table.searchsorted(wanted, side="left"), table.searchsorted(wanted, side="right"))


def _likely(table: Hashes, wanted: Hashes) -> Ints:
    """The places in ``wanted`` of all numbers that the table holds and of a few others, told by their first bits.

    Most of many wanted numbers stand nowhere, and marking the first bits costs less than sorting them.
    """
    if len(wanted) < len(table) // TIMES_AS_MANY:
        return np.arange(len(wanted), dtype=np.int64)
    bits = min(MOST_BITS, (TIMES_AS_MANY * len(table) + 1).bit_length())
    behind = np.uint64(64 - bits)
    is_held = np.zeros(1 << bits, dtype=bool)
    is_held[table >> behind] = True
    return np.flatnonzero(is_held[wanted >> behind])


def expand(first: npt.NDArray[np.intp], last: npt.NDArray[np.intp]) -> tuple[Ints, Ints]:
    """Every place of the ranges ``first`` to ``last`` (not included), with the number of its range."""
    counts = (last - first).astype(np.int64)
    ends = counts.cumsum()
    if not len(ends) or not ends[-1]:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    of = np.arange(len(counts), dtype=np.int64).repeat(counts)
    return of, np.arange(ends[-1], dtype=np.int64) + (first - ends + counts)[of]


def _all_alike(declared: Ints, listed: Ints, similarity: int) -> Neighbours:
    return Neighbours(
        declared, listed, np.full(len(declared), similarity, np.int64), np.zeros(len(declared), dtype=bool)
    )


def _found(table: Hashes, table_words: npt.NDArray[np.int32], wanted: Hashes, of: Ints) -> tuple[Ints, Ints]:
    """Distinct pairs (declared word, listed word) that share a number."""
    at, places = look_up(table, wanted)
    pairs = sorted_once((of[at] << 32) | table_words[places].astype(np.int64))
    return pairs >> 32, pairs & 0xFFFFFFFF


def _keys(words: Words, *, listed: bool) -> Iterator[tuple[Hashes, Ints]]:
    """The numbers under which words are kept (``listed``) or looked up, each with the place of its word."""
    told = texts(words)
    full = [at for at, word in enumerate(told) if word.isalpha() and not is_without_vowels(word)]
    bare = [at for at, word in enumerate(told) if is_without_vowels(word)]
    mixed = [at for at, word in enumerate(told) if not word.isalpha() and not word.isdigit()]
    letters = [*(told[at] for at in [*full, *bare]), *(as_letters(told[at]) for at in mixed)]
    yield _remainders("letters", letters, [*full, *bare, *mixed])
    yield _remainders("sound", [sound(told[at]) for at in full], full)
    behind = [(at, without_prefix(told[at])) for at in full]
    behind = [(at, word) for at, word in behind if word]
    skeletons = [(at, consonants(told[at])) for at in full]
    full_salt, bare_salt = ("bare_of_full", "bare") if listed else ("bare", "bare_of_full")
    read = [at for at in [*full, *mixed] if len(told[at]) >= SHORTEST_WITH_DIGITS]
    yield _numbers(
        ("letters", behind),
        ("sound", [(at, sound(word)) for at, word in behind]),
        ("skeleton", [(at, word) for at, word in skeletons if len(word) >= SHORTEST_SKELETON]),
        (full_salt, skeletons),
        (bare_salt, [(at, consonants(told[at])) for at in bare]),
        ("misread", [(at, misread(told[at])) for at in read]),
    )


def _numbers(*forms: tuple[str, Sequence[tuple[int, str]]]) -> tuple[Hashes, Ints]:
    """The numbers of forms (place of the word, form), each with the salt of its sort, and the places."""
    numbers = hashes_of(as_words([form for _, some in forms for _, form in some]))
    salts = np.repeat(np.array([_SALTS[salt] for salt, _ in forms]), [len(some) for _, some in forms])
    return numbers ^ salts, np.array([at for _, some in forms for at, _ in some], dtype=np.int64)


def _remainders(salt: str, forms: Sequence[str], places: Sequence[int]) -> tuple[Hashes, Ints]:
    """The numbers of all remainders of all forms, with the place of the word."""
    one_from, two_from = (3, 6) if salt == "letters" else (4, 8)
    numbers, of = hashes_with_letters_left_out(as_words(forms), one_from=one_from, two_from=two_from)
    return numbers ^ _SALTS[salt], np.array(places, dtype=np.int64)[of]


def _forms(words: Words) -> tuple[Hashes, Ints]:
    """The numbers of all words that are one name with one of the words, with the place of that word."""
    told = [(at, form) for at, word in enumerate(texts(words)) for form in sorted(other_forms(word))]
    return hashes_of(as_words([form for _, form in told])), np.array([at for at, _ in told], dtype=np.int64)


def _joined(parts: Iterable[tuple[Hashes, Ints]]) -> tuple[Hashes, Ints]:
    numbers, places = zip((np.empty(0, np.uint64), np.empty(0, np.int64)), *parts, strict=True)
    return np.concatenate(numbers), np.concatenate(places)
