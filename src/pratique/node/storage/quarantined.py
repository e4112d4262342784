"""Parts of messages that could not be read, with their place and the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Select, select, update

from pratique.node.instants import to_text
from pratique.node.storage.bulk import upsert_rows
from pratique.node.storage.tables import quarantine


@dataclass(frozen=True, slots=True)
class QuarantinedPart:
    """One part: where it lies in which raw message, and why it could not be read (rule and canonical JSON params)."""

    id: str
    raw_sha256: str
    file_name: str
    rule: str
    severity: str
    place: str | None
    params: str
    byte_offset: int | None
    byte_length: int | None
    excerpt: str
    mapping: str | None
    quarantined_at: str
    read_at: str | None = None


def add_parts(connection: Connection, parts: Sequence[QuarantinedPart]) -> None:
    """Adds parts; one that is there already is open again."""
    columns = list(QuarantinedPart.__slots__)
    rows = [tuple(getattr(part, name) for name in columns) for part in parts]
    upsert_rows(connection, quarantine, columns, rows, changed=["read_at = NULL", "mapping = excluded.mapping"])


def close_parts(connection: Connection, raw_sha256: str, *, still: Sequence[str], at: datetime) -> int:
    """The message was read again: parts of it that are not among ``still`` are closed. Gives how many."""
    open_parts = [part.id for part in parts_of(connection, raw_sha256) if part.read_at is None and part.id not in still]
    for part_id in open_parts:
        connection.execute(update(quarantine).where(quarantine.c.id == part_id).values(read_at=to_text(at)))
    return len(open_parts)


def parts_of(connection: Connection, raw_sha256: str) -> list[QuarantinedPart]:
    """Everything ever quarantined of one raw message."""
    return _parts(connection, select(*_columns()).where(quarantine.c.raw_sha256 == raw_sha256))


def open_parts(connection: Connection) -> list[QuarantinedPart]:
    """What is still waiting for somebody, oldest first."""
    return _parts(connection, select(*_columns()).where(quarantine.c.read_at.is_(None)))


def part(connection: Connection, part_id: str) -> QuarantinedPart | None:
    """One part by its id."""
    found = _parts(connection, select(*_columns()).where(quarantine.c.id == part_id))
    return found[0] if found else None


def _columns() -> list[Column[Any]]:
    return [quarantine.c[name] for name in QuarantinedPart.__slots__]


def _parts(connection: Connection, wanted: Select[Any]) -> list[QuarantinedPart]:
    ordered = wanted.order_by(quarantine.c.quarantined_at, quarantine.c.id)
    return [QuarantinedPart(**row._asdict()) for row in connection.execute(ordered)]
