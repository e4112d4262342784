"""How large a Parquet file becomes when it is unpacked, measured before anything unpacks it.

The notes at the end of the file may lie, so the header of every page is visited: those sizes are what an unpacker
reserves. Source: the Parquet format (``parquet.thrift``: FileMetaData, RowGroup, ColumnMetaData, PageHeader).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from pratique.flow.intake.format import Unreadable
from pratique.flow.intake.formats.table.records import MOST_COLUMNS
from pratique.flow.intake.formats.table.thrift import Compact, Struct, ThriftBroken

MAGIC: Final = b"PAR1"
MOST_UNPACKED_BYTES: Final = 1024 * 1024 * 1024
MOST_ROWS: Final = 5_000_000
MOST_CELLS: Final = 50_000_000
MOST_NOTES_BYTES: Final = 64 * 1024 * 1024
PAGE_HEADER_BYTES: Final = 64 * 1024
OTHERWISE: Final = "Send the table in several files, or as CSV."
REPEATED: Final = 2
DATA_PAGE, DICTIONARY_PAGE, DATA_PAGE_V2 = 0, 2, 3


@dataclass(frozen=True, slots=True)
class Measured:
    """Rows, names of the columns in order, and bytes once unpacked."""

    rows: int
    columns: tuple[str, ...]
    unpacked_bytes: int


def measure(stream: BinaryIO) -> Measured:
    """Raises ``Unreadable`` where the file is broken, nested, spread over other files, or beyond measure."""
    try:
        notes, end = _notes(stream)
        columns = _columns(notes[2])
        groups = notes.get(4, [])
        rows = sum(_count(group[3]) for group in groups)
        if rows != _count(notes[3]):
            raise ThriftBroken("rows do not add up")
        if rows > MOST_ROWS or rows * len(columns) > MOST_CELLS or len(columns) > MOST_COLUMNS:
            raise _too_large(f"{rows} rows in {len(columns)} columns")
        unpacked = 0
        for chunk, of_rows in _chunks(groups, len(columns)):
            unpacked += sum(_pages(stream, chunk, of_rows, end))
            if unpacked > MOST_UNPACKED_BYTES:
                raise _too_large(f"more than {MOST_UNPACKED_BYTES} bytes")
    except (ThriftBroken, KeyError, TypeError, AttributeError) as error:
        raise broken() from error
    return Measured(rows, columns, unpacked)


def broken() -> Unreadable:
    """The refusal of a file whose own notes do not describe it."""
    return Unreadable("table.parquet_broken", "The Parquet file is broken.", todo=OTHERWISE)


def _notes(stream: BinaryIO) -> tuple[Struct, int]:
    """The notes at the end, and where the pages end."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(size - 8, 0))
    tail = stream.read(8)
    length = int.from_bytes(tail[:4], "little")
    start = size - 8 - length
    if tail[4:] != MAGIC or start < len(MAGIC) or length > MOST_NOTES_BYTES:
        raise ThriftBroken("no notes at the end")
    stream.seek(start)
    return Compact(stream.read(length)).struct(), start


def _columns(schema: list[Struct]) -> tuple[str, ...]:
    """The names of the columns. Raises ``Unreadable`` where a cell would hold more than one value."""
    _, *leaves = schema
    if any(leaf.get(5) or leaf.get(3) == REPEATED for leaf in leaves):
        raise Unreadable(
            "table.parquet_nested",
            "The Parquet file has columns inside columns; a table has one value in each cell.",
            todo="Write the table flat, with one row for each goods item or container.",
        )
    return tuple(leaf[4].decode("utf-8", "replace") for leaf in leaves)


def _chunks(groups: list[Struct], width: int) -> Iterator[tuple[Struct, int]]:
    for group in groups:
        if len(group[1]) != width:
            raise ThriftBroken("columns do not add up")
        for column in group[1]:
            if column.get(1):  # the values would lie in another file
                raise ThriftBroken("values elsewhere")
            yield column[3], group[3]


def _pages(stream: BinaryIO, chunk: Struct, rows: int, end: int) -> Iterator[int]:
    """The unpacked size of every page of a column chunk, whose pages must hold a value for every row."""
    position = min(_count(offset) for offset in (chunk[9], chunk.get(11)) if offset)
    stop = position + _count(chunk[7])
    if stop > end or position < len(MAGIC) or chunk[5] != rows:
        raise ThriftBroken("a column outside the file")
    values = 0
    while position < stop:
        stream.seek(position)
        reader = Compact(stream.read(PAGE_HEADER_BYTES))
        header = reader.struct()
        unpacked = _count(header[2])
        position += reader.position + _count(header[3])
        values += _values(header, unpacked)
        yield unpacked
    if values != rows or position != stop:
        raise ThriftBroken("pages do not add up")


def _values(header: Struct, unpacked: int) -> int:
    """How many rows the page holds values of; a dictionary holds none of its own."""
    if header[1] == DICTIONARY_PAGE:
        if _count(header[7][1]) > unpacked:
            raise ThriftBroken("a dictionary larger than its page")
        return 0
    if header[1] not in (DATA_PAGE, DATA_PAGE_V2):
        return 0
    return _count(header[5 if header[1] == DATA_PAGE else 8][1])


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ThriftBroken("a negative size")
    return value


def _too_large(what: str) -> Unreadable:
    return Unreadable("table.parquet_bomb", f"The Parquet file would unpack to {what}.", todo=OTHERWISE)
