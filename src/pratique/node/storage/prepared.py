"""Statements that every message needs: written in SQLAlchemy's words, compiled once, carried out by the driver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

from pratique.node.storage.driver import driver


class Prepared:
    """A statement with named parameters (``bindparam``), over texts, integers and bytes alone: as they are stored."""

    def __init__(self, statement: Executable) -> None:
        assert isinstance(statement, ClauseElement)
        self._statement = statement
        self._compiled: dict[str, SQLCompiler] = {}

    def rows(self, connection: Connection, **values: object) -> list[tuple[Any, ...]]:
        """The rows that it finds with these values of its parameters."""
        return [tuple(row) for row in self._done(connection, values).fetchall()]

    def row(self, connection: Connection, **values: object) -> tuple[Any, ...] | None:
        """The first row, if there is one."""
        found = self.rows(connection, **values)
        return found[0] if found else None

    def change(self, connection: Connection, **values: object) -> int:
        """Carries it out; gives how many rows it changed."""
        return self._done(connection, values).rowcount

    def _done(self, connection: Connection, values: Mapping[str, object]) -> DBAPICursor:
        compiled = self._compiled.get(connection.dialect.name) or self._compile(connection)
        given = {**compiled.params, **values}
        cursor = driver(connection)
        if compiled.positiontup is None:
            cursor.execute(compiled.string, given)
        else:
            cursor.execute(compiled.string, tuple(given[name] for name in compiled.positiontup))
        return cursor

    def _compile(self, connection: Connection) -> SQLCompiler:
        made = self._statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
        assert isinstance(made, SQLCompiler)
        self._compiled[connection.dialect.name] = made
        return made
