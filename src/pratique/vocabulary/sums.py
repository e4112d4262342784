"""Sums that never lie: what is beyond a 64-bit integer has no sum, instead of one that wrapped round to another number.

A sender can write masses of which each can be counted and all together cannot; such a sum is null, and who compares
totals says so in a finding.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

LARGEST: Final = 2**63 - 1


def total(column: str) -> pl.Expr:
    """The sum of an integer column; zero where nothing is given, null where it is beyond a 64-bit integer."""
    return pl.col(column).cast(pl.Int128).sum().cast(pl.Int64, strict=False)


def total_or_null(column: str) -> pl.Expr:
    """The same; null, not zero, where nothing is given."""
    return pl.when(pl.col(column).is_not_null().any()).then(total(column))


def total_of(values: Iterable[int | None]) -> int | None:
    """The sum of the values that are given; none where there is none, or where it is beyond a 64-bit integer."""
    given = [value for value in values if value is not None]
    summed = sum(given)
    return summed if given and abs(summed) <= LARGEST else None
