"""Rows into the declared frames, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import polars as pl

from pratique.flow.intake.edi.notes import Notes
from pratique.flow.intake.edi.syntax import MARKED, MARKS
from pratique.flow.intake.formats.cuscar.equipment import complete_mentions
from pratique.flow.intake.formats.cuscar.party import party_columns
from pratique.flow.intake.formats.cuscar.rows import BETWEEN, Means, MessageRow, Parties, Piece, Rows, Tables, Totals
from pratique.vocabulary.findings import findings_frame
from pratique.vocabulary.frames import (
    PARTY,
    PURPOSE,
    RETENTION_CLASS,
    TOTALS,
    Manifest,
    Schema,
    frame,
)

Columns = dict[str, Sequence[Any] | pl.Series]


def manifest_of(tables: Tables, notes: Notes, raw_sha256: str) -> Manifest:
    """The frames, with text as the sender meant it and every place told."""
    messages, means, totals = Rows(MessageRow), Rows(Means), Rows(Totals)
    for row in tables.means:
        row.itinerary = BETWEEN.join(row.calls) if row.calls else None
    for rows, last in ((messages, tables.messages), (means, tables.means), (totals, tables.totals)):
        rows.extend(last)
    made = {
        "message": _frame("messages", messages, tables, notes),
        "consignments": _frame("bills", tables.bills, tables, notes),
        "goods_items": _frame("items", tables.items, tables, notes),
        "equipment": _equipment(tables, notes),
        "parties": _parties(tables, notes),
        "transport": _frame("means", means, tables, notes),
        "declared": _frame("totals", totals, tables, notes),
    }
    made["message"] = made["message"].with_columns(
        pl.lit(value).alias(name)
        for name, value in (("format", "cuscar"), ("message_type", "CUSCAR"), ("raw_sha256", raw_sha256))
    )
    if notes.has_marks:
        made = {name: rows.with_columns(_restored(pl.col(pl.String))) for name, rows in made.items()}
    return Manifest(**made, computed=frame(TOTALS), findings=findings_frame(notes.findings()))


def _frame(name: str, rows: Rows, tables: Tables, notes: Notes) -> pl.DataFrame:
    schema = rows.kind.schema
    places = _whereabouts(schema, name, rows.whole("segment", pl.Int64), tables, notes)
    pieces, begin = [frame(schema)], 0
    for piece in rows.pieces:
        height = rows.height(piece)
        columns: Columns = {column: told[begin : begin + height] for column, told in places.items()}
        pieces.append(frame(schema, columns | _columns(rows, piece, notes)))
        begin += height
    return pl.concat(pieces)


def _columns(rows: Rows, piece: Piece, notes: Notes) -> Columns:
    """The columns in which something is said."""
    columns: Columns = {}
    for column, dtype in rows.kind.schema.items():
        values = rows.column(column, piece)
        if values is not None:
            columns[column] = _lists(values, dtype, notes) if isinstance(dtype, pl.List) else values
    return columns


def _equipment(tables: Tables, notes: Notes) -> pl.DataFrame:
    boxes = _frame("boxes", tables.boxes, tables, notes)
    described_by = tables.boxes.whole("described_by", pl.UInt32)
    return boxes if described_by.null_count() == len(described_by) else complete_mentions(boxes, described_by)


def _parties(tables: Tables, notes: Notes) -> pl.DataFrame:
    rows: Parties = tables.parties
    if not rows.text:
        return frame(PARTY)
    said = party_columns(list(rows.texts))[pl.Series(rows.text, dtype=pl.UInt32)]
    columns: Columns = {**said.to_dict(), **_whereabouts(PARTY, "parties", rows.segment, tables, notes)}
    columns["consignment"] = rows.consignment
    if rows.communication:
        numbers = [BETWEEN.join(rows.communication.get(row, ())) or None for row in range(len(rows))]
        columns["communication"] = _lists(numbers, PARTY["communication"], notes)
    for column, value in (("purpose", PURPOSE), ("retention_class", RETENTION_CLASS)):
        columns[column] = pl.repeat(value, len(rows), dtype=pl.String, eager=True)
    return frame(PARTY, columns)


def _whereabouts(
    schema: Schema, name: str, segments: Sequence[int] | pl.Series, tables: Tables, notes: Notes
) -> dict[str, pl.Series]:
    """The columns ``message`` and ``place`` of a table: its rows stand message by message."""
    starts = [getattr(start, name) for start in tables.starts]
    counts = np.diff([*starts, len(segments)])
    message = np.repeat(np.arange(len(starts), dtype=np.uint32), counts)
    numbers = pl.Series(message)
    told: dict[str, pl.Series] = {}
    if "message" in schema:
        told["message"] = numbers
    if "place" in schema:
        told["place"] = _places(numbers, segments, tables, notes)
    return told


def _places(message: pl.Series, segments: Sequence[int] | pl.Series, tables: Tables, notes: Notes) -> pl.Series:
    segment = pl.Series("segment", segments, dtype=pl.Int64)
    if notes.messages < 2:
        return pl.select(pl.format("segment {}", segment)).to_series()
    origins = [row.origin for row in tables.messages]
    told = pl.Series([notes.place(origin, None) for origin in origins], dtype=pl.String).gather(message)
    return pl.select(pl.format("{}, segment {}", told, segment)).to_series()


def _lists(values: Sequence[Any] | pl.Series, dtype: Any, notes: Notes) -> pl.Series:
    """A column of lists, by way of one flat series: building it list by list costs some twenty times as much."""
    if isinstance(dtype.inner, pl.Struct):
        return values if isinstance(values, pl.Series) else _lists_of_records(values, dtype.inner, notes)
    return _text(pl.Series(values, dtype=pl.String), notes).str.split(BETWEEN)


def _lists_of_records(values: Sequence[list[Any] | None], dtype: pl.Struct, notes: Notes) -> pl.Series:
    owners = np.repeat(np.arange(len(values), dtype=np.uint32), [len(value) if value else 0 for value in values])
    fields = zip(*chain.from_iterable(value for value in values if value), strict=True)
    parts = [pl.Series(part.name, told, dtype=part.dtype) for part, told in zip(dtype.fields, fields, strict=True)]
    records = pl.DataFrame([_text(part, notes) if part.dtype == pl.String else part for part in parts])
    inner = pl.DataFrame({"row": pl.Series(owners).set_sorted(), "value": records.to_struct()})
    grouped = inner.group_by("row", maintain_order=True).agg("value")
    if grouped.height == len(values):
        return grouped["value"]
    rows = pl.DataFrame({"row": pl.arange(len(values), dtype=pl.UInt32, eager=True)})
    return rows.join(grouped, on="row", how="left", maintain_order="left")["value"]


def _text(text: pl.Series, notes: Notes) -> pl.Series:
    return pl.select(_restored(pl.lit(text))).to_series() if notes.has_marks else text


def _restored(text: pl.Expr) -> pl.Expr:
    """Released characters back in their place."""
    return text.str.replace_many(list(MARKS), list(MARKED))
