"""Versions of watchlists and of tables (rates, locations). What was loaded last is in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from pratique.node.canonical import canonical, digest
from pratique.node.instants import to_text
from pratique.node.storage.tables import list_version, table_version


@dataclass(frozen=True, slots=True)
class ListVersion:
    """One load of a watchlist. ``counts`` and ``inputs`` are canonical JSON; ``digest`` names its index folder."""

    seq: int
    list_id: str
    source: str
    digest: str
    list_date: str | None
    counts: str
    inputs: str
    loaded_at: str
    loaded_by: str


@dataclass(frozen=True, slots=True)
class TableVersion:
    """One load of a table of ``kind`` rates or locations.

    ``inputs`` is canonical JSON: the raw ``files``, the ``frame`` made of them and what else the table consists of.
    """

    seq: int
    kind: str
    digest: str
    counts: str
    inputs: str
    loaded_at: str
    loaded_by: str


def add_list(
    connection: Connection,
    *,
    list_id: str,
    source: str,
    digest: str,
    list_date: str | None,
    counts: dict[str, int],
    inputs: list[dict[str, str]],
    at: datetime,
    by: str,
) -> ListVersion:
    """A new version, in force from here on."""
    added = ListVersion(
        seq=_next(connection, list_version),
        list_id=list_id,
        source=source,
        digest=digest,
        list_date=list_date,
        counts=canonical(counts),
        inputs=canonical(inputs),
        loaded_at=to_text(at),
        loaded_by=by,
    )
    connection.execute(insert(list_version).values(**_row(added)))
    return added


def lists_in_force(connection: Connection) -> list[ListVersion]:
    """The newest version of every list, ordered by list."""
    return [ListVersion(**row._asdict()) for row in _newest(connection, list_version, list_version.c.list_id)]


def all_lists(connection: Connection) -> list[ListVersion]:
    """Every load of every list, oldest first."""
    found = connection.execute(select(list_version).order_by(list_version.c.seq))
    return [ListVersion(**row._asdict()) for row in found]


def add_table(
    connection: Connection,
    *,
    kind: str,
    digest: str,
    counts: dict[str, int],
    inputs: Mapping[str, object],
    at: datetime,
    by: str,
) -> TableVersion:
    """A new version, in force from here on."""
    added = TableVersion(
        seq=_next(connection, table_version),
        kind=kind,
        digest=digest,
        counts=canonical(counts),
        inputs=canonical(inputs),
        loaded_at=to_text(at),
        loaded_by=by,
    )
    connection.execute(insert(table_version).values(**_row(added)))
    return added


def tables_in_force(connection: Connection) -> list[TableVersion]:
    """The newest version of every kind of table, ordered by kind."""
    return [TableVersion(**row._asdict()) for row in _newest(connection, table_version, table_version.c.kind)]


def all_tables(connection: Connection) -> list[TableVersion]:
    """Every load of every table, oldest first."""
    found = connection.execute(select(table_version).order_by(table_version.c.seq))
    return [TableVersion(**row._asdict()) for row in found]


def row_digest(version: ListVersion | TableVersion) -> str:
    """SHA-256 (hex) of everything the row says, by which the journal knows it again."""
    return digest(_row(version))


def _next(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.coalesce(func.max(table.c.seq), 0))).scalar_one()) + 1


def _newest(connection: Connection, table: Table, key: Any) -> Sequence[Any]:
    last = select(func.max(table.c.seq)).group_by(key)
    return connection.execute(select(table).where(table.c.seq.in_(last)).order_by(key)).all()


def _row(version: ListVersion | TableVersion) -> dict[str, Any]:
    return {name: getattr(version, name) for name in version.__slots__}
