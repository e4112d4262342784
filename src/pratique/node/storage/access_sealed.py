"""Everything in ``access.db`` that is sealed with the node's key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select, update

from pratique.node.storage.access_tables import invitation, officer

_KEYS: Final = {"officer": officer.c.login, "invitation": invitation.c.secret_sha256}
_TABLES: Final = {"officer": officer, "invitation": invitation}


@dataclass(frozen=True, slots=True)
class Sealed:
    """A second factor: in which table under which key, whose it is, and its sealed text."""

    table: str
    key: str
    login: str
    text: str


def every_sealed(connection: Connection) -> list[Sealed]:
    """The second factors of officers, and those that invitations would set up."""
    found = []
    for name, table in _TABLES.items():
        wanted = select(_KEYS[name], table.c.login, table.c.factor_sealed).where(table.c.factor_sealed.is_not(None))
        found += [Sealed(name, *row) for row in connection.execute(wanted.order_by(_KEYS[name]))]
    return found


def put_sealed(connection: Connection, sealed: Sealed, text: str) -> None:
    """The same factor, sealed anew."""
    table = _TABLES[sealed.table]
    connection.execute(update(table).where(_KEYS[sealed.table] == sealed.key).values(factor_sealed=text))
