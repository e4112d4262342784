"""UNECE Recommendation 21: codes for types of packages (``CT`` carton, ``PX`` pallet, ``VR`` bulk)."""

from __future__ import annotations

from functools import cache

import polars as pl

from pratique.vocabulary.codes.shipped import read_table


@cache
def packages() -> pl.DataFrame:
    """``code, name, status``: ``status`` is ``current`` or ``deleted``."""
    return read_table("rec21_packages.csv")


def is_known(code: str) -> bool:
    """The code (upper case) is in Recommendation 21 and not deleted from it."""
    return code in _current()


def name(code: str) -> str | None:
    """The English name of the package."""
    return _names().get(code)


@cache
def current() -> pl.Series:
    """The codes that are not deleted."""
    return packages().filter(pl.col("status") != "deleted")["code"]


@cache
def _current() -> frozenset[str]:
    return frozenset(current())


@cache
def _names() -> dict[str, str]:
    return dict(zip(packages()["code"], packages()["name"], strict=True))
