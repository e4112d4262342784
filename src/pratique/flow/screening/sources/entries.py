"""Entries: what a source knows of one listed entity, before it becomes one row for each of its spellings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from pratique.flow.screening.source import BrokenList, LoadedList
from pratique.vocabulary.findings import Finding
from pratique.vocabulary.frames import frame
from pratique.vocabulary.listings import LISTING


@dataclass(slots=True)
class Entry:
    """One listed entity. ``names`` are (listing id, spelling, quality); an empty spelling becomes no row."""

    entity_id: str
    kind: str
    names: list[tuple[str, str, str]] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    birth_dates: list[str] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    programme: str = ""
    remarks: str = ""
    grades: tuple[str | None, str | None] = (None, None)  # of the source and of the information
    report: str = ""

    def add_name(self, name: str, quality: str) -> None:
        """Another spelling, numbered in the order it was found."""
        self.names.append((f"{self.entity_id}/{len(self.names)}", name, quality))


def loaded(
    list_id: str, entries: Iterable[Entry], *, list_date: date | None = None, findings: Sequence[Finding] = ()
) -> LoadedList:
    """The entries as a list of rows; every listing id must be unique and every entity must have a name."""
    kept = list(entries)
    rows = [(entry, *named) for entry in kept for named in _distinct(entry)]
    if not rows:
        raise BrokenList("The list holds no entry with a name.")
    repeated = [listing_id for listing_id, times in Counter(row[1] for row in rows).items() if times > 1]
    if repeated:
        raise BrokenList(f"The id {repeated[0]} stands for two entries ({len(repeated)} ids are repeated).")
    columns: dict[str, list[object]] = {
        "listing_id": [row[1] for row in rows],
        "entity_id": [row[0].entity_id for row in rows],
        "list_id": [list_id for _ in rows],
        "name": [row[2] for row in rows],
        "name_quality": [row[3] for row in rows],
        "kind": [row[0].kind for row in rows],
        "countries": [list(dict.fromkeys(row[0].countries)) for row in rows],
        "birth_dates": [list(dict.fromkeys(row[0].birth_dates)) for row in rows],
        "identifiers": [list(dict.fromkeys(row[0].identifiers)) for row in rows],
        "address": ["\n".join(row[0].addresses) or None for row in rows],
        "programme": [row[0].programme or None for row in rows],
        "remarks": [row[0].remarks or None for row in rows],
        "source_grade": [row[0].grades[0] for row in rows],
        "information_grade": [row[0].grades[1] for row in rows],
        "report": [row[0].report or None for row in rows],
    }
    return LoadedList(frame(LISTING, columns), list_date, _counts(kept, len(rows)), tuple(findings))


def _distinct(entry: Entry) -> list[tuple[str, str, str]]:
    """The names of the entry without blanks around them, each spelling once, the better quality first."""
    told: dict[str, tuple[str, str, str]] = {}
    for listing_id, name, quality in entry.names:
        spelling = " ".join(name.split())
        if spelling:
            told.setdefault(spelling, (listing_id, spelling, quality))
    return list(told.values())


def _counts(entries: Sequence[Entry], names: int) -> dict[str, int]:
    kinds = Counter(entry.kind for entry in entries)
    return {"entities": len(entries), "names": names, **dict(sorted(kinds.items()))}
