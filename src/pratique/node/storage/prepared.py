"""Statements that every message needs: written in SQLAlchemy's words, compiled once, carried out by the driver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

from pratique.node.storage.driver import driver


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The text for one kind of store, the values that the statement itself has, the order where places count."""

    text: str
    own_values: Mapping[str, object]
    order: Sequence[str] | None


class Prepared:
    """A statement with named parameters (``bindparam``), over texts, integers and bytes alone: as they are stored."""

    def __init__(self, statement: Executable) -> None:
        assert isinstance(statement, ClauseElement)
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

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
        given = {**compiled.own_values, **values}
        cursor = driver(connection)
        if compiled.order is None:
            cursor.execute(compiled.text, given)
        else:
            cursor.execute(compiled.text, tuple(given[name] for name in compiled.order))
        return cursor

    def _compile(self, connection: Connection) -> _Compiled:
        made = self._statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
        assert isinstance(made, SQLCompiler)
        compiled = _Compiled(made.string, made.params, made.positiontup)
        self._compiled[connection.dialect.name] = compiled
        return compiled
