"""Tables for learning, from files: what somebody brings to train or to score on, in the columns of learning."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from pratique.flow.learning.columns import Brought, LearningMapping, brought, fitting, parse_learning_mapping
from pratique.flow.learning.labels import Labels, labels_of_column, labels_of_table
from pratique.flow.risk.prohibited import attribute_of
from pratique.node.errors import refuse
from pratique.vocabulary.errors import Category

MOST_BYTES: Final = 8 * 1024**3
_LONGEST_MAPPING: Final = 1_000_000
_CSV: Final = (".csv", ".csv.gz", ".csv.zst", ".tsv")


def denoted(name: str) -> str | None:
    """Which attribute that must never decide a column's name denotes, if any."""
    return attribute_of(name, alone=True)


def read_table(path: Path) -> pl.DataFrame:
    """A CSV (cells as text) or Parquet file. Raises ``model.file_*`` where it is none of them."""
    name = path.name.lower()
    if not path.is_file():
        raise refuse("model.file_missing", Category.NOT_FOUND, file=str(path))
    if path.stat().st_size > MOST_BYTES:
        raise refuse("model.file_large", file=str(path), most=MOST_BYTES)
    if not name.endswith((".parquet", *_CSV)):
        raise refuse("model.file_kind", file=path.name)
    try:
        if name.endswith(".parquet"):
            table = pl.read_parquet(path)
        else:
            table = pl.read_csv(path, infer_schema=False, separator="\t" if name.endswith(".tsv") else ",")
    except (pl.exceptions.PolarsError, OSError, UnicodeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise refuse("model.file_unreadable", file=str(path), reason=reason) from error
    if not table.height:
        raise refuse("model.file_empty", file=str(path))
    return table


def read_mapping(path: Path | None, table: pl.DataFrame) -> LearningMapping:
    """The mapping profile of a file, else the shipped one that fits the headings."""
    if path is None:
        return fitting(table.columns)
    if not path.is_file():
        raise refuse("model.file_missing", Category.NOT_FOUND, file=str(path))
    with path.open("rb") as file:
        text = file.read(_LONGEST_MAPPING)
    return parse_learning_mapping(text.decode("utf-8", "replace"))


def read_declarations(path: Path, mapping: Path | None) -> Brought:
    """The declarations of a file."""
    table = read_table(path)
    return brought(table, read_mapping(mapping, table), denoted)


def read_lesson(path: Path, mapping: Path | None, labels: str | None, results: Path | None) -> tuple[Brought, Labels]:
    """The declarations of a file and their labels: of one of its columns, or of a file of results."""
    if (labels is None) == (results is None):
        raise refuse("model.labels_one_way")
    table = read_table(path)
    data = brought(table, read_mapping(mapping, table), denoted)
    if results is not None:
        return data, labels_of_table(read_table(results), data, denoted)
    return data, labels_of_column(table, str(labels), data)
