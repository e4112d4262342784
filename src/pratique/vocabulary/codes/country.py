"""ISO 3166-1 alpha-2 country codes, and the reserved and user-assigned ones that customs messages really carry."""

from __future__ import annotations

from functools import cache

import polars as pl

from pratique.vocabulary.codes.shipped import read_table


@cache
def countries() -> pl.DataFrame:
    """``code, name, status, note``: ``status`` is ``current``, ``reserved`` (EU, UK) or ``user`` (XI, XK, ZZ, QU …)."""
    return read_table("countries.csv")


def is_known(code: str) -> bool:
    """The code (upper case) is in the table, whatever its status."""
    return code in _names()


def name(code: str) -> str | None:
    """The English short name."""
    return _names().get(code)


@cache
def _names() -> dict[str, str]:
    return dict(zip(countries()["code"], countries()["name"], strict=True))
