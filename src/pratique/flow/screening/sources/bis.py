"""The denied persons list of the US Bureau of Industry and Security, in its tab-separated file with headings.

The list has no numbers of its own and does not say whether a name is a person or a firm; rows of one name are one
entry.
Source: BIS, "Denied Persons List" (dpl.txt).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Final

from pratique.flow.screening.source import BrokenList, ListFile, LoadedList, text_of
from pratique.flow.screening.sources.dates import country_code
from pratique.flow.screening.sources.entries import Entry, loaded
from pratique.vocabulary.findings import Finding
from pratique.vocabulary.ids import short_id

_HEADINGS: Final = (
    "Name",
    "Street_Address",
    "City",
    "State",
    "Country",
    "Postal_Code",
    "Effective_Date",
    "Expiration_Date",
    "Standard_Order",
    "Last_Update",
    "Action",
    "FR_Citation",
)
_LAST_YEAR: Final = 2100
"""The published list holds updates of the years 2922 and 3017; such a date is told, not believed."""


class DeniedPersons:
    """Denied persons of the United States."""

    name = "bis"
    title = "BIS denied persons"
    accepts = "The tab-separated file dpl.txt with its headings; gzip is understood."

    def load(self, files: Sequence[ListFile]) -> LoadedList:
        """The rows of the file, dated by its latest update. Raises :class:`BrokenList` where a row is not whole."""
        rows = [row for file in files for row in _rows(file)]
        entries: dict[str, Entry] = {}
        for row in rows:
            name = " ".join(row[0].split())
            entry = entries.setdefault(name, Entry(short_id("bis", name), "party", programme="Denied persons"))
            _add(entry, name, row)
        updates = [update for row in rows if (update := date.fromisoformat(row[9])).year <= _LAST_YEAR]
        findings = [
            Finding("lists.date_implausible", place=row[0], severity="note", params={"date": row[9]})
            for row in rows
            if int(row[9][:4]) > _LAST_YEAR
        ]
        return loaded(self.name, entries.values(), list_date=max(updates, default=None), findings=findings)


def _rows(file: ListFile) -> list[list[str]]:
    text = text_of(file, encodings=("utf-8-sig", "cp1252"))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
    try:
        headings = next(reader, [])
        if tuple(headings) != _HEADINGS:
            raise BrokenList(f"{file.name}, line 1: the headings are not {', '.join(_HEADINGS)}.")
        return [_checked(row, f"{file.name}, line {reader.line_num}") for row in reader if row]
    except csv.Error as error:
        raise BrokenList(f"{file.name}, line {reader.line_num}: not a tab-separated row ({error}).") from error


def _checked(row: list[str], place: str) -> list[str]:
    if len(row) != len(_HEADINGS):
        raise BrokenList(f"{place}: {len(row)} cells where {len(_HEADINGS)} were expected.")
    try:
        date.fromisoformat(row[9])
    except ValueError as error:
        raise BrokenList(f"{place}: the last update is {row[9]!r}; expected YYYY-MM-DD.") from error
    if not row[0].strip():
        raise BrokenList(f"{place}: the name is empty.")
    return row


def _add(entry: Entry, name: str, row: Sequence[str]) -> None:
    if not entry.names:
        entry.add_name(name, "primary")
    address = ", ".join(part for part in (cell.strip() for cell in row[1:6]) if part)
    if address:
        entry.addresses.append(address)
    if code := country_code(row[4]):
        entry.countries.append(code)
    entry.remarks = "\n".join(filter(None, (entry.remarks, f"{row[6]} to {row[7]}: {row[10]} ({row[11]})")))
