"""Learned headings from and to files, and the declarations whose description does not fit their heading."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from pratique.flow.learning.describing import described
from pratique.flow.learning.headings import Headings, heading_of
from pratique.flow.learning.headings_bytes import digest_of, headings_of
from pratique.flow.learning.headings_card import card_of
from pratique.flow.learning.headings_files import keep_headings
from pratique.node.errors import refuse
from pratique.node.learning.tables import read_declarations, read_table
from pratique.vocabulary.errors import Category

MOST_BYTES: Final = 512 * 1024**2
VAGUE: Final = 900  # permille
FOUND: Final = pl.Schema(
    {
        "consignment": pl.String, "description": pl.String, "code": pl.String, "declared": pl.String,
        "like": pl.Int64, "under": pl.Int64, "usual": pl.String, "usual_rows": pl.Int64,
    }
)  # fmt: skip


def described_rows(path: Path, mapping: Path | None) -> pl.DataFrame:
    """``consignment, lodged_on, description, heading`` of declarations that have a description.

    Raises ``model.descriptions_missing`` where the table has none.
    """
    rows = read_declarations(path, mapping).rows
    if "description" not in rows.columns or rows["description"].null_count() == rows.height:
        raise refuse("model.descriptions_missing", file=str(path))
    return described_of(rows)


def described_of(rows: pl.DataFrame) -> pl.DataFrame:
    """The same columns of declarations (schema ``DECLARATION``), of those that have a description."""
    told = rows.select("consignment", "lodged_on", pl.col("description").str.to_lowercase(), "hs6")
    return told.with_columns(heading=heading_of(told["hs6"])).drop("hs6").drop_nulls("description")


def read_vague(path: Path) -> pl.Series:
    """The column ``description`` of a table. Raises ``model.descriptions_missing`` where there is none."""
    table = read_table(path)
    if "description" not in table.columns:
        raise refuse("model.descriptions_missing", file=str(path))
    return table["description"].cast(pl.String).str.to_lowercase()


def read_headings(path: Path, digest: str | None = None) -> Headings:
    """The learned headings of a file. Raises ``model.headings_changed`` where it is another one or not whole."""
    if not path.is_file():
        raise refuse("model.file_missing", Category.NOT_FOUND, file=str(path))
    if path.stat().st_size > MOST_BYTES:
        raise refuse("model.file_large", file=str(path), most=MOST_BYTES)
    text = path.read_bytes()
    if digest is not None and digest_of(text) != digest:
        raise refuse("model.headings_changed", Category.BROKEN, file=str(path))
    return headings_of(text, str(path))


def keep_learned(learned: Headings, rows: pl.DataFrame, models: Path) -> tuple[str, Mapping[str, Any]]:
    """Writes headings learned from ``rows`` into a folder of models, with a card; gives their digest and the card."""
    card = card_of(learned, rows)
    return keep_headings(learned, card, models), card


def unfitting(known: Headings, rows: pl.DataFrame) -> pl.DataFrame:
    """``FOUND``: declarations described as goods of another heading, then those described too vaguely.

    :func:`~pratique.flow.learning.describing.described` says when another heading is said.
    """
    code = (
        pl.when("heading_contradicted")
        .then(pl.lit("model.described_otherwise"))
        .when(pl.col("vague_permille") >= VAGUE)
        .then(pl.lit("model.described_vaguely"))
    )
    told = described(known, rows).with_columns(code=code).drop_nulls("code")
    found = rows.join(told, on=["description", "heading"], maintain_order="left").select(
        "consignment", "description", "code", declared="heading", like="like_count", under="like_under_count",
        usual="usual_heading", usual_rows="usual_heading_count",
    )  # fmt: skip
    first = ["code", pl.col("like") - pl.col("under"), "consignment"]
    return found.sort(first, descending=[False, True, False]).select(FOUND.names())


def written(path: Path, content: bytes) -> None:
    """Writes a file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def written_table(path: Path, told: pl.DataFrame, harmless: Callable[[str], str]) -> None:
    """Writes a table; cells of a ``.csv`` that a spreadsheet would run are made ``harmless``.

    Raises ``model.file_kind`` for any other kind of file.
    """
    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet"):
        raise refuse("model.file_kind", file=path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    try:
        if kind == ".csv":
            texts = pl.col(pl.String).map_elements(harmless, return_dtype=pl.String)
            told.with_columns(texts).write_csv(partial)
        else:
            told.write_parquet(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
