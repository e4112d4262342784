"""What keys are made of: declared columns as numbers, and those derived from them (heading, chapter, words)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
import polars as pl

from pratique.flow.learning.keys import FEW, Keys, part_numbers

_DERIVED: Final = {
    "hs4": "hs6", "hs2": "hs6", "transhipment_or_none": "transhipment", "regime_or_none": "regime",
    "text": "description",
}  # fmt: skip
_CODE_IN_TEXT: Final = r"\bHS\s*(?:CODE)?\s*:?\s*(\d{4})"
_LETTERS: Final = r"[^\p{L}]+"


class Parts:
    """The numbers of columns of one table, each made once."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self.rows = rows
        self._made: dict[str, Keys] = {}
        there = set(rows.columns)
        optional = {"transhipment_or_none", "regime_or_none"}
        derived = {name for name, source in _DERIVED.items() if source in there or name in optional}
        self.columns = frozenset(there | derived)

    def __call__(self, column: str) -> Keys:
        """The number of each row's value, nought where there is none."""
        if column not in self._made:
            self._made[column] = part_numbers(self.values(column))
        return self._made[column]

    def values(self, column: str) -> pl.Series:
        """The values of a declared or derived column."""
        if column in ("hs4", "hs2"):
            return self.rows["hs6"].str.slice(0, int(column[2:]))
        if column.endswith("_or_none"):
            source = column.removesuffix("_or_none")
            declared = self.rows[source] if source in self.rows.columns else pl.Series([None] * len(self.rows))
            return declared.cast(pl.String).fill_null("-")
        if column == "text":
            return per_different(self.rows["description"], goods_words)
        return self.rows[column]


def per_different(texts: pl.Series, work: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """The work done once for each different text."""
    if len(texts) <= FEW:
        return work(texts)
    different = texts.unique()
    table = pl.DataFrame({"text": different, "made": work(different)})
    return pl.DataFrame({"text": texts}).join(table, on="text", how="left", maintain_order="left", nulls_equal=True)[
        "made"
    ]


def goods_words(texts: pl.Series) -> pl.Series:
    """Descriptions in capitals, without numbers, packages and papers; null where nothing is left."""
    told = " " + texts.str.to_uppercase().str.replace_all(_LETTERS, "  ") + " "
    bare = told.str.replace_all(_idle(), " ").str.replace_all(r"\s+", " ").str.strip_chars()
    return bare.set((bare == "").fill_null(False), None)


def heading_in_text(texts: pl.Series) -> pl.Series:
    """The heading of an HS code that a description names itself; null where it names none."""
    return texts.str.to_uppercase().str.extract(_CODE_IN_TEXT)


@cache
def _idle() -> str:
    text = (resources.files("pratique") / "data" / "learning" / "idle_words.txt").read_text("utf-8")
    words = [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]
    return rf" (?:{'|'.join(map(re.escape, words))}) "


def column_or_none(rows: pl.DataFrame, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    """A column of whole numbers or truths as floats, NaN for null; ``None`` where the table lacks it."""
    if name not in rows.columns:
        return None
    return rows[name].cast(pl.Float64).to_numpy()
