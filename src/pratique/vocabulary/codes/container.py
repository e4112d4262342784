"""ISO 6346 container numbers: ``CSQU3054383`` is owner CSQ, category U, serial number 305438, check digit 3.

The check digit is the sum of the ten characters' values times 1, 2, 4 … 512, modulo 11, with 10 written as 0. Letters
count from A = 10 upwards and leave out the multiples of 11 (B = 12, L = 23, V = 34).
Source: ISO 6346:2022, annex A.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import polars as pl

from pratique.vocabulary.codes.check_digit import ASCII_ZERO, Numbers, Verdicts, characters, verdicts

SHAPE: Final = r"^[A-Z]{3}[UJZ][0-9]{7}$"
_BEFORE_CHECK_DIGIT: Final = r"^[A-Z]{3}[UJZ][0-9]{6}"
_SEPARATORS: Final = r"[ \t\r\n\u00a0./\-]"
_WEIGHTS: Final = tuple(1 << position for position in range(10))


def normalise(text: str) -> str:
    """Upper case, without the blanks, hyphens, dots and slashes that people write into the number."""
    return re.sub(_SEPARATORS, "", text.upper())


def normalised(column: pl.Expr) -> pl.Expr:
    """:func:`normalise` for a column."""
    return column.str.to_uppercase().str.replace_all(_SEPARATORS, "")


def has_shape(text: str) -> bool:
    """Three letters of the owner, the category U, J or Z, seven digits."""
    return re.fullmatch(SHAPE[1:-1], text) is not None


def is_valid(text: str) -> bool:
    """The normalised number has the shape and its check digit agrees."""
    return has_shape(text) and int(text[10]) == check_digit(text)


def check_digit(text: str) -> int:
    """The check digit that follows from the first ten characters: owner, category and serial number."""
    total = sum(_letter_value(ord(sign)) * weight for sign, weight in zip(text[:10], _WEIGHTS, strict=True))
    return total % 11 % 10


def valid(column: pl.Series) -> pl.Series:
    """:func:`is_valid` for a column of normalised numbers; null for null."""
    return verdicts(column, shape=SHAPE, judge=_agrees)


def check_digits(column: pl.Series) -> pl.Series:
    """The right check digit for each number; null where the first ten characters do not have the shape."""
    fits = column.str.contains(_BEFORE_CHECK_DIGIT).fill_null(value=False)
    answer = np.full(len(column), -1, dtype=np.int64)
    if fits.any():
        answer[np.flatnonzero(fits.to_numpy())] = _computed(characters(column.filter(fits).str.slice(0, 10)))
    return pl.Series(column.name, answer).replace(-1, None)


def _agrees(signs: Numbers) -> Verdicts:
    agreement: Verdicts = _computed(signs[:, :10]) == signs[:, 10] - ASCII_ZERO
    return agreement


def _computed(signs: Numbers) -> Numbers:
    values = np.array([_letter_value(byte) for byte in range(128)], dtype=np.int64)
    remainder: Numbers = (values[signs] @ np.asarray(_WEIGHTS, dtype=np.int64)) % 11 % 10
    return remainder


def _letter_value(byte: int) -> int:
    """0 to 9 for digits, 10 to 38 for letters with 11, 22 and 33 left out."""
    if byte < ord("A"):
        return byte - ASCII_ZERO
    plain = byte - ord("A") + 10
    return plain + (plain >= 11) + (plain >= 21) + (plain >= 31)
