"""The append-only journal: one entry for every command, each bound to the one before it by its hash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select

from pratique.node.canonical import canonical, digest
from pratique.node.instants import to_text
from pratique.node.storage.bulk import add_records
from pratique.node.storage.prepared import Prepared
from pratique.node.storage.tables import journal, run

FIRST: Final = "0" * 64
PAGE: Final = 1000
GUARDS: Final = ("journal_keeps_entries", "journal_keeps_text")  # triggers that refuse DELETE and UPDATE


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry. ``own_sha256`` is over everything else in it, the previous entry's hash included."""

    seq: int
    at: str
    actor: str
    entry: str
    command: str
    result_sha256: str
    previous_sha256: str
    own_sha256: str


# made once, as they are part of every command
_LAST: Final = Prepared(select(journal).order_by(journal.c.seq.desc()).limit(1))
_NEXT: Final = Prepared(select(func.coalesce(func.max(journal.c.seq), 0)))


def next_seq(connection: Connection) -> int:
    """The number that the entry of the command at work will have."""
    ((last,),) = _NEXT.rows(connection)
    return int(last) + 1


def append(
    connection: Connection,
    *,
    at: datetime,
    actor: str,
    entry: str,
    command: Mapping[str, object],
    outcome: Mapping[str, object],
    last: JournalEntry | None = None,
) -> JournalEntry:
    """Adds the entry of a command that was carried out; ``last`` is the newest one, where the caller has it at hand."""
    last = last or newest_entry(connection)
    body = {
        "seq": last.seq + 1 if last else 1,
        "at": to_text(at),
        "actor": actor,
        "entry": entry,
        "command": canonical(command),
        "result_sha256": digest(outcome),
        "previous_sha256": last.own_sha256 if last else FIRST,
    }
    written = JournalEntry(**body, own_sha256=digest(body))  # type: ignore[arg-type]
    add_records(connection, journal, [written])
    return written


def newest_entry(connection: Connection) -> JournalEntry | None:
    """The last entry; ``None`` in an empty journal."""
    row = _LAST.row(connection)
    return JournalEntry(*row) if row is not None else None


def entries(connection: Connection, *, after: int = 0, limit: int | None = None) -> Iterator[JournalEntry]:
    """Entries in order, from the one behind ``after``, read a page at a time."""
    while limit is None or limit > 0:
        size = PAGE if limit is None else min(PAGE, limit)
        rows = connection.execute(
            select(journal).where(journal.c.seq > after).order_by(journal.c.seq).limit(size)
        ).all()
        yield from (JournalEntry(*row) for row in rows)
        if len(rows) < size:
            return
        after = rows[-1].seq
        limit = None if limit is None else limit - size


def newest(connection: Connection, limit: int) -> list[JournalEntry]:
    """The last ``limit`` entries, oldest of them first."""
    rows = connection.execute(select(journal).order_by(journal.c.seq.desc()).limit(limit)).all()
    return [JournalEntry(**row._asdict()) for row in reversed(rows)]


def first_fault(connection: Connection) -> tuple[int, str] | None:
    """Where the chain no longer holds, or ends before an entry that a run names (cut); else ``None``."""
    fault = first_break(connection)
    named = connection.execute(select(func.coalesce(func.max(run.c.seq), 0))).scalar_one()
    if fault is None and named >= next_seq(connection):
        return next_seq(connection), "cut"
    return fault


def first_break(connection: Connection) -> tuple[int, str] | None:
    """Where the chain no longer holds: the entry's number and what is wrong (changed, missing); else ``None``."""
    previous, expected = FIRST, 1
    for each in entries(connection):
        body = {name: value for name, value in asdict(each).items() if name != "own_sha256"}
        if each.seq != expected:
            return expected, "missing"
        if each.previous_sha256 != previous or digest(body) != each.own_sha256:
            return each.seq, "changed"
        previous, expected = each.own_sha256, expected + 1
    return None


def guards(connection: Connection) -> list[str]:
    """The triggers that keep the journal append-only and are in place (embedded store)."""
    if connection.dialect.name != "sqlite":
        return list(GUARDS)
    found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    return [row[0] for row in found if row[0] in GUARDS]
