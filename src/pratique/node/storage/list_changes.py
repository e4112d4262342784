"""How lists changed, version by version, and the hits that a change raised on consignments assessed before it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, func, insert, select

from pratique.node.canonical import digest
from pratique.node.storage.bulk import insert_rows
from pratique.node.storage.tables import list_change, raised_hit

RAISED_COLUMNS: Final = tuple(
    column.name for column in raised_hit.columns if column.name not in ("purpose", "retention_class")
)
IS_RELEASED: Final = RAISED_COLUMNS.index("released")


@dataclass(frozen=True, slots=True)
class StoredListChange:
    """One load of a list and what it changed. ``seq`` is that of its journal entry, ``before`` the version replaced.

    ``counts`` (JSON) says how many entries were added, changed and removed; ``frame`` (JSON) where the difference lies.
    ``screened_count`` consignments in hand were compared with it, which raised ``raised_count`` hits on them.
    """

    seq: int
    list_id: str
    version: str
    before: str | None
    at: str
    by: str
    counts: str
    frame: str
    screened_count: int
    raised_count: int


def add_list_change(connection: Connection, added: StoredListChange) -> None:
    """Adds a change."""
    connection.execute(insert(list_change).values(**asdict(added)))


def list_changes(connection: Connection, list_id: str | None = None) -> list[StoredListChange]:
    """Every change (of that list), newest first."""
    wanted = _changes()
    if list_id is not None:
        wanted = wanted.where(list_change.c.list_id == list_id)
    return [StoredListChange(**row._asdict()) for row in connection.execute(wanted)]


def list_change_by_seq(connection: Connection, seq: int) -> StoredListChange | None:
    """The change that the journal entry of that number made."""
    row = connection.execute(_changes().where(list_change.c.seq == seq)).first()
    return StoredListChange(**row._asdict()) if row else None


def add_raised_hits(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Adds hits, each in the order of ``RAISED_COLUMNS``."""
    insert_rows(connection, raised_hit, RAISED_COLUMNS, rows)


def raised_hits_of_run(connection: Connection, run_seq: int) -> list[tuple[Any, ...]]:
    """The hits raised on a run since it was made, in the order of ``RAISED_COLUMNS`` and of their numbers."""
    return _raised(connection, raised_hit.c.run_seq == run_seq)


def raised_hits_of_change(connection: Connection, seq: int) -> list[tuple[Any, ...]]:
    """The hits that a change raised, in the order of ``RAISED_COLUMNS``."""
    return _raised(connection, raised_hit.c.seq == seq)


def raised_counts(connection: Connection) -> dict[int, int]:
    """How many hits were raised on each run (its journal number)."""
    counted = select(raised_hit.c.run_seq, func.count()).group_by(raised_hit.c.run_seq)
    return {run_seq: int(count) for run_seq, count in connection.execute(counted)}


def change_digest(change: StoredListChange) -> str:
    """SHA-256 (hex) of everything the row says, by which the journal knows it again."""
    return digest(asdict(change))


def rows_digest(rows: list[tuple[Any, ...]]) -> str:
    """SHA-256 (hex) of raised hits, each in the order of ``RAISED_COLUMNS``, sorted by run and number.

    ``released``, the last of them, counts only where it is so: hits from before it was noted keep their digest.
    """
    told = [list(row) if row[-1] else list(row[:-1]) for row in sorted(rows, key=lambda row: row[:2])]
    return digest(told)


def raised_digest(connection: Connection, seq: int) -> str:
    """The same, of the hits that the store has of a change."""
    return rows_digest(raised_hits_of_change(connection, seq))


def _changes() -> Select[Any]:
    columns = [list_change.c[name] for name in StoredListChange.__slots__]
    return select(*columns).order_by(list_change.c.seq.desc())


def _raised(connection: Connection, condition: Any) -> list[tuple[Any, ...]]:
    columns = [raised_hit.c[name] for name in RAISED_COLUMNS]
    order = (raised_hit.c.run_seq, raised_hit.c.number)
    return [tuple(row) for row in connection.execute(select(*columns).where(condition).order_by(*order))]
