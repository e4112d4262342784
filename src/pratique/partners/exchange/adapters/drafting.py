"""Putting together the draft of an intelligence report from a stranger's file, telling what found no place."""

from __future__ import annotations

from typing import Any

from pratique.partners.exchange.adapters.message_file import (
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_CONDITIONS,
    MOST_STATEMENTS,
    Imported,
    MessageFile,
    Stamp,
    plain,
    strictest,
)
from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.inner import Handling, Tlp
from pratique.partners.exchange.wire import record

MOST_NAMES = 100
MOST_TOLD = 50


class Draft:
    """The draft as it grows. ``code`` is the error where no marking can be given."""

    def __init__(self, stamp: Stamp, *, code: str) -> None:
        self._stamp, self._code = stamp, code
        self._tlp: list[Tlp] = []
        self._unknown: list[str] = []
        self._conditions: list[str] = []
        self._grade: str | None = None
        self._statements: list[dict[str, Any]] = []
        self._companies: dict[str, dict[str, Any]] = {}
        self._persons: dict[str, dict[str, Any]] = {}
        self._left_out: list[str] = []

    def tlp(self, tlp: Tlp) -> None:
        """A TLP marking that something carries; the strictest holds for all."""
        self._tlp.append(tlp)

    def grade(self, grade: str) -> None:
        """The grade of the whole."""
        self._grade = grade

    def unknown_marking(self, name: str) -> None:
        """A marking that nobody here can read: an officer has to say how it is to be handled."""
        self._unknown.append(plain(name, 100)[0])

    def condition(self, text: object) -> None:
        """A condition in words, kept as it is."""
        words, changed = plain(text, LONGEST_LINE)
        if changed:
            self.left_out(f"part of a condition: {words[:60]}")
        if words and words not in self._conditions:
            self._conditions.append(words)

    def left_out(self, what: str) -> None:
        """Something that found no place."""
        if what not in self._left_out:
            self._left_out.append(what)

    def statement(self, text: str, *, source: str, grade: str | None = None) -> bool:
        """A paragraph; free text of a stranger counts as about persons."""
        words, changed = plain(text, LONGEST_TEXT)
        if changed:
            self.left_out(f"part of the text of {plain(source, 100)[0]}")
        if words:
            self._statements.append({"text": words, **({"grade": grade} if grade else {})})
        return bool(words)

    def company(self, name: object) -> bool:
        """A legal person."""
        words, _ = plain(name, LONGEST_LINE)
        if words:
            self._companies[words] = {"name": words, "role": "other"}
        return bool(words)

    def person(self, name: object) -> bool:
        """A natural person."""
        words, _ = plain(name, LONGEST_LINE)
        if words and words not in self._persons:
            self._persons[words] = {"key": f"p{len(self._persons) + 1}", "name": words}
        return bool(words)

    def imported(self, *, subject: str) -> Imported:
        """The draft, checked against its schema. Raises the draft's code without a marking."""
        message: dict[str, Any] = {"reference": self._stamp.id, "subject": subject}
        message |= self._some("about_persons", self._statements, MOST_STATEMENTS)
        message |= self._some("companies", list(self._companies.values()), MOST_NAMES)
        message |= self._some("persons", list(self._persons.values()), MOST_NAMES)
        kept = self._some("conditions", self._conditions, MOST_CONDITIONS).get("conditions", [])
        handling = Handling(tlp=self._marking(), grade=self._grade)
        said = {
            "v": 1,
            "type": "intelligence_report/1",
            "id": self._stamp.id,
            "created": self._stamp.created,
            "sender": self._stamp.sender,
            "handling": handling,
            "conditions": tuple(kept),
            "message": message,
        }
        file = record(MessageFile, said, code="exchange.message_invalid", what="draft")
        file.checked()
        told = self._left_out[:MOST_TOLD]
        more = [f"{len(self._left_out) - MOST_TOLD} more"] if len(self._left_out) > MOST_TOLD else []
        return Imported(file, (*told, *more))

    def _some(self, name: str, found: list[Any], most: int) -> dict[str, list[Any]]:
        if len(found) > most:
            self.left_out(f"{len(found) - most} of {name}, above {most}")
        return {name: found[:most]} if found else {}

    def _marking(self) -> Tlp:
        """An officer's marking never loosens one that was read."""
        read = strictest(self._tlp)
        if self._stamp.tlp is None and (read is None or self._unknown):
            fault = f"nobody can read the marking {self._unknown[0]}" if self._unknown else "it has no TLP marking"
            raise refuse(self._code, fault=f"{fault}; say how it is to be handled (--tlp)")
        for name in self._unknown:
            self.left_out(f"the marking {name}")
        found = strictest([each for each in (read, self._stamp.tlp) if each is not None])
        assert found is not None
        return found
