"""Harmonized System codes: 2, 4 or 6 digits of the HS, with national digits up to 10 behind.

The table is that of HS 2022; a code that is not in it may be of an earlier edition. Chapters 98 and 99 are for national
use: the table has 99 only as "not specified according to kind".
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import polars as pl

from pratique.vocabulary.codes.shipped import read_table

SHAPE: Final = r"^[0-9]{2,10}$"
LONGEST: Final = 10
_SEPARATORS: Final = r"[ \t\r\n\u00a0./\-]"


@cache
def table() -> pl.DataFrame:
    """``code, section, description`` of all chapters, headings and subheadings; ``section`` is a Roman numeral."""
    return read_table("hs2022.csv")


@cache
def sections() -> pl.DataFrame:
    """``section, name`` of the 21 sections."""
    return read_table("hs_sections.csv")


def normalise(text: str) -> str:
    """Without the dots, blanks and hyphens that people set between the pairs of digits."""
    return re.sub(_SEPARATORS, "", text)


def normalised(column: pl.Expr) -> pl.Expr:
    """:func:`normalise` for a column."""
    return column.str.replace_all(_SEPARATORS, "")


def is_known(code: str) -> bool:
    """An even number of digits whose first six (or fewer) are in HS 2022."""
    return re.fullmatch(SHAPE[1:-1], code) is not None and len(code) % 2 == 0 and code[:6] in _codes()


def known(column: pl.Series) -> pl.Series:
    """:func:`is_known` for a column of digits; null for null."""
    even = column.str.len_bytes() % 2 == 0
    return even & column.str.slice(0, 6).is_in(table()["code"].implode())


def description(code: str) -> str | None:
    """What HS 2022 says under the first six digits (or fewer), in English; ``None`` where it does not list them."""
    return _descriptions().get(code[:6])


@cache
def _descriptions() -> dict[str, str]:
    return dict(zip(table()["code"], table()["description"], strict=True))


@cache
def _codes() -> frozenset[str]:
    return frozenset(table()["code"])
