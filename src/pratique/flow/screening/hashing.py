"""Words as 64-bit numbers, many at a time, so that a word with letters left out costs a few additions.

The number of a word is the sum of its bytes times the powers of ``BASE`` modulo 2**64. Two words may share a number;
whoever looks one up compares the words themselves afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from pratique.flow.kept_code import compiled_function

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.bytes_]

MAX_TOKEN: Final = 32
"""Longer words are compared by their first 32 letters."""

BASE: Final = 0x9E3779B97F4A7C15
AT_A_TIME: Final = 50_000
"""Words or names brought into arrays at a time, so that memory holds few of them twice."""

_MODULUS: Final = 1 << 64
_SHARE: Final = 1 << 20
"""Numbers that are sorted at a time, or a few more; in at most two to the power of ``_MOST_SHARES`` shares."""
_MOST_SHARES: Final = 5

BACK: Final = pow(BASE, -1, _MODULUS)
"""What takes a power of ``BASE`` back to the one before."""


def as_words(tokens: Sequence[str], width: int = MAX_TOKEN) -> Words:
    """Words of ASCII letters and digits as an array of fixed ``width``; what is longer is cut."""
    words = np.empty(len(tokens), dtype=f"S{width}")
    for first in range(0, len(tokens), AT_A_TIME):
        words[first : first + AT_A_TIME] = [token.encode() for token in tokens[first : first + AT_A_TIME]]
    return words


def texts(words: Words) -> list[str]:
    """The words as text."""
    return [word.decode("ascii") for word in words.tolist()]


def lengths_of(words: Words) -> Ints:
    """How many letters each word has."""
    return np.char.str_len(words).astype(np.int64)


def first_letters(words: Words) -> npt.NDArray[np.uint8]:
    """The code of the first letter of each word."""
    return letters_of(words)[:, 0].copy()


def hashes_of(words: Words) -> Hashes:
    """The number of each word."""
    letters = letters_of(words)
    numbers: Hashes = (letters * powers_of_base(letters.shape[1])).sum(axis=1, dtype=np.uint64)
    return numbers


def hashes_with_letters_left_out(words: Words, *, one_from: int, two_from: int) -> tuple[Hashes, Ints]:
    """The numbers of words with no letter, each one and each two left out, and the place of the word of each.

    One letter is left out of words of ``one_from`` letters or more, two of words of ``two_from`` or more; an empty word
    has no number.
    """
    remainders = compiled_function("pratique.flow.screening.left_out", "remainders")
    numbers, places = remainders(letters_of(words), powers_of_base(words.dtype.itemsize), (one_from, two_from))
    return numbers, places


def sorted_once(values: Ints) -> Ints:
    """The distinct values in order; sorting is quicker here than the hashing of ``numpy.unique``."""
    ordered = np.sort(values)
    is_first = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return ordered[is_first]


def sorted_by_number(parts: Sequence[tuple[Hashes, Ints]]) -> tuple[Hashes, npt.NDArray[np.int32]]:
    """Numbers with what stands behind each, by number; those that are equal in the order of the parts.

    A share of the numbers is sorted at a time, so that little room is needed beside what comes out.
    """
    total = sum(len(numbers) for numbers, _ in parts)
    shares = 1 << max(0, min(_MOST_SHARES, (total // _SHARE).bit_length()))
    behind_shares = np.uint64(64 - shares.bit_length() + 1)
    ordered, targets = np.empty(total, np.uint64), np.empty(total, np.int32)
    begin = 0
    for share in range(shares):
        chosen = [(numbers >> behind_shares) == share if shares > 1 else slice(None) for numbers, _ in parts]
        some = np.concatenate(
            [np.empty(0, np.uint64), *(numbers[kept] for (numbers, _), kept in zip(parts, chosen, strict=True))]
        )
        behind = [target[kept].astype(np.int32) for (_, target), kept in zip(parts, chosen, strict=True)]
        order = np.argsort(some, kind="stable")
        ordered[begin : begin + len(some)] = some[order]
        targets[begin : begin + len(some)] = np.concatenate([np.empty(0, np.int32), *behind])[order]
        begin += len(some)
    return ordered, targets


@cache
def powers_of_base(count: int) -> Hashes:
    """``BASE`` to the power of 0 to ``count`` - 1, modulo 2**64."""
    return np.array([pow(BASE, exponent, _MODULUS) for exponent in range(count)], dtype=np.uint64)


def letters_of(words: Words) -> npt.NDArray[np.uint8]:
    """The codes of the letters of each word, one row for a word, 0 behind its last."""
    width = words.dtype.itemsize
    return np.ascontiguousarray(words).view(np.uint8).reshape(len(words), width)
