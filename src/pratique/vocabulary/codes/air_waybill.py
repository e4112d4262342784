"""IATA air waybill numbers: three digits of the airline, seven of the serial number, one check digit.

The check digit is the serial number modulo 7 (IATA Resolution 600a).
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from pratique.vocabulary.codes.check_digit import Numbers, Verdicts, digits, verdicts, weighted_sum

SHAPE: Final = r"^[0-9]{11}$"
_SEPARATORS: Final = r"[ \t\r\n\u00a0./\-]"
_PLACES: Final = (1_000_000, 100_000, 10_000, 1_000, 100, 10, 1)


def normalise(text: str) -> str:
    """``888-1111 1111`` becomes ``88811111111``."""
    return re.sub(_SEPARATORS, "", text)


def normalised(column: pl.Expr) -> pl.Expr:
    """:func:`normalise` for a column."""
    return column.str.replace_all(_SEPARATORS, "")


def is_valid(text: str) -> bool:
    """Eleven digits of which the last agrees."""
    return re.fullmatch(SHAPE[1:-1], text) is not None and int(text[3:10]) % 7 == int(text[10])


def valid(column: pl.Series) -> pl.Series:
    """:func:`is_valid` for a column of normalised numbers; null for null."""
    return verdicts(column, shape=SHAPE, judge=_agrees)


def _agrees(signs: Numbers) -> Verdicts:
    values = digits(signs)
    agreement: Verdicts = weighted_sum(values[:, 3:10], _PLACES) % 7 == values[:, 10]
    return agreement
