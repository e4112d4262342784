"""Tables that were loaded: exchange rates and locations, as they are in force."""

from __future__ import annotations

from dataclasses import dataclass

from pratique.node.acts import Query, View
from pratique.node.storage.versions import TableVersion, tables_in_force


@dataclass(frozen=True, slots=True)
class ListTables(Query[list[TableVersion]]):
    """The tables in force."""


def list_tables(query: ListTables, view: View) -> list[TableVersion]:
    """Ordered by kind."""
    return tables_in_force(view.connection)
