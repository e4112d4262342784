"""XLSX as a source of rows.

In: the bytes of the workbook. Out: records of text: numbers as they stand, dates as ISO 8601, formulas by the value
that the spreadsheet program kept. The container is measured before it is opened, and a workbook that declares XML
entities or would unpack beyond all measure is refused.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from math import isfinite
from typing import Any, BinaryIO, Final

from pratique.flow.intake.format import Unreadable
from pratique.flow.intake.formats.table.records import HEAD_ROWS, MOST_CELL_CHARACTERS, MOST_COLUMNS, Fault, Record
from pratique.vocabulary.findings import Finding

MOST_UNPACKED_BYTES: Final = 1024 * 1024 * 1024
MOST_TIMES_LARGER: Final = 200
SMALL_BYTES: Final = 16 * 1024 * 1024  # below this the ratio says nothing
MOST_PARTS: Final = 10_000
MOST_ROWS: Final = 1_048_576
_CHUNK: Final = 1024 * 1024
_DECLARATION: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[ />]")
_TODO: Final = "Save the table as CSV or as a new workbook and send that."


class XlsxSource:
    """A workbook opened as a table. Raises ``Unreadable`` where it is broken or dangerous."""

    def __init__(self, stream: BinaryIO) -> None:
        self.findings: list[Finding] = []
        self.layout = "XLSX"
        self._stream = stream
        has_formulas = _inspect(stream)
        self._values = _open(stream, data_only=True)
        self._formulas = _open(stream, data_only=False) if has_formulas else None

    def place(self, sheet: str | None, number: int) -> str:
        return f"{self._title(sheet)}!row {number}"

    def head(self, sheet: str | None) -> list[list[str]]:
        """The first rows, as far as the sheet is whole; ``records`` tells where it breaks off."""
        rows: list[list[str]] = []
        try:
            rows.extend(
                _trimmed(_texts(row)) for row in islice(self._rows(self._values, sheet, MOST_COLUMNS), HEAD_ROWS)
            )
        except Exception as error:  # openpyxl raises whatever the broken part happens to cause
            if not rows:
                raise Unreadable("table.workbook_broken", "The sheet cannot be read.", todo=_TODO) from error
        return rows

    def records(self, sheet: str | None, *, header_row: int, width: int) -> Iterator[Record]:
        """Every row, as wide as the headings; a cell beyond them shows that the row does not fit."""
        number = 0
        try:
            for number, cells in enumerate(self._cells(sheet, width + 1), start=1):
                yield _record(number, cells, width)
        except Exception as error:  # openpyxl raises whatever the broken part happens to cause
            fault = Fault("table.workbook_cut", {"error": type(error).__name__, "row": number + 1})
            yield Record(number + 1, [], fault)

    def has_sheet(self, sheet: str | None) -> bool:
        """Whether the workbook has a sheet of that name (None: the first one)."""
        return bool(self._values.worksheets) if sheet is None else sheet in self._values.sheetnames

    def _title(self, sheet: str | None) -> str:
        return sheet if sheet is not None else str(self._values.worksheets[0].title)

    def _cells(self, sheet: str | None, width: int) -> Iterator[list[str]]:
        values = self._rows(self._values, sheet, width)
        if self._formulas is None:
            yield from map(_texts, values)
            return
        formulas = self._rows(self._formulas, sheet, width)
        for number, (row, written) in enumerate(zip(values, formulas, strict=False), start=1):
            yield _texts([self._computed(cell, text, number, sheet) for cell, text in zip(row, written, strict=True)])

    def _computed(self, value: Any, written: Any, number: int, sheet: str | None) -> Any:
        """The kept value of a formula; its text, with a finding, where the workbook keeps none."""
        if value is not None or written is None:
            return value
        text = str(getattr(written, "text", written))
        place = self.place(sheet, number)
        self.findings.append(Finding("table.formula_without_value", place=place, params={"formula": text[:80]}))
        return text

    def _rows(self, workbook: Any, sheet: str | None, width: int) -> Iterator[Sequence[Any]]:
        worksheet = workbook[self._title(sheet)]
        worksheet.reset_dimensions()  # what a workbook says of its own size is not to be trusted
        rows = iter(worksheet.iter_rows(max_col=width, values_only=True))
        for _ in range(MOST_ROWS):
            row = _quietly_next(rows)
            if row is None:
                return
            yield row
        raise ValueError("more rows than a workbook can have")


def _quietly_next(rows: Iterator[Sequence[Any]]) -> Sequence[Any] | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of features that it does not keep when writing
        return next(rows, None)


def _inspect(stream: BinaryIO) -> bool:
    """Measure the container without unpacking it, then look for entities; whether any sheet has formulas."""
    try:
        with zipfile.ZipFile(stream) as container:
            parts = container.infolist()
            _measure(parts)
            texts = [part for part in parts if part.filename.endswith((".xml", ".rels", ".vml"))]
            with_formulas = [part for part in texts if _scan(container, part)]  # every part is scanned
            return bool(with_formulas)
    except Unreadable:
        raise
    except Exception as error:  # BadZipFile, zlib.error, EOFError: whatever the unpacker happens to raise
        raise Unreadable("table.workbook_broken", "The workbook's container is broken.", todo=_TODO) from error


def _measure(parts: Sequence[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    bomb = unpacked > SMALL_BYTES and unpacked > MOST_TIMES_LARGER * max(packed, 1)
    if bomb or unpacked > MOST_UNPACKED_BYTES or len(parts) > MOST_PARTS:
        raise Unreadable(
            "table.workbook_bomb",
            f"The workbook holds {len(parts)} parts of {packed} bytes that would unpack to {unpacked} bytes.",
            todo=_TODO,
        )


def _scan(container: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part holds formulas. Raises ``Unreadable`` where it declares entities or hides its characters."""
    formulas = False
    tail = b""
    with container.open(part) as unpacked:
        while chunk := unpacked.read(_CHUNK):
            window = tail + chunk
            if _DECLARATION.search(window) or (not tail and b"\x00" in window[:64]):
                raise Unreadable(
                    "table.workbook_entities",
                    "The workbook declares XML entities, which no spreadsheet program writes.",
                    place=part.filename,
                    todo=_TODO,
                )
            formulas = formulas or bool(_FORMULA.search(window))
            tail = window[-32:]
    return formulas


def _open(stream: BinaryIO, *, data_only: bool) -> Any:
    from openpyxl import load_workbook  # loaded only where a workbook came: it takes a tenth of a second

    stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = load_workbook(stream, read_only=True, data_only=data_only, keep_links=False)
        if not workbook.worksheets:
            raise ValueError("no sheet")
    except Exception as error:  # openpyxl raises whatever the broken part happens to cause
        raise Unreadable("table.workbook_broken", "The workbook cannot be opened.", todo=_TODO) from error
    return workbook


def _record(number: int, cells: list[str], width: int) -> Record:
    if len(cells) > width and not any(cells[width:]):
        cells = cells[:width]
    if any(len(cell) > MOST_CELL_CHARACTERS for cell in cells):
        return Record(number, cells, Fault("table.cell_too_long", {"limit": MOST_CELL_CHARACTERS}))
    return Record(number, cells + [""] * (width - len(cells)))


def _texts(row: Sequence[Any]) -> list[str]:
    return ["" if cell is None else cell if isinstance(cell, str) else _text(cell) for cell in row]


def _text(cell: Any) -> str:
    if isinstance(cell, float):
        return decimal_text(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def decimal_text(number: float) -> str:
    """The shortest decimal number that stands for the workbook's binary one, without an exponent."""
    if not isfinite(number):
        return str(number)
    text = format(Decimal(repr(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells.pop()
    return cells
