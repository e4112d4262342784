"""Rows into the declared frames, column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any, Final

import numpy as np
import polars as pl

from pratique.flow.intake.edi.notes import Notes
from pratique.flow.intake.edi.syntax import MARKED, MARKS
from pratique.flow.intake.formats.cuscar.equipment import complete_mentions
from pratique.flow.intake.formats.cuscar.party import party_columns
from pratique.flow.intake.formats.cuscar.rows import Parties, Row, Tables
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

_BETWEEN: Final = "\x00"  # between the values of a list: no text can contain it

Columns = dict[str, Sequence[Any] | pl.Series]


def manifest_of(tables: Tables, notes: Notes, raw_sha256: str) -> Manifest:
    """The frames, with text as the sender meant it and every place told."""
    same_of_all = {"format": "cuscar", "message_type": "CUSCAR", "raw_sha256": raw_sha256}
    made = {
        "message": _frame(MESSAGE, "messages", tables, notes, constants=same_of_all),
        "consignments": _frame(CONSIGNMENT, "bills", tables, notes),
        "goods_items": _frame(GOODS_ITEM, "items", tables, notes),
        "equipment": _equipment(tables, notes),
        "parties": _parties(tables, notes),
        "transport": _frame(TRANSPORT, "means", tables, notes),
        "declared": _frame(TOTALS, "totals", tables, notes),
    }
    if notes.has_marks:
        made = {name: rows.with_columns(_restored(pl.col(pl.String))) for name, rows in made.items()}
    return Manifest(**made, computed=frame(TOTALS), findings=findings_frame(notes.findings()))


def _frame(
    schema: Schema, name: str, tables: Tables, notes: Notes, *, constants: Mapping[str, str] | None = None
) -> pl.DataFrame:
    rows: Sequence[Row] = getattr(tables, name)
    if not rows:
        return frame(schema)
    given = [column for column in schema if column in type(rows[0]).__annotations__]
    segments, *values = zip(*map(attrgetter("segment", *given), rows), strict=True)  # each row is touched once
    columns: Columns = {}
    for column, told in zip(given, values, strict=True):
        dtype = schema[column]
        columns[column] = _lists(told, dtype, notes) if isinstance(dtype, pl.List) else told
    for column, value in (constants or {}).items():
        columns[column] = pl.repeat(value, len(rows), dtype=pl.String, eager=True)
    return frame(schema, columns | _whereabouts(schema, name, segments, tables, notes))


def _equipment(tables: Tables, notes: Notes) -> pl.DataFrame:
    boxes = _frame(EQUIPMENT, "boxes", tables, notes)
    return complete_mentions(boxes, pl.Series([box.described_by for box in tables.boxes], dtype=pl.UInt32))


def _parties(tables: Tables, notes: Notes) -> pl.DataFrame:
    rows: Parties = tables.parties
    if not rows.text:
        return frame(PARTY)
    said = party_columns(list(rows.texts))[pl.Series(rows.text, dtype=pl.UInt32)]
    columns: Columns = said.to_dict() | _whereabouts(PARTY, "parties", rows.segment, tables, notes)
    columns["consignment"] = rows.consignment
    if rows.communication:
        numbers = [rows.communication.get(row) for row in range(len(rows))]
        columns["communication"] = _lists(numbers, PARTY["communication"], notes)
    for column, value in (("purpose", PURPOSE), ("retention_class", RETENTION_CLASS)):
        columns[column] = pl.repeat(value, len(rows), dtype=pl.String, eager=True)
    return frame(PARTY, columns)


def _whereabouts(schema: Schema, name: str, segments: Sequence[int], tables: Tables, notes: Notes) -> Columns:
    """The columns ``message`` and ``place`` of a table: its rows stand message by message."""
    starts = [getattr(start, name) for start in tables.starts]
    counts = np.diff([*starts, len(segments)])
    message = np.repeat(np.arange(len(starts), dtype=np.uint32), counts)
    told: Columns = {"message": pl.Series(message)}
    if "place" in schema:
        told["place"] = _places(told["message"], segments, tables, notes)
    return {column: values for column, values in told.items() if column in schema}


def _places(message: pl.Series, segments: Sequence[int], tables: Tables, notes: Notes) -> pl.Series:
    segment = pl.Series("segment", segments, dtype=pl.Int64)
    if notes.messages < 2:
        return pl.select(pl.format("segment {}", segment)).to_series()
    origins = [row.origin for row in tables.messages]
    told = pl.Series([notes.place(origin, None) for origin in origins], dtype=pl.String).gather(message)
    return pl.select(pl.format("{}, segment {}", told, segment)).to_series()


def _lists(values: Sequence[Any], dtype: Any, notes: Notes) -> pl.Series:
    """A column of lists, by way of one flat series: building it list by list costs some twenty times as much."""
    if values.count(None) == len(values):
        return pl.repeat(None, len(values), dtype=dtype, eager=True)
    if isinstance(dtype.inner, pl.Struct):
        return _lists_of_records(values, dtype.inner, notes)
    joined = pl.Series([None if value is None else _BETWEEN.join(value) for value in values], dtype=pl.String)
    return _text(joined, notes).str.split(_BETWEEN)


def _lists_of_records(values: Sequence[list[dict[str, Any]] | None], dtype: pl.Struct, notes: Notes) -> pl.Series:
    owners = [row for row, value in enumerate(values) if value for _ in value]
    flat = list(chain.from_iterable(value for value in values if value))
    parts = [pl.Series(part.name, [row[part.name] for row in flat], dtype=part.dtype) for part in dtype.fields]
    records = pl.DataFrame([_text(part, notes) if part.dtype == pl.String else part for part in parts])
    inner = pl.DataFrame({"row": pl.Series(owners, dtype=pl.UInt32), "value": records.to_struct()})
    grouped = inner.group_by("row", maintain_order=True).agg("value")
    rows = pl.DataFrame({"row": pl.arange(len(values), dtype=pl.UInt32, eager=True)})
    return rows.join(grouped, on="row", how="left", maintain_order="left")["value"]


def _text(text: pl.Series, notes: Notes) -> pl.Series:
    return pl.select(_restored(pl.lit(text))).to_series() if notes.has_marks else text


def _restored(text: pl.Expr) -> pl.Expr:
    """Released characters back in their place."""
    return text.str.replace_many(list(MARKS), list(MARKED))
