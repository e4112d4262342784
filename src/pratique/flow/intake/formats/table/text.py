"""CSV as a source of rows: encoding and delimiter found by content, quoted newlines, nothing unbounded.

In: the bytes. Out: records, where a row that cannot be cut into cells is a record with a fault. A row that opens a
quote and does not close it, so that it would swallow the rows after it, costs only its own first line.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Final, NamedTuple

from pratique.flow.intake.format import HEAD_BYTES, Unreadable
from pratique.flow.intake.formats.table.records import EXCERPT_CHARACTERS, HEAD_ROWS, Fault, Record, misfit
from pratique.flow.intake.mapping import plain_heading
from pratique.vocabulary.findings import Finding

DELIMITERS: Final = (",", ";", "\t", "|")
MOST_LINE_CHARACTERS: Final = 1024 * 1024
MOST_LINES_OF_A_ROW: Final = 100
_CHUNK: Final = 1024 * 1024
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes are text: the codec, the length of the byte order mark, and what was odd about it."""

    codec: str
    bom_bytes: int = 0
    finding: Finding | None = None


class CsvSource:
    """A text table. Raises ``Unreadable`` where the bytes are not text."""

    def __init__(self, stream: BinaryIO, *, headings: frozenset[str]) -> None:
        self._stream = stream
        self._encoding = find_encoding(stream)
        self.findings = [self._encoding.finding] if self._encoding.finding else []
        self.delimiter = find_delimiter(self._head_text(), headings=headings)
        self.layout = f"CSV, {self._encoding.codec}, delimiter {self.delimiter!r}"

    def place(self, sheet: str | None, number: int) -> str:
        return f"row {number}"

    def head(self, sheet: str | None) -> list[list[str]]:
        rows = self.records(sheet, header_row=HEAD_ROWS, width=0)
        return [record.cells for record in islice(rows, HEAD_ROWS)]

    def records(self, sheet: str | None, *, header_row: int, width: int) -> Iterator[Record]:
        self._stream.seek(self._encoding.bom_bytes)
        text = io.TextIOWrapper(self._stream, self._encoding.codec, errors="replace", newline="")
        try:
            yield from _records(_Lines(text, self._encoding), self.delimiter, header_row=header_row, width=width)
        finally:
            text.detach()

    def _head_text(self) -> str:
        self._stream.seek(self._encoding.bom_bytes)
        return self._stream.read(HEAD_BYTES).decode(self._encoding.codec, "replace")


def find_encoding(stream: BinaryIO) -> Encoding:
    """UTF-8 or UTF-16 by byte order mark, else UTF-8 if it decodes, else Windows-1252 or Latin-1 with a finding."""
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    for bom, codec in _BOMS:
        if head.startswith(bom):
            whole, cut = _decodes(stream, codec, len(bom))
            rule = "table.cut_inside_character" if cut else None if whole else "table.characters_replaced"
            return Encoding(codec, len(bom), _odd(rule, codec))
    if head.count(0) * 10 > len(head) or looks_binary(head):
        raise Unreadable("table.binary", "The file is not text.", place="byte 0", todo="Send the table as CSV or XLSX.")
    whole, cut = _decodes(stream, "utf-8", 0)
    if whole:
        return Encoding("utf-8", 0, _odd("table.cut_inside_character" if cut else None, "utf-8"))
    codec = "cp1252" if _decodes(stream, "cp1252", 0)[0] else "latin-1"
    return Encoding(codec, 0, _odd("table.not_utf8", codec))


def looks_binary(head: bytes) -> bool:
    """Whether more than one byte in fifty is a control character that no text file holds."""
    odd = sum(head.count(code) for code in range(1, 32) if code not in (9, 10, 12, 13, 26))
    return odd * 50 > len(head)


def find_delimiter(head: str, *, headings: frozenset[str]) -> str:
    """The delimiter that shows most of the known ``headings`` in one row; then the one with the widest first row."""

    def merit(delimiter: str) -> tuple[int, int]:
        rows = first_rows(head, delimiter)
        known = max((sum(plain_heading(cell) in headings for cell in row) for row in rows), default=0)
        return known, max(map(len, rows[:1]), default=0)

    return max(DELIMITERS, key=merit)


def first_rows(head: str, delimiter: str) -> list[list[str]]:
    """The first rows of a piece of text, as far as they can be cut into cells."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) == HEAD_ROWS:
                break
    except csv.Error:
        return rows
    return rows


def _decodes(stream: BinaryIO, codec: str, start: int) -> tuple[bool, bool]:
    """Whether the whole stream decodes, and whether it ends inside a character."""
    stream.seek(start)
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        while chunk := stream.read(_CHUNK):
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return False, False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return True, True
    return True, False


def _odd(rule: str | None, codec: str) -> Finding | None:
    return Finding(rule, place="byte 0", params={"encoding": codec}) if rule else None


class _Line(NamedTuple):
    text: str
    bytes: int
    too_long: bool


class _RowBroken(Exception):
    """A row that cannot be cut into cells."""

    def __init__(self, rule: str, **params: int) -> None:
        super().__init__(rule)
        self.rule = rule
        self.params: dict[str, str | int] = dict(params)


class _Lines:
    """The lines of a text, one at a time and never a long one; remembers those of the row that is being read."""

    def __init__(self, text: io.TextIOWrapper, encoding: Encoding) -> None:
        self._text = text
        self._codec = encoding.codec
        self._again: deque[_Line] = deque()
        self._offset = encoding.bom_bytes
        self.row: list[_Line] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.row) >= MOST_LINES_OF_A_ROW:
            raise _RowBroken("table.quote_not_closed")
        line = self._again.popleft() if self._again else self._read()
        self.row.append(line)
        if line.too_long:
            raise _RowBroken("table.line_too_long", limit=MOST_LINE_CHARACTERS)
        return line.text

    def next_row(self) -> tuple[int, int]:
        """Forget the row that was read; its offset and length in bytes."""
        start, length = self._offset, sum(line.bytes for line in self.row)
        self._offset += length
        self.row = []
        return start, length

    def read_rest_again(self) -> None:
        """Only the first line belongs to this row; the others are read once more."""
        self._again.extendleft(reversed(self.row[1:]))
        del self.row[1:]

    def _read(self) -> _Line:
        text = self._text.readline(MOST_LINE_CHARACTERS)
        if not text:
            raise StopIteration
        too_long = len(text) == MOST_LINE_CHARACTERS and text[-1] not in "\r\n"
        return _Line(text, self._bytes(text) + (self._skip_line() if too_long else 0), too_long)

    def _skip_line(self) -> int:
        skipped = 0
        while piece := self._text.readline(MOST_LINE_CHARACTERS):
            skipped += self._bytes(piece)
            if piece[-1] in "\r\n":
                break
        return skipped

    def _bytes(self, text: str) -> int:
        if text.isascii() and not self._codec.startswith("utf-16"):
            return len(text)
        return len(text.encode(self._codec, "replace"))


def _records(lines: _Lines, delimiter: str, *, header_row: int, width: int) -> Iterator[Record]:
    reader = csv.reader(lines, delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
            if cells is None:
                return
            _check(lines.row, delimiter)
            if number > header_row and len(lines.row) > 1 and misfit(cells, width):
                raise _RowBroken("table.quote_not_closed")  # by all signs it swallowed the rows after it
            yield Record(number, cells, None, *lines.next_row())
        except (_RowBroken, csv.Error) as error:
            yield _broken(lines, number, error)
            reader = csv.reader(lines, delimiter=delimiter)


def _check(row: Sequence[_Line], delimiter: str) -> None:
    """Raise what the csv module lets pass: a NUL, a quote still open at the end, a quote that swallowed other rows."""
    text = row[0].text if len(row) == 1 else "".join(line.text for line in row)
    if "\x00" in text:
        raise _RowBroken("table.nul")
    if len(row) > 1 or text.count('"') % 2:
        try:
            list(csv.reader([line.text for line in row], delimiter=delimiter, strict=True))
        except csv.Error as error:
            if len(row) > 1 or "unexpected end" in str(error):
                raise _RowBroken("table.quote_not_closed") from error


def _broken(lines: _Lines, number: int, error: _RowBroken | csv.Error) -> Record:
    if isinstance(error, csv.Error):
        error = _RowBroken("table.cell_too_long", limit=csv.field_size_limit())
    lines.read_rest_again()
    excerpt = [line.text[:EXCERPT_CHARACTERS] for line in lines.row]
    return Record(number, excerpt, Fault(error.rule, error.params), *lines.next_row())
