"""Statements that every message needs: written in SQLAlchemy's words, compiled once, run by the driver.

To make and compile a small statement costs several times what the store needs to carry it out.
"""

from __future__ import annotations

from typing import Any, TypeAlias, Unpack

from sqlalchemy import Connection, CursorResult
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

Rows: TypeAlias = CursorResult[Unpack[tuple[Any, ...]]]


class Prepared:
    """A statement with named parameters (``bindparam``). Its columns are texts, integers and bytes, given as stored."""

    def __init__(self, statement: Executable) -> None:
        assert isinstance(statement, ClauseElement)
        self._statement = statement
        self._compiled: dict[str, SQLCompiler] = {}

    def run(self, connection: Connection, **values: object) -> Rows:
        """Carries it out with these values of its parameters."""
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            made = self._statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
            assert isinstance(made, SQLCompiler)
            compiled = self._compiled[dialect.name] = made
        given = {**compiled.params, **values}
        if compiled.positiontup is None:
            return connection.exec_driver_sql(compiled.string, given)
        return connection.exec_driver_sql(compiled.string, tuple(given[name] for name in compiled.positiontup))
