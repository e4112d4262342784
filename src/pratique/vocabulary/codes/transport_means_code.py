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
    """The code (upper case) is or was in Recommendation 28."""
    return code in _names()


def name(code: str) -> str | None:
    """The English name of the means of transport."""
    return _names().get(code)


@cache
def _names() -> dict[str, str]:
    return dict(zip(means()["code"], means()["name"], strict=True))
