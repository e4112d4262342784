"""UNECE Recommendation 20: codes for units of measure (``KGM`` kilogram, ``MTQ`` cubic metre, ``H87`` piece)."""

from __future__ import annotations

from functools import cache

import polars as pl

from pratique.vocabulary.codes.shipped import read_table


@cache
def units() -> pl.DataFrame:
    """``code, name, symbol, conversion, status``: ``status`` is ``current``, ``deprecated`` or ``deleted``."""
    return read_table("rec20_units.csv")


def is_known(code: str) -> bool:
    """The code (upper case) is in Recommendation 20 and not deleted from it."""
    return code in _current()


def name(code: str) -> str | None:
    """The English name of the unit."""
    return _names().get(code)


@cache
def current() -> pl.Series:
    """The codes that are not deleted."""
    return units().filter(pl.col("status") != "deleted")["code"]


@cache
def _current() -> frozenset[str]:
    return frozenset(current())


@cache
def _names() -> dict[str, str]:
    return dict(zip(units()["code"], units()["name"], strict=True))
