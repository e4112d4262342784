"""ISO 4217 currency codes: which exist, and how many decimals their minor unit has."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import polars as pl

from pratique.vocabulary.codes.shipped import read_table


@cache
def currencies() -> pl.DataFrame:
    """``code, numeric, exponent, name, status``: ``exponent`` is null for metals and units of account.

    ``status`` is ``current``, ``fund`` (units of account, metals, test codes) or ``withdrawn``, which old papers
    still carry.
    """
    return read_table("currencies.csv").with_columns(pl.col("exponent").cast(pl.Int64))


@cache
def exponents() -> Mapping[str, int]:
    """Decimals of the minor unit by currency code; currencies without a minor unit are not in it."""
    known = currencies().drop_nulls("exponent")
    return dict(zip(known["code"], known["exponent"], strict=True))


def exponent(code: str) -> int | None:
    """Decimals of the currency's minor unit (``EUR`` 2, ``JPY`` 0, ``BHD`` 3); ``None`` where ISO 4217 gives none."""
    return exponents().get(code)


def is_known(code: str) -> bool:
    """ISO 4217 lists the code (upper case), be it current, fund or withdrawn."""
    return code in _codes()


@cache
def _codes() -> frozenset[str]:
    return frozenset(currencies()["code"])
