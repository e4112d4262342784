"""A request as it is written: texts by field, what is asked for, and how it travels. Each version is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from pratique.partners.assistance.model import FIELDS, TYPES

LONGEST_TEXT: Final = 20_000
LONGEST_ITEM: Final = 300
MOST_ITEMS: Final = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """One version of a request.

    ``texts`` is by field; ``unknown`` says of a field that it cannot be given, and why. ``items`` are the things asked
    for, one by one, so that a partial answer can say which. ``as_evidence``: it is to be used in court.
    ``written`` is false for an urgent request that was spoken first.
    """

    instrument: str
    language: str
    types: tuple[str, ...]
    texts: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, str] = field(default_factory=dict)
    items: tuple[str, ...] = ()
    reply_by: date | None = None
    as_evidence: bool = False
    urgent: bool = False
    written: bool = True
    sensitive: bool = False

    def content(self, name: str) -> str:
        """What stands in a field, without blanks around it; the items one a line."""
        return "\n".join(self.items) if name == "items" else self.texts.get(name, "").strip()

    def record(self) -> dict[str, Any]:
        """The version as plain values, which :func:`draft_of` reads back. It is not told whether it is sensitive."""
        return {
            "instrument": self.instrument,
            "language": self.language,
            "types": list(self.types),
            "texts": {name: text for name, text in sorted(self.texts.items()) if text.strip()},
            "unknown": {name: text for name, text in sorted(self.unknown.items()) if text.strip()},
            "items": list(self.items),
            "reply_by": self.reply_by.isoformat() if self.reply_by else None,
            "as_evidence": self.as_evidence,
            "urgent": self.urgent,
            "written": self.written,
        }

    def digest(self) -> str:
        """SHA-256 (hex) of the record: what both sides call the same version."""
        text = json.dumps(self.record(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def draft_of(record: Mapping[str, Any], *, sensitive: bool = False) -> Draft:
    """The draft that :meth:`Draft.record` wrote, or that a partner sent.

    Raises ``ValueError`` with the name of the part that is not as it must be.
    """
    reply_by = record.get("reply_by")
    try:
        day = date.fromisoformat(reply_by) if isinstance(reply_by, str) else None
    except ValueError as error:
        raise ValueError("reply_by") from error
    if reply_by is not None and day is None:
        raise ValueError("reply_by")
    return Draft(
        instrument=_text(record, "instrument", 80),
        language=_text(record, "language", 12),
        types=_listed(record, "types", TYPES),
        texts=_texts(record, "texts"),
        unknown=_texts(record, "unknown"),
        items=_items(record),
        reply_by=day,
        as_evidence=_flag(record, "as_evidence"),
        urgent=_flag(record, "urgent"),
        written=_flag(record, "written"),
        sensitive=sensitive,
    )


def _text(record: Mapping[str, Any], name: str, longest: int) -> str:
    value = record.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise ValueError(name)
    return value


def _flag(record: Mapping[str, Any], name: str) -> bool:
    value = record.get(name)
    if not isinstance(value, bool):
        raise ValueError(name)
    return value


def _listed(record: Mapping[str, Any], name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    value = record.get(name)
    if not isinstance(value, list) or not all(each in known for each in value) or len(set(value)) != len(value):
        raise ValueError(name)
    return tuple(value)


def _texts(record: Mapping[str, Any], name: str) -> dict[str, str]:
    value = record.get(name)
    if not isinstance(value, dict):
        raise ValueError(name)
    for field_name, text in value.items():
        if field_name not in FIELDS or not isinstance(text, str) or len(text) > LONGEST_TEXT:
            raise ValueError(f"{name}.{field_name}"[:80])
    return dict(value)


def _items(record: Mapping[str, Any]) -> tuple[str, ...]:
    value = record.get("items")
    if not isinstance(value, list) or len(value) > MOST_ITEMS:
        raise ValueError("items")
    if not all(isinstance(each, str) and 0 < len(each.strip()) <= LONGEST_ITEM for each in value):
        raise ValueError("items")
    return tuple(each.strip() for each in value)
