"""UN numbers of dangerous goods: four digits.

Only the shape is checked: 0001 to 3999, which leaves room above the last number given out so far (about 3560 in the
23rd revised edition of the UN Model Regulations). Which class and packing group a number stands for is not in a table
here, because no openly licensed one was at hand.
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

SHAPE: Final = r"^(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-3][0-9]{3})$"
_SEPARATORS: Final = r"[ \t\r\n\u00a0./\-]"
_PREFIX: Final = r"^(?:UN|NA|ID)(?:NO)?([0-9])"


def normalise(text: str) -> str:
    """``UN 1263`` becomes ``1263``."""
    return re.sub(_PREFIX, r"\1", re.sub(_SEPARATORS, "", text.upper()))


def normalised(column: pl.Expr) -> pl.Expr:
    """:func:`normalise` for a column."""
    return column.str.to_uppercase().str.replace_all(_SEPARATORS, "").str.replace(_PREFIX, "$1")


def has_shape(text: str) -> bool:
    """Four digits from 0001 to 3999."""
    return re.fullmatch(SHAPE[1:-1], text) is not None


def shaped(column: pl.Series) -> pl.Series:
    """:func:`has_shape` for a column; null for null."""
    return column.str.contains(SHAPE)
