"""The transactional store: one engine, one way to read and one way to write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, column, create_engine, event, inspect, select, table
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError

from pratique.node.errors import refuse
from pratique.node.storage.driver import driver
from pratique.vocabulary.errors import Category, PratiqueError

__all__ = ["REFUSED", "Connection", "Store", "savepoint", "sqlite_url"]

REFUSED: Final = (DBAPIError, sqlite3.Error)  # what the driver raises, until it leaves the store as ``PratiqueError``
BROKEN_RULES: Final = (IntegrityError, sqlite3.IntegrityError)

BUSY_MS: Final = 60_000
FULL_SIGNS: Final = ("disk is full", "disk i/o error")  # SQLite calls a file-size limit an I/O error

CLOSED_SIGNS: Final = ("unable to open database file", "readonly database")  # even readers write beside the database


def sqlite_url(database: Path) -> URL:
    """The URL of an embedded store."""
    return URL.create("sqlite", database=str(database))


class Store:
    """The store behind ``url``. Errors of the driver leave it as ``PratiqueError``."""

    def __init__(self, url: URL, *, journal_mode: str = "WAL") -> None:
        self._engine = create_engine(url)
        if self._engine.dialect.name == "sqlite":
            _tune_sqlite(self._engine, journal_mode)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees the store as of its first look and changes nothing."""
        with _told(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The transaction of one command. Writers queue (up to a minute); readers are never held up."""
        with _told(), self._engine.connect().execution_options(writing=True) as connection, connection.begin():
            yield connection

    def revision(self) -> str | None:
        """The migration that the store stands at; ``None`` where it has no tables."""
        with self.reading() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(select(column("version_num")).select_from(table("alembic_version"))).scalar()

    def tables(self) -> set[str]:
        """The names of the tables there are."""
        with self.reading() as connection:
            return set(inspect(connection).get_table_names())

    def faults(self) -> list[str]:
        """What the store's own integrity check finds; empty where all is well."""
        if self._engine.dialect.name != "sqlite":
            return []
        with self.reading() as connection:
            told = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check")
            told += [f"{row[0]} row {row[1]} points nowhere" for row in orphans]
        return [line for line in told if line != "ok"]

    def copy_to(self, target: Path) -> None:
        """A consistent copy of an embedded store as one file, taken while others read and write."""
        with _told(), self._engine.connect() as connection:
            source = connection.connection.driver_connection
            if not isinstance(source, sqlite3.Connection):
                raise refuse("backup.not_embedded", Category.MISCONFIGURED)
            copy = sqlite3.connect(target)
            try:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
            finally:
                copy.close()

    def settle(self) -> None:
        """Brings the write-ahead log into an embedded store and empties it: what was erased is in neither."""
        if self._engine.dialect.name == "sqlite":
            with _told(), self._engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")  # begun by the connection; no log is emptied inside a transaction
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")

    def close(self) -> None:
        """Gives back every connection."""
        self._engine.dispose()


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """A part of a transaction that is undone alone where it is refused; a broken rule of a table is ``PratiqueError``.

    After any other error the whole transaction is undone.
    """
    at_work = driver(connection)
    at_work.execute("SAVEPOINT part")
    try:
        yield
    except (PratiqueError, *BROKEN_RULES) as error:
        at_work.execute("ROLLBACK TO SAVEPOINT part")
        at_work.execute("RELEASE SAVEPOINT part")
        if isinstance(error, PratiqueError):
            raise
        raise _tell(error) from error
    at_work.execute("RELEASE SAVEPOINT part")


def _tune_sqlite(engine: Engine, journal_mode: str) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            f"journal_mode={journal_mode}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "temp_store=MEMORY",
            "cache_size=-65536",
            "secure_delete=ON",  # what is erased is overwritten
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except REFUSED as error:
        raise _tell(error) from error


def _tell(error: Exception) -> PratiqueError:
    said = str(error).lower()
    if "locked" in said or "busy" in said:
        return refuse("node.busy", Category.UNAVAILABLE)
    if any(sign in said for sign in FULL_SIGNS):
        return refuse("node.disk_full", Category.UNAVAILABLE)
    if any(sign in said for sign in CLOSED_SIGNS):
        return refuse("node.not_writable", Category.UNAVAILABLE)
    if "malformed" in said or "not a database" in said:
        return refuse("node.database_broken", Category.BROKEN)
    return refuse("node.store_failed", Category.BROKEN, said=str(error).splitlines()[0])
