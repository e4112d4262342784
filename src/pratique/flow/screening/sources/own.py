"""An administration's own list: a CSV that people keep by hand.

Headings, in any order, all of them present (``pratique.vocabulary.listings.OWN_LIST_HEADINGS``)::

    id,name,kind,aliases,country,birth_date,identifiers,programme,remarks

UTF-8, comma, quotes as in RFC 4180. ``id``, ``name`` and ``kind`` must be filled; the other cells may be empty.
``kind`` is one of ``person, organisation, party, vessel, address, document, equipment`` or a FollowTheMoney schema
name. ``aliases``, ``country`` (ISO alpha-2), ``birth_date`` (YYYY, YYYY-MM or YYYY-MM-DD) and ``identifiers``
(``scheme:value``, e.g. ``imo:9074729``) hold several values separated by ``;``. An alias that begins with ``~`` is
weak.
For ``equipment`` and ``document`` the name is the number itself. Three further headings are understood: ``address``,
``grade`` (reliability of the source and credibility of the information, such as ``B2``; ``pratique.vocabulary.grades``)
and ``report``, the number or address of the report that the entry comes from.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Final

from pratique.flow.screening.source import BrokenList, ListFile, LoadedList, text_of
from pratique.flow.screening.sources.entries import Entry, loaded
from pratique.vocabulary.grades import graded
from pratique.vocabulary.listings import FOLLOW_THE_MONEY_KINDS, KINDS, OWN_LIST_HEADINGS

_OPTIONAL: Final = ("address", "grade", "report")
_BIRTH_DATE: Final = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_IDENTIFIER: Final = re.compile(r"[a-z_]+:\S.*")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_TODO: Final = "Correct the row and load the list again."


class OwnList:
    """A list that the administration keeps itself."""

    name = "own"
    title = "Own list"
    accepts = (
        "One or more CSV files (UTF-8) with the headings "
        + ", ".join(OWN_LIST_HEADINGS)
        + "; address, grade, report too."
    )

    def load(self, files: Sequence[ListFile]) -> LoadedList:
        """The rows of all files as one list. Raises :class:`BrokenList` with file, line and what was expected."""
        return loaded(self.name, [entry for file in files for entry in _entries(file)])


def _entries(file: ListFile) -> list[Entry]:
    reader = csv.reader(io.StringIO(text_of(file), newline=""), strict=True)
    try:
        headings = _headings(next(reader, []), file.name)
        return [
            _entry(
                _cells(row, headings, f"{file.name}, line {reader.line_num}"), f"{file.name}, line {reader.line_num}"
            )
            for row in reader
            if row
        ]
    except csv.Error as error:
        raise BrokenList(f"{file.name}, line {reader.line_num}: not a CSV row ({error}).", todo=_TODO) from error


def _headings(row: Sequence[str], file_name: str) -> list[str]:
    headings = [heading.strip().lower() for heading in row]
    missing = [heading for heading in OWN_LIST_HEADINGS if heading not in headings]
    unknown = [heading for heading in headings if heading not in (*OWN_LIST_HEADINGS, *_OPTIONAL)]
    if missing or unknown or len(set(headings)) < len(headings):
        told = f"missing: {', '.join(missing) or 'none'}; unknown: {', '.join(unknown) or 'none'}"
        raise BrokenList(
            f"{file_name}, line 1: the headings are not those of an own list ({told}).",
            todo=f"The first line must read {','.join(OWN_LIST_HEADINGS)}.",
        )
    return headings


def _cells(row: Sequence[str], headings: Sequence[str], place: str) -> Mapping[str, str]:
    if len(row) != len(headings):
        raise BrokenList(f"{place}: {len(row)} cells where {len(headings)} were expected.", todo=_TODO)
    return {heading: cell.strip() for heading, cell in zip(headings, row, strict=True)}


def _entry(cells: Mapping[str, str], place: str) -> Entry:
    for required in ("id", "name", "kind"):
        if not cells[required]:
            raise BrokenList(f"{place}: {required} is empty.", todo=_TODO)
    entry = Entry(
        cells["id"],
        _kind(cells["kind"], place),
        countries=_values(cells["country"].upper(), _COUNTRY, place, "a two-letter country code"),
        birth_dates=_values(cells["birth_date"], _BIRTH_DATE, place, "a date as YYYY-MM-DD, YYYY-MM or YYYY"),
        identifiers=_values(cells["identifiers"], _IDENTIFIER, place, "scheme:value"),
        addresses=[cells["address"]] if cells.get("address") else [],
        programme=cells["programme"],
        remarks=cells["remarks"],
        grades=_grades(cells.get("grade", ""), place),
        report=cells.get("report", ""),
    )
    entry.add_name(cells["name"], "primary")
    for alias in _split(cells["aliases"]):
        entry.add_name(alias.removeprefix("~"), "weak" if alias.startswith("~") else "strong")
    return entry


def _kind(text: str, place: str) -> str:
    kind = FOLLOW_THE_MONEY_KINDS.get(text, text.lower())
    if kind not in KINDS:
        raise BrokenList(f"{place}: {text!r} is no kind; expected one of {', '.join(KINDS)}.", todo=_TODO)
    return kind


def _grades(text: str, place: str) -> tuple[str | None, str | None]:
    try:
        return graded(text.upper())
    except ValueError:
        expected = "a letter A to F and a digit 1 to 6, such as B2"
        raise BrokenList(f"{place}: {text!r} is no grade; expected {expected}.", todo=_TODO) from None


def _values(cell: str, form: re.Pattern[str], place: str, expected: str) -> list[str]:
    values = _split(cell)
    for value in values:
        if not form.fullmatch(value):
            raise BrokenList(f"{place}: {value!r} is not {expected}.", todo=_TODO)
    return values


def _split(cell: str) -> list[str]:
    return [value for part in cell.split(";") if (value := part.strip())]
