"""UNECE Recommendation 28: codes for types of means of transport (``1512`` RoRo vessel: mode, type, subtype)."""

from __future__ import annotations

from functools import cache

import polars as pl

from pratique.vocabulary.codes.shipped import read_table


@cache
def means() -> pl.DataFrame:
    """``code, mode, name, status``: ``mode`` is UNECE Rec 19 (1 sea, 3 road …), ``status`` current or deleted."""
    return read_table("rec28_transport_means.csv")


def is_known(code: str) -> bool:
    """The code (upper case) is in Recommendation 28 and not deleted from it."""
    return code in _current()


def name(code: str) -> str | None:
    """The English name of the means of transport."""
    return _names().get(code)


@cache
def current() -> pl.Series:
    """The codes that are not deleted."""
    return means().filter(pl.col("status") != "deleted")["code"]


@cache
def _current() -> frozenset[str]:
    return frozenset(current())


@cache
def _names() -> dict[str, str]:
    return dict(zip(means()["code"], means()["name"], strict=True))
