"""Facts about the node and its settings, as text by name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from pratique.node.instants import to_text
from pratique.node.storage.tables import node_fact, setting


def put_fact(connection: Connection, name: str, value: str) -> None:
    """Says a fact about the node that never changes, such as its id."""
    connection.execute(insert(node_fact).values(name=name, value=value))


def facts(connection: Connection) -> dict[str, str]:
    """All facts about the node."""
    return {row.name: row.value for row in connection.execute(select(node_fact).order_by(node_fact.c.name))}


def put_setting(connection: Connection, name: str, value: str, *, at: datetime, by: str) -> None:
    """Gives a setting its value."""
    connection.execute(delete(setting).where(setting.c.name == name))
    connection.execute(insert(setting).values(name=name, value=value, changed_at=to_text(at), changed_by=by))


def changed_settings(connection: Connection) -> dict[str, str]:
    """The settings that differ from their defaults."""
    return {row.name: row.value for row in connection.execute(select(setting).order_by(setting.c.name))}


def setting_rows(connection: Connection) -> list[tuple[str, str, str, str]]:
    """``name, value, changed_at, changed_by`` of the settings that differ from their defaults."""
    return [(row.name, row.value, row.changed_at, row.changed_by) for row in connection.execute(select(setting))]
