"""Rows into the declared frames: column by column, lists through one flat series each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

import polars as pl

from pratique.flow.intake.edi.notes import Notes, Origin
from pratique.flow.intake.edi.syntax import MARKED, MARKS
from pratique.flow.intake.formats.cuscar.rows import PARTY_COLUMNS, Row, Tables
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
    parties = zip(PARTY_COLUMNS, zip(*tables.parties, strict=True), strict=False)
    return Manifest(
        message=_frame(MESSAGE, tables.messages, notes, same_of_all),
        consignments=_frame(CONSIGNMENT, tables.bills, notes),
        goods_items=_frame(GOODS_ITEM, tables.items, notes),
        equipment=_frame(EQUIPMENT, tables.boxes, notes),
        parties=_columns(PARTY, dict(parties), notes, person),
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
    names = [name for name in schema if name in type(rows[0]).__annotations__] + ["origin", "segment"]
    columns = zip(*map(attrgetter(*names), rows), strict=True)  # row by row: each is touched once
    return _columns(schema, dict(zip(names, columns, strict=True)), notes, constants)


def _columns(
    schema: Schema, values: Mapping[str, Sequence[Any]], notes: Notes, constants: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """A frame of the columns given; ``message`` and ``place`` follow from ``origin`` and ``segment``."""
    if not values:
        return frame(schema)
    columns: dict[str, Sequence[Any] | pl.Series] = {}
    given = constants or {}
    for name, dtype in schema.items():
        if name in given:
            columns[name] = pl.repeat(given[name], len(values["origin"]), dtype=pl.String, eager=True)
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
    owners = [row for row, value in enumerate(values) if value for _ in value]
    flat = list(chain.from_iterable(value for value in values if value))
    inner = pl.DataFrame([pl.Series("row", owners, dtype=pl.UInt32), _flat_series(flat, dtype.inner)])
    grouped = inner.group_by("row", maintain_order=True).agg("value")
    rows = pl.DataFrame({"row": pl.arange(len(values), dtype=pl.UInt32, eager=True)})
    return rows.join(grouped, on="row", how="left", maintain_order="left")["value"].cast(dtype)


def _flat_series(flat: list[Any], dtype: Any) -> pl.Series:
    """The values inside a list column: text, or records of a struct taken field by field."""
    if isinstance(dtype, pl.Struct):
        fields = [pl.Series(part.name, [row[part.name] for row in flat], dtype=part.dtype) for part in dtype.fields]
        return pl.DataFrame(fields).with_columns(_restored(pl.col(pl.String))).to_struct("value")
    return pl.select(_restored(pl.Series("value", flat, dtype=dtype))).to_series()


def _restored(text: pl.Expr | pl.Series) -> pl.Expr:
    """Released characters back in their place."""
    return (pl.lit(text) if isinstance(text, pl.Series) else text).str.replace_many(list(MARKS), list(MARKED))
