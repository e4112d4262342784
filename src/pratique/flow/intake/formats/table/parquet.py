"""Parquet as a source of rows.

In: the bytes of the file. Out: records of text: numbers as they stand, moments as ISO 8601. The column names are the
headings, and rows are counted from 1. The file is measured before it is unpacked.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO, Final

import polars as pl
from polars.exceptions import PanicException, PolarsError

from pratique.flow.intake.format import Unreadable
from pratique.flow.intake.formats.table.parquet_measure import MOST_UNPACKED_BYTES, OTHERWISE, broken, measure
from pratique.flow.intake.formats.table.records import (
    EXCERPT_CHARACTERS,
    HEAD_ROWS,
    MOST_CELL_CHARACTERS,
    Fault,
    Record,
)
from pratique.flow.intake.formats.table.workbook import decimal_text
from pratique.vocabulary.findings import Finding

_ROWS_AT_ONCE: Final = 20_000
_TEXTS: Final = (pl.String, pl.Categorical, pl.Enum)
_PLAIN: Final = (pl.Boolean, pl.Date, pl.Time, pl.Datetime, pl.Decimal, pl.Null)


class ParquetSource:
    """A Parquet file opened as a table. Raises ``Unreadable`` where it is broken or dangerous."""

    def __init__(self, stream: BinaryIO) -> None:
        self.findings: list[Finding] = []
        self.layout = "Parquet"
        measure(stream)
        self._rows = _unpacked(stream)
        self._headings = self._rows.columns
        for name, dtype in self._rows.schema.items():
            if not _is_text(dtype):
                params: dict[str, str | int] = {"heading": name[:80], "type": str(dtype)[:80]}
                self.findings.append(Finding("table.column_not_text", params=params))

    def place(self, sheet: str | None, number: int) -> str:
        """Rows are counted from 1; the headings are no row of a Parquet file."""
        return f"record {number}"

    def head(self, sheet: str | None) -> list[list[str]]:
        """The headings, in whichever row a mapping profile looks for them."""
        return [list(self._headings) for _ in range(HEAD_ROWS)]

    def records(self, sheet: str | None, *, header_row: int, width: int) -> Iterator[Record]:
        """Every row, behind as many rows of headings as the mapping profile has above its own."""
        for _ in range(header_row):
            yield Record(0, list(self._headings))
        for start in range(0, self._rows.height, _ROWS_AT_ONCE):
            piece = self._rows.slice(start, _ROWS_AT_ONCE)
            for number, row in enumerate(piece.iter_rows(), start=start + 1):
                yield _record(number, [_text(cell) for cell in row])


def _unpacked(stream: BinaryIO) -> pl.DataFrame:
    stream.seek(0)
    try:
        rows = pl.read_parquet(stream, hive_partitioning=False, glob=False)
        texts = [pl.col(name).cast(pl.String) for name, dtype in rows.schema.items() if dtype in _TEXTS]
        rows = rows.with_columns(texts)
        _check_text(rows)
        return rows.with_columns(pl.col(pl.String).str.head(MOST_CELL_CHARACTERS + 1))
    except (PolarsError, PanicException, OSError, ValueError) as error:  # the unpacker's own words for a broken file
        raise broken() from error


def _check_text(rows: pl.DataFrame) -> None:
    """A dictionary stores a long text once for any number of rows; as cells they would all be there."""
    sizes = [rows[name].str.len_bytes().sum() for name, dtype in rows.schema.items() if dtype == pl.String]
    if sum(sizes) > MOST_UNPACKED_BYTES:
        told = f"The Parquet file would unpack to {sum(sizes)} bytes of text."
        raise Unreadable("table.parquet_bomb", told, todo=OTHERWISE)


def _is_text(dtype: pl.DataType) -> bool:
    return dtype in _TEXTS or dtype in _PLAIN or dtype == pl.Binary or dtype.is_numeric()


def _record(number: int, cells: list[str]) -> Record:
    if any(len(cell) > MOST_CELL_CHARACTERS for cell in cells):
        shown = [cell[:EXCERPT_CHARACTERS] for cell in cells]
        return Record(number, shown, Fault("table.cell_too_long", {"limit": MOST_CELL_CHARACTERS}))
    if any("\0" in cell for cell in cells):
        return Record(number, cells, Fault("table.nul", {}))
    return Record(number, cells)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    if isinstance(cell, float):
        return decimal_text(cell)
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, int | bool) else ""
