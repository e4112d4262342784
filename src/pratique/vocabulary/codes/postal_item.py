"""UPU S10 identifiers of postal items: ``RR473124829GB`` is service RR, serial number 47312482, check digit 9, GB.

The check digit is 11 less the sum of the eight digits times 8, 6, 4, 2, 3, 5, 9, 7 modulo 11; 10 is written as 0 and
11 as 5 (UPU standard S10).
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import polars as pl

from pratique.vocabulary.codes.check_digit import Numbers, Verdicts, digits, verdicts, weighted_sum

SHAPE: Final = r"^[A-Z]{2}[0-9]{9}[A-Z]{2}$"
_SEPARATORS: Final = r"[ \t\r\n\u00a0./\-]"
_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)


def normalise(text: str) -> str:
    """Upper case, without blanks and hyphens."""
    return re.sub(_SEPARATORS, "", text.upper())


def normalised(column: pl.Expr) -> pl.Expr:
    """:func:`normalise` for a column."""
    return column.str.to_uppercase().str.replace_all(_SEPARATORS, "")


def is_valid(text: str) -> bool:
    """Two letters, nine digits of which the last agrees, two letters of the country."""
    if re.fullmatch(SHAPE[1:-1], text) is None:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[2:10], _WEIGHTS, strict=True))
    return {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11) == int(text[10])


def valid(column: pl.Series) -> pl.Series:
    """:func:`is_valid` for a column of normalised identifiers; null for null."""
    return verdicts(column, shape=SHAPE, judge=_agrees)


def _agrees(signs: Numbers) -> Verdicts:
    values = digits(signs[:, 2:11])
    remainder = 11 - weighted_sum(values[:, :8], _WEIGHTS) % 11
    expected = np.where(remainder == 10, 0, np.where(remainder == 11, 5, remainder))
    agreement: Verdicts = expected == values[:, 8]
    return agreement
