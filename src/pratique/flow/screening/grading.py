"""Grading: how reliable the source of a hit is, and how credible what it says.

In: hits, and the grades of lists and of single entries. Out: the same hits with both grades: those of the entry where
it has any, else those of its list. It never decides what a grade is worth; risk profiles do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

GRADE: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = {
    # one row per graded list (without an entity) and per graded entry
    "list_id": pl.String,
    "entity_id": pl.String,  # null: the list as a whole
    "source_grade": pl.String,
    "information_grade": pl.String,
}
GRADES: Final = ("source_grade", "information_grade")


def no_grades() -> pl.DataFrame:
    """Nothing is graded."""
    return pl.DataFrame(schema=dict(GRADE))


def with_grades(hits: pl.DataFrame, grades: pl.DataFrame) -> pl.DataFrame:
    """The hits with ``source_grade`` and ``information_grade``, null where neither entry nor list is graded.

    An entry with one grade of its own has no other from its list: what was judged together stays together.
    """
    of_entry = grades.filter(pl.col("entity_id").is_not_null())
    of_list = grades.filter(pl.col("entity_id").is_null()).drop("entity_id")
    told = hits.join(of_entry, on=["list_id", "entity_id"], how="left", maintain_order="left")
    told = told.join(of_list, on="list_id", how="left", suffix="_of_list", maintain_order="left")
    own = pl.any_horizontal(pl.col(name).is_not_null() for name in GRADES)
    chosen = [pl.when(own).then(name).otherwise(f"{name}_of_list").alias(name) for name in GRADES]
    return told.with_columns(chosen).drop(f"{name}_of_list" for name in GRADES)
