"""What was noticed while reading: findings in the making, with their place, bounded in number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pratique.flow.intake.edi.syntax import restore
from pratique.flow.intake.format import Quarantined
from pratique.vocabulary.findings import Finding, Severity

MOST_OF_A_RULE: Final = 10_000
LONGEST_PARAM: Final = 200


@dataclass(slots=True)
class Origin:
    """The message a note belongs to; ``row`` is its number in the manifest, null until and unless it is taken in."""

    ordinal: int
    reference: str
    row: int | None = None


@dataclass(slots=True)
class Note:
    """One finding in the making: its place is told only when it is known whether the file has several messages."""

    rule: str
    severity: Severity
    origin: Origin | None
    segment: int | None
    place: str | None
    params: dict[str, str | int]
    consignment: int | None = None


@dataclass(slots=True)
class SetAside:
    """A part that goes to quarantine, and the note that says why."""

    note: Note
    offset: int | None
    length: int | None
    excerpt: str


@dataclass(slots=True)
class Notes:
    """Collects notes; of one rule it keeps at most ``MOST_OF_A_RULE`` and counts the rest."""

    kept: list[Note] = field(default_factory=list)
    messages: int = 0
    has_marks: bool = False  # some text holds marks that stand for released characters
    counts: Counter[str] = field(default_factory=Counter)
    set_aside: list[SetAside] = field(default_factory=list)

    def add(
        self,
        rule: str,
        params: Mapping[str, str | int] | None = None,
        *,
        severity: Severity = "warning",
        origin: Origin | None = None,
        segment: int | None = None,
        place: str | None = None,
    ) -> Note:
        """Note one oddity, in ``segment`` of the message ``origin`` or at ``place``."""
        note = Note(rule, severity, origin, segment, place, _bounded(params or {}))
        self.counts[rule] += 1
        if self.counts[rule] <= MOST_OF_A_RULE:
            self.kept.append(note)
        return note

    def place(self, origin: Origin | None, segment: int | None) -> str | None:
        """A place as people read it: the message is named where the file has several."""
        told = [] if origin is None or self.messages < 2 else [f"message {origin.ordinal} ({origin.reference})"]
        if segment is not None:
            told.append(f"segment {segment}")
        return ", ".join(told) or None

    def finding(self, note: Note) -> Finding:
        """The note as the finding it becomes."""
        return Finding(
            rule=note.rule,
            place=note.place or self.place(note.origin, note.segment),
            severity=note.severity,
            message=None if note.origin is None else note.origin.row,
            consignment=None if note.origin is None or note.origin.row is None else note.consignment,
            params=note.params,
        )

    def quarantine(self, note: Note, offset: int | None, length: int | None, excerpt: str) -> None:
        """Set a part of the file aside because of ``note``; ``excerpt`` is its beginning."""
        self.set_aside.append(SetAside(note, offset, length, restore(excerpt)[:LONGEST_PARAM]))

    def quarantined(self) -> tuple[Quarantined, ...]:
        """All parts set aside, in the order they were met."""
        return tuple(
            Quarantined(self.finding(part.note), part.offset, part.length, part.excerpt) for part in self.set_aside
        )

    def findings(self) -> list[Finding]:
        """All notes in the order they were made, and one more for each rule of which some were only counted."""
        told = [self.finding(note) for note in self.kept]
        told += [
            Finding("edi.further_findings", params={"rule": rule, "count": count - MOST_OF_A_RULE})
            for rule, count in sorted(self.counts.items())
            if count > MOST_OF_A_RULE
        ]
        return told


def _bounded(params: Mapping[str, str | int]) -> dict[str, str | int]:
    return {name: restore(value[:LONGEST_PARAM]) if isinstance(value, str) else value for name, value in params.items()}
