"""Many rows at once through the driver: SQLAlchemy builds no object per row here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Column, Connection, MetaData, Table, Text, select

from pratique.node.storage.driver import driver

MARKS: Final = {"qmark": "?", "format": "%s", "pyformat": "%s"}


def insert_rows(connection: Connection, table: Table, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Inserts ``rows``, each in the order of ``columns``."""
    if rows:
        connection.exec_driver_sql(_insert(connection, table, columns), rows)


def add_records(connection: Connection, table: Table, records: Sequence[Any]) -> None:
    """Inserts records of one kind, whose fields have the names of the table's columns: what many commands write."""
    if records:
        kind: Any = type(records[0])
        values, adding = _values(kind), _adding(table, kind, connection.dialect.paramstyle)
        driver(connection).executemany(adding, [values(each) for each in records])


def upsert_rows(
    connection: Connection, table: Table, columns: Sequence[str], rows: list[tuple[Any, ...]], *, changed: Sequence[str]
) -> None:
    """Inserts ``rows``; where the primary key is known already, ``changed`` (SQL assignments) are made instead."""
    if rows:
        key = ", ".join(column.name for column in table.primary_key)
        tail = f" ON CONFLICT ({key}) DO UPDATE SET {', '.join(changed)}"
        connection.exec_driver_sql(_insert(connection, table, columns) + tail, rows)


def rows_with_keys(
    connection: Connection, columns: Sequence[Column[Any]], *, key: Column[Any], wanted: Iterable[str]
) -> list[tuple[Any, ...]]:
    """``columns`` of the rows whose ``key`` is among ``wanted``, ordered by them; any number of keys."""
    keys = wanted_keys(connection, wanted)
    chosen = select(*columns).select_from(key.table).join(keys, keys.c.key == key).order_by(*columns[:2])
    found = [tuple(row) for row in connection.execute(chosen)]
    keys.drop(connection)
    return found


def wanted_keys(connection: Connection, wanted: Iterable[str]) -> Table:
    """A temporary table ``wanted(key)`` for a join; the caller drops it."""
    keys = Table("wanted", MetaData(), Column("key", Text), prefixes=["TEMPORARY"])
    keys.create(connection, checkfirst=False)
    insert_rows(connection, keys, ["key"], [(each,) for each in sorted(set(wanted))])
    return keys


@cache
def _values(kind: Any) -> Callable[[object], tuple[Any, ...]]:
    """What gives the fields of a record of that kind, in order; it has two or more."""
    return attrgetter(*kind.__dataclass_fields__)


@cache
def _adding(table: Table, kind: Any, paramstyle: str) -> str:
    return _insert_text(table, tuple(kind.__dataclass_fields__), paramstyle)


def _insert(connection: Connection, table: Table, columns: Sequence[str]) -> str:
    return _insert_text(table, columns, connection.dialect.paramstyle)


def _insert_text(table: Table, columns: Sequence[str], paramstyle: str) -> str:
    mark = MARKS[paramstyle]
    names = ", ".join(f'"{each}"' for each in columns)  # some are words of the language
    return f"INSERT INTO {table.name} ({names}) VALUES ({', '.join([mark] * len(columns))})"
