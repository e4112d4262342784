"""The rows of a table before anything is known of their meaning: cells of text with their row number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from pratique.vocabulary.findings import Finding

MOST_CELL_CHARACTERS: Final = 128 * 1024
MOST_COLUMNS: Final = 16_384
HEAD_ROWS: Final = 40
EXCERPT_CHARACTERS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be read: a finding's rule, with its parameters."""

    rule: str
    params: dict[str, str | int]


class Record(NamedTuple):
    """One row. ``number`` counts from 1 as a spreadsheet does; offset and length are bytes in a text file.

    Where there is a fault, ``cells`` is only an excerpt to show.
    """

    number: int
    cells: list[str]
    fault: Fault | None = None
    offset: int | None = None
    length: int | None = None


def misfit(cells: Sequence[str], width: int) -> Fault | None:
    """Why the cells do not stand under the headings: too few, or something beyond the last; a blank row fits."""
    if len(cells) == width or not any(map(str.strip, cells[width:] or cells)):
        return None
    return Fault("table.ragged_row", {"cells": len(cells), "headings": width})


class Source(Protocol):
    """A file opened as a table: CSV, XLSX or Parquet."""

    layout: str  # for people: "CSV, utf-8, delimiter ','"
    findings: list[Finding]  # about the file as a whole, complete once the records were read

    def head(self, sheet: str | None) -> list[list[str]]:
        """The cells of the first rows."""

    def records(self, sheet: str | None, *, header_row: int, width: int) -> Iterator[Record]:
        """Every row, blank ones too; those below ``header_row`` should have ``width`` cells."""

    def place(self, sheet: str | None, number: int) -> str:
        """How a row is named: ``row 7`` or ``Sheet1!row 7``."""
