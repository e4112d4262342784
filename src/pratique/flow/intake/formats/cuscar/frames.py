"""Rows into the declared frames: column by column, lists through one flat series each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

import polars as pl

from pratique.flow.intake.edi.notes import Notes, Origin
from pratique.flow.intake.edi.syntax import MARKED, MARKS, restore
from pratique.flow.intake.formats.cuscar.rows import Row, Tables
from pratique.vocabulary.findings import findings_frame
from pratique.vocabulary.frames import (
    CONSIGNMENT,
    EQUIPMENT,
    GOODS_ITEM,
    MESSAGE,
    PARTY,
    PURPOSE,
    RETENTION_CLASS,
    TOTALS,
    TRANSPORT,
    Manifest,
    Schema,
    frame,
)


def manifest_of(tables: Tables, notes: Notes, raw_sha256: str) -> Manifest:
    """The frames, with text as the sender meant it and every place told."""
    same_of_all = {"format": "cuscar", "message_type": "CUSCAR", "raw_sha256": raw_sha256}
    person = {"purpose": PURPOSE, "retention_class": RETENTION_CLASS}
    return Manifest(
        message=_frame(MESSAGE, tables.messages, notes, same_of_all),
        consignments=_frame(CONSIGNMENT, tables.bills, notes),
        goods_items=_frame(GOODS_ITEM, tables.items, notes),
        equipment=_frame(EQUIPMENT, tables.boxes, notes),
        parties=_frame(PARTY, tables.parties, notes, person),
        transport=_frame(TRANSPORT, tables.means, notes),
        declared=_frame(TOTALS, tables.totals, notes),
        computed=frame(TOTALS),
        findings=findings_frame(notes.findings()),
    )


def _frame(
    schema: Schema, rows: Sequence[Row], notes: Notes, constants: Mapping[str, str] | None = None
) -> pl.DataFrame:
    if not rows:
        return frame(schema)
    columns: dict[str, Sequence[Any] | pl.Series] = {}
    given = constants or {}
    names = [name for name in schema if name in type(rows[0]).__annotations__] + ["origin", "segment"]
    values = dict(zip(names, zip(*map(attrgetter(*names), rows), strict=True), strict=True))  # each row touched once
    for name, dtype in schema.items():
        if name in given:
            columns[name] = pl.repeat(given[name], len(rows), dtype=pl.String, eager=True)
        elif name == "message":
            columns[name] = [origin.row for origin in values["origin"]]
        elif name == "place":
            columns[name] = _places(values["origin"], values["segment"], notes)
        elif name in values:
            columns[name] = _lists(values[name], dtype) if isinstance(dtype, pl.List) else values[name]
    made = frame(schema, columns)
    return made.with_columns(_restored(pl.col(pl.String))) if notes.has_marks else made


def _places(origins: Sequence[Origin], segments: Sequence[int], notes: Notes) -> Sequence[str | None] | pl.Series:
    if notes.messages > 1:
        return [notes.place(origin, segment) for origin, segment in zip(origins, segments, strict=True)]
    return pl.select(pl.format("segment {}", pl.Series("place", segments, dtype=pl.Int64))).to_series()


def _lists(values: Sequence[list[Any] | None], dtype: pl.List) -> pl.Series:
    """A column of lists; building it list by list costs some twenty times as much."""
    flat = [_meant(value) for value in chain.from_iterable(value for value in values if value)]
    owners = [row for row, value in enumerate(values) if value for _ in value]
    inner = pl.DataFrame({"row": pl.Series(owners, dtype=pl.UInt32), "value": pl.Series(flat, dtype=dtype.inner)})
    grouped = inner.group_by("row", maintain_order=True).agg("value")
    rows = pl.DataFrame({"row": pl.arange(len(values), dtype=pl.UInt32, eager=True)})
    return rows.join(grouped, on="row", how="left", maintain_order="left")["value"].cast(dtype)


def _restored(text: pl.Expr) -> pl.Expr:
    """Released characters back in their place."""
    return text.str.replace_many(list(MARKS), list(MARKED))


def _meant(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else restore(value)
    if isinstance(value, dict):
        return {name: _meant(inner) for name, inner in value.items()}
    return value
