"""The list of specially designated nationals of the US Office of Foreign Assets Control, in its legacy CSV files.

Four files without headings: entries (12 columns), other names (5), addresses (6), overflow of remarks (2). ``-0-``
means empty; some releases end with a line of one 0x1A byte. Weak other names, birth dates and numbers stand in the
remarks.
Source: OFAC, "SDN data formats and data schemas".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pratique.flow.screening.source import BrokenList, ListFile, LoadedList, text_of
from pratique.flow.screening.sources.dates import country_code, dates_in
from pratique.flow.screening.sources.entries import Entry, loaded

_COLUMNS: Final[Mapping[str, int]] = {"comments": 2, "alt": 5, "add": 6, "sdn": 12}
_FILE: Final[Mapping[str, str]] = {
    "sdn": "entries (SDN.CSV)",
    "alt": "other names (ALT.CSV)",
    "add": "addresses (ADD.CSV)",
    "comments": "remarks (SDN_COMMENTS.CSV)",
}
_KINDS: Final[Mapping[str, str]] = {"individual": "person", "vessel": "vessel", "aircraft": "other", "": "organisation"}
_OTHER_NAME: Final = re.compile(r"(?:alt\. )?[afn]\.k\.a\. '(?P<name>.+?)'?\.?")
_NUMBER: Final = re.compile(
    r"(?:alt\. )?(?P<label>[A-Z][A-Za-z .()/-]*?) (?P<number>[A-Z0-9./-]*\d[A-Z0-9./-]*)(?: \(.*\))?\.?"
)
_BIRTH: Final = re.compile(r"(?:alt\. )?DOB (?P<date>.+)")
_COUNTRY: Final = re.compile(r"(?:alt\. )?(?:nationality|citizen) (?P<country>.+)")
_SCHEMES: Final[Mapping[str, str]] = {
    "Vessel Registration Identification IMO": "imo",
    "Identification Number IMO": "imo_company",
    "Company Number IMO": "imo_company",
    "MMSI": "mmsi",
    "Passport": "passport",
    "Diplomatic Passport": "passport",
    "Travel Document Number": "passport",
    "National ID No.": "national_id",
    "Identification Number": "national_id",
    "Personal ID Card": "national_id",
    "Cedula No.": "national_id",
    "C.U.R.P.": "national_id",
    "D.N.I.": "national_id",
    "National Foreign ID Number": "national_id",
    "R.F.C.": "tax",
    "Tax ID No.": "tax",
    "V.A.T. Number": "tax",
    "NIT #": "tax",
    "RUC #": "tax",
    "SWIFT/BIC": "registration",
    "Registration Number": "registration",
    "Registration ID": "registration",
    "Company Number": "registration",
    "UK Company Number": "registration",
    "Commercial Registry Number": "registration",
    "C.R. No.": "registration",
    "Business Registration Number": "registration",
    "Trade License No.": "registration",
    "Matricula Mercantil No": "registration",
    "Chamber of Commerce Number": "registration",
    "Folio Mercantil No.": "registration",
    "Enterprise Number": "registration",
    "Legal Entity Number": "registration",
}


class Ofac:
    """Specially designated nationals of the United States."""

    name = "ofac"
    title = "OFAC specially designated nationals"
    accepts = "SDN.CSV, and where at hand ALT.CSV, ADD.CSV and SDN_COMMENTS.CSV, without headings; gzip is understood."

    def load(self, files: Sequence[ListFile]) -> LoadedList:
        """The four files as one list. Raises :class:`BrokenList` where one is cut or refers to absent entries."""
        tables: dict[str, list[list[str]]] = {role: [] for role in _COLUMNS}
        for file in files:
            role, rows = _table(file)
            tables[role].extend(rows)
        if not tables["sdn"]:
            raise BrokenList("The file of entries (SDN.CSV) is not among the files.", todo="Load it with the others.")
        return loaded(self.name, _entries(tables))


def _table(file: ListFile) -> tuple[str, list[list[str]]]:
    """Role and rows of a file, recognised by its name and checked by its columns."""
    text = text_of(file, encodings=("utf-8-sig", "cp1252")).rstrip("\x1a\r\n ")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    role = _role_by_name(file.name)
    try:
        for row in reader:
            role = role or _role_by_columns(len(row), file.name)
            if len(row) != _COLUMNS[role] or not row[0].strip().isdigit():
                raise BrokenList(
                    f"{file.name}, line {reader.line_num}: {len(row)} columns, beginning {row[0][:20]!r}, where a file "
                    f"of {_FILE[role]} has {_COLUMNS[role]} columns and begins with a number."
                )
            rows.append(["" if cell.strip() == "-0-" else cell.strip() for cell in row])
    except csv.Error as error:
        raise BrokenList(f"{file.name}, line {reader.line_num}: not a CSV row ({error}).") from error
    return role or "sdn", rows


def _role_by_name(name: str) -> str | None:
    return next((role for role in _COLUMNS if role in name.lower().rsplit("/", 1)[-1]), None)


def _role_by_columns(columns: int, name: str) -> str:
    for role, expected in _COLUMNS.items():
        if columns == expected:
            return role
    expected_columns = ", ".join(str(count) for count in sorted(_COLUMNS.values()))
    raise BrokenList(f"{name}, line 1: {columns} columns; the files of this list have {expected_columns}.")


def _entries(tables: Mapping[str, Sequence[Sequence[str]]]) -> Iterator[Entry]:
    entries: dict[str, Entry] = {}
    overflow = {row[0]: row[1] for row in tables["comments"]}
    for row in tables["sdn"]:
        if row[0] in entries:
            raise BrokenList(f"The entry {row[0]} stands twice in the file of entries.")
        entries[row[0]] = _entry(row, overflow.get(row[0], ""))
    for row in tables["alt"]:
        _known(entries, row[0], "alt").names.append((f"{row[0]}-{row[1]}", row[3], "strong"))
    for row in tables["add"]:
        _add_address(_known(entries, row[0], "add"), row)
    for number in overflow:
        _known(entries, number, "comments")
    for entry in entries.values():
        entry.names.sort(key=lambda named: named[2] == "weak")  # a spelling that is also a strong one is a strong one
    yield from entries.values()


def _known(entries: Mapping[str, Entry], number: str, role: str) -> Entry:
    if number not in entries:
        raise BrokenList(
            f"The file of {_FILE[role]} refers to entry {number}, which the file of entries does not hold.",
            todo="The files are of different days or one is cut short: fetch all of them again.",
        )
    return entries[number]


def _entry(row: Sequence[str], overflow: str) -> Entry:
    number, name, kind, programme, title, _, _, _, _, flag, _, remarks = row
    if not name:
        raise BrokenList(f"The entry {number} has no name.")
    if kind not in _KINDS:
        raise BrokenList(f"The entry {number} is of the unknown type {kind!r}.")
    entry = Entry(
        number, _KINDS[kind], names=[(number, name, "primary")], programme=programme, remarks=remarks + overflow
    )
    if flag and (code := country_code(flag)):
        entry.countries.append(code)
    for part in entry.remarks.split(";"):
        _read_remark(entry, part.strip())
    if title:
        entry.remarks = f"{title}. {entry.remarks}".strip()
    return entry


def _read_remark(entry: Entry, part: str) -> None:
    """Takes out of one remark what it says: a weak other name, a birth date, a country or a number."""
    if found := _OTHER_NAME.fullmatch(part):
        entry.names.append((f"{entry.entity_id}/{len(entry.names)}", found["name"], "weak"))
    elif found := _BIRTH.fullmatch(part):
        entry.birth_dates.extend(dates_in(found["date"]))
    elif found := _COUNTRY.fullmatch(part):
        if code := country_code(found["country"]):
            entry.countries.append(code)
    elif (found := _NUMBER.fullmatch(part)) and (scheme := _SCHEMES.get(found["label"])):
        entry.identifiers.append(f"{scheme}:{found['number']}")


def _add_address(entry: Entry, row: Sequence[str]) -> None:
    parts = [part for part in row[2:5] if part]
    if parts:
        entry.addresses.append(", ".join(parts))
    if row[4] and (code := country_code(row[4])):
        entry.countries.append(code)
