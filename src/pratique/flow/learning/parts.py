"""What keys are made of: declared columns as numbers, and those derived from them (heading, chapter, words)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
import polars as pl

from pratique.flow.learning.keys import FEW, Keys, different, part_numbers

_DERIVED: Final = {
    "hs4": "hs6", "hs2": "hs6", "transhipment_or_none": "transhipment", "regime_or_none": "regime",
    "text": "description", "exporter_stem": "exporter_name", "exporter_tail": "exporter_name",
}  # fmt: skip
_CODE_IN_TEXT: Final = r"\bHS\s*(?:CODE)?\s*:?\s*(\d{4})"
_LETTERS: Final = r"[^\p{L}]+"


class Parts:
    """The numbers of columns of one table, each made once."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self.rows = rows
        self._made: dict[str, Keys] = {}
        self._derived: dict[str, pl.Series] = {}
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
        if column not in self._derived:
            self._derived[column] = self._values(column)
        return self._derived[column]

    def _values(self, column: str) -> pl.Series:
        if column in ("hs4", "hs2"):
            return beginnings(self.rows["hs6"], int(column[2:]))
        if column.endswith("_or_none"):
            source = column.removesuffix("_or_none")
            if source not in self.rows.columns:
                return pl.Series(["-"] * len(self.rows))
            return self.rows[source].cast(pl.String).fill_null("-")
        if column == "text":
            return per_different(self.rows["description"], goods_words)
        if column in NAMES_NEAR:
            return per_different(self.rows["exporter_name"].cast(pl.String), NAMES_NEAR[column])
        return self.rows[column]


def per_different(texts: pl.Series, work: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """The work done once for each different text."""
    if len(texts) <= FEW:
        return work(texts)
    number, found = different(texts)
    return work(found).gather(number)


def stem(names: pl.Series) -> pl.Series:
    """The first letters of a name, its blanks left out: near names mostly begin alike."""
    return names.str.to_uppercase().str.replace_all(r"[^\p{L}]", "").str.slice(0, STEM_LETTERS)


def tail(names: pl.Series) -> pl.Series:
    """The end of the longest word of a name: what stays where the beginning was changed."""
    words = pl.col("name").str.to_uppercase().str.extract_all(r"\p{L}+")
    longest = words.list.eval(pl.element().sort_by(pl.element().str.len_chars(), descending=True)).list.first()
    return names.to_frame("name").select(longest.str.slice(-TAIL_LETTERS))["name"]


def goods_words(texts: pl.Series) -> pl.Series:
    """Descriptions in capitals, without numbers, packages and papers; null where nothing is left."""
    apart = pl.col("text").str.to_uppercase().str.replace_all(_LETTERS, "  ")
    bare = pl.concat_str(pl.lit(" "), apart, pl.lit(" ")).str.replace_all(_idle(), " ")
    bare = bare.str.replace_all(r"\s+", " ").str.strip_chars()
    return texts.to_frame("text").select(text=bare).select(pl.when(pl.col("text") != "").then("text"))["text"]


def heading_in_text(texts: pl.Series) -> pl.Series:
    """The heading of an HS code that a description names itself; null where it names none."""
    return texts.to_frame("text").select(pl.col("text").str.to_uppercase().str.extract(_CODE_IN_TEXT))["text"]


def beginnings(texts: pl.Series, length: int) -> pl.Series:
    """The first so many characters of each."""
    if len(texts) <= FEW:
        return pl.Series([None if text is None else text[:length] for text in texts.to_list()], dtype=pl.String)
    return texts.str.slice(0, length)


@cache
def _idle() -> str:
    text = (resources.files("pratique") / "data" / "learning" / "idle_words.txt").read_text("utf-8")
    words = [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]
    return rf" (?:{'|'.join(map(re.escape, words))}) "


STEM_LETTERS: Final = 5
TAIL_LETTERS: Final = 6
NAMES_NEAR: Final = {"exporter_stem": stem, "exporter_tail": tail}


def column_or_none(rows: pl.DataFrame, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    """A column of whole numbers or truths as floats, NaN for null; ``None`` where the table lacks it."""
    if name not in rows.columns:
        return None
    return rows[name].cast(pl.Float64).to_numpy()
