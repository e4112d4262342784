"""From a place that a finding or a piece of evidence names to what stands there in the file as received.

Places are ``segment 21``, ``message 2 (REF), segment 21``, ``/Awmds[1]/Bol_segment[2]``, ``row 7``, ``Sheet!row 7`` and
``byte 120``.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pratique.flow.intake.edi.locating import segment_span
from pratique.flow.intake.format import Unreadable
from pratique.flow.intake.formats.table.records import MOST_COLUMNS
from pratique.flow.intake.formats.table.text import CsvSource
from pratique.flow.intake.formats.table.workbook import XlsxSource
from pratique.flow.intake.xml.locating import element_span

AROUND: Final = 400
LONGEST: Final = 4_000
BETWEEN_CELLS: Final = " | "
_ROW: Final = re.compile(r"(?:(?P<sheet>.{1,200})!)?row (?P<number>\d{1,7})")
_BYTE: Final = re.compile(r"byte (?P<offset>\d{1,12})")
_WORKBOOK: Final = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Located:
    """What stands at a place: ``text`` with some text ``before`` and ``after`` it, control characters made visible.

    ``offset`` and ``length`` are bytes in the file; in a workbook there are none, and ``text`` is the cells of the row.
    ``is_cut`` says that only the beginning is shown.
    """

    offset: int | None
    length: int | None
    before: str
    text: str
    after: str
    is_cut: bool


def locate(data: bytes, place: str) -> Located | None:
    """What stands at ``place`` in the file; ``None`` where it has no such place."""
    row = _ROW.fullmatch(place)
    if row is not None and data.startswith(_WORKBOOK):
        return _cells(data, row["sheet"], int(row["number"]))
    span = _span(data, place, row)
    if span is None or not 0 <= span[0] < len(data):
        return None
    start, length = span
    end = min(start + length, len(data))
    shown = min(end, start + LONGEST)
    return Located(
        offset=start,
        length=end - start,
        before=_text(data[max(0, start - AROUND) : start]),
        text=_text(data[start:shown]),
        after=_text(data[end : end + AROUND]),
        is_cut=shown < end,
    )


def _span(data: bytes, place: str, row: re.Match[str] | None) -> tuple[int, int] | None:
    byte = _BYTE.fullmatch(place)
    if byte is not None:
        return int(byte["offset"]), AROUND
    if row is not None:
        return _line_span(data, int(row["number"]))
    return element_span(data, place) if place.startswith("/") else segment_span(data, place)


def _line_span(data: bytes, number: int) -> tuple[int, int] | None:
    try:
        source = CsvSource(io.BytesIO(data), headings=frozenset())
        record = next(islice(source.records(None, header_row=number, width=0), number - 1, None), None)
    except (Unreadable, ValueError):
        return None
    if record is None or record.offset is None or record.length is None:
        return None
    return record.offset, record.length


def _cells(data: bytes, sheet: str | None, number: int) -> Located | None:
    try:
        source = XlsxSource(io.BytesIO(data))
        if number < 1 or not source.has_sheet(sheet):
            return None
        record = next(islice(source.records(sheet, header_row=number, width=MOST_COLUMNS), number - 1, None), None)
    except Unreadable:
        return None
    if record is None:
        return None
    text = BETWEEN_CELLS.join(cell for cell in record.cells if cell)
    return Located(None, None, "", _visible(text[:LONGEST]), "", is_cut=len(text) > LONGEST)


def _text(piece: bytes) -> str:
    """Bytes as text: UTF-8 where they are, else one character for each byte."""
    if piece[:2] in (b"\xff\xfe", b"\xfe\xff") or piece.count(0) * 4 > len(piece):
        return _visible(piece.decode("utf-16-le" if piece[1:2] == b"\x00" else "utf-16-be", "replace"))
    try:
        return _visible(piece.decode("utf-8"))
    except UnicodeDecodeError as error:
        inside = error.start >= 4 and error.end < len(piece) - 4
        return _visible(piece.decode("latin-1" if inside else "utf-8", "replace"))


def _visible(text: str) -> str:
    """Control characters as their pictures; what cannot be shown at all as a replacement character."""
    told = (chr(0x2400 + ord(each)) if ord(each) < 0x20 and each not in "\n\t" else each for each in text)
    return "".join(each if each.isprintable() or each in "\n\t" else "\ufffd" for each in told)
