"""Officers' own keys in ``access.db``: each private half is closed by a passphrase that the node does not have."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from pratique.node.storage.access_tables import officer_key


@dataclass(frozen=True, slots=True)
class StoredPersonalKey:
    """The key in use of an officer (by the name that custody uses): raw public half, and the closed file as text."""

    officer: str
    public_key: bytes
    closed: str
    made_at: str


_COLUMNS: Final = [officer_key.c[name] for name in StoredPersonalKey.__dataclass_fields__]


def personal_key(connection: Connection, officer: str) -> StoredPersonalKey | None:
    """The key of that officer, where one was made."""
    row = connection.execute(select(*_COLUMNS).where(officer_key.c.officer == officer)).first()
    return StoredPersonalKey(*row) if row else None


def put_personal_key(connection: Connection, key: StoredPersonalKey) -> None:
    """Puts the key in the place of the one the officer had."""
    connection.execute(delete(officer_key).where(officer_key.c.officer == key.officer))
    connection.execute(insert(officer_key).values(**asdict(key)))
