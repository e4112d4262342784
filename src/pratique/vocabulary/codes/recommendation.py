"""UNECE recommendations that are lists of codes: units of measure, packages, means of transport."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import polars as pl

from pratique.vocabulary.codes.shipped import read_table


@dataclass(frozen=True, slots=True)
class CodeList:
    """One recommendation; ``file`` is its table under ``data/codes``."""

    file: str

    def table(self) -> pl.DataFrame:
        """``code, name, status`` and more; ``status`` is ``current``, ``deprecated`` or ``deleted``."""
        return _table(self.file)

    def current(self) -> pl.Series:
        """The codes that are not deleted."""
        return self.table().filter(pl.col("status") != "deleted")["code"]

    def is_known(self, code: str) -> bool:
        """The code (upper case) is in the recommendation and not deleted from it."""
        return code in _current(self)

    def name(self, code: str) -> str | None:
        """The English name of what the code stands for."""
        return _names(self).get(code)


UNITS: Final = CodeList("rec20_units.csv")
"""Recommendation 20: ``KGM`` kilogram, ``MTQ`` cubic metre, ``H87`` piece."""

PACKAGES: Final = CodeList("rec21_packages.csv")
"""Recommendation 21: ``CT`` carton, ``PX`` pallet, ``VR`` bulk."""

TRANSPORT_MEANS: Final = CodeList("rec28_transport_means.csv")
"""Recommendation 28: ``1512`` RoRo vessel; ``mode`` is that of Recommendation 19 (1 sea, 3 road …)."""


@cache
def _table(file: str) -> pl.DataFrame:
    return read_table(file)


@cache
def _current(codes: CodeList) -> frozenset[str]:
    return frozenset(codes.current())


@cache
def _names(codes: CodeList) -> dict[str, str]:
    return dict(zip(codes.table()["code"], codes.table()["name"], strict=True))
