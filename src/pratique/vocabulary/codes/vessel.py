"""Numbers of ships: IMO ship identification number and MMSI.

The last digit of an IMO number is the last digit of the sum of the first six times 7, 6, 5, 4, 3, 2 (IMO resolution
A.1117(30)). ``1234567`` agrees as well: a check digit alone is no proof that there is such a ship.
An MMSI (ITU-R M.585) has nine digits and no check digit; ships' begin with 2 to 7, and the first three name the
administration.
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from pratique.vocabulary.codes.check_digit import Numbers, Verdicts, digits, verdicts, weighted_sum

IMO_SHAPE: Final = r"^[0-9]{7}$"
MMSI_SHAPE: Final = r"^[2-7][0-9]{8}$"
_SEPARATORS: Final = r"[ \t\r\n\u00a0./\-]"
_PREFIX: Final = r"^IMO(?:NUMBER|NO)?:?([0-9])"
_WEIGHTS: Final = (7, 6, 5, 4, 3, 2)


def normalise_imo(text: str) -> str:
    """Without blanks, hyphens and the letters IMO in front."""
    return re.sub(_PREFIX, r"\1", re.sub(_SEPARATORS, "", text.upper()))


def normalised_imo(column: pl.Expr) -> pl.Expr:
    """:func:`normalise_imo` for a column."""
    return column.str.to_uppercase().str.replace_all(_SEPARATORS, "").str.replace(_PREFIX, "$1")


def is_valid_imo(text: str) -> bool:
    """Seven digits of which the last agrees."""
    if re.fullmatch(IMO_SHAPE[1:-1], text) is None:
        return False
    return sum(int(digit) * weight for digit, weight in zip(text[:6], _WEIGHTS, strict=True)) % 10 == int(text[6])


def valid_imo(column: pl.Series) -> pl.Series:
    """:func:`is_valid_imo` for a column; null for null."""
    return verdicts(column, shape=IMO_SHAPE, judge=_agrees)


def is_ship_mmsi(text: str) -> bool:
    """Nine digits, the first of them 2 to 7: the shape of a ship station's MMSI."""
    return re.fullmatch(MMSI_SHAPE[1:-1], text) is not None


def ship_mmsi(column: pl.Series) -> pl.Series:
    """:func:`is_ship_mmsi` for a column; null for null."""
    return column.str.contains(MMSI_SHAPE)


def _agrees(signs: Numbers) -> Verdicts:
    values = digits(signs)
    agreement: Verdicts = weighted_sum(values[:, :6], _WEIGHTS) % 10 == values[:, 6]
    return agreement
