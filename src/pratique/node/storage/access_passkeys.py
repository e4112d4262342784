"""Passkeys as rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from pratique.node.canonical import canonical
from pratique.node.instants import to_text
from pratique.node.storage.access_tables import passkey


@dataclass(frozen=True, slots=True)
class StoredPasskey:
    """A passkey: its credential id (base64url), whose it is, its public key (COSE) and how often it signed."""

    credential_id: str
    login: str
    name: str
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    added_at: str
    used_at: str | None


def add_passkey(connection: Connection, given: StoredPasskey) -> None:
    """A new passkey."""
    connection.execute(
        insert(passkey).values(
            credential_id=given.credential_id,
            login=given.login,
            name=given.name,
            public_key=given.public_key,
            sign_count=given.sign_count,
            transports=canonical(list(given.transports)),
            added_at=given.added_at,
        )
    )


def passkeys(connection: Connection, login: str) -> list[StoredPasskey]:
    """The passkeys of an officer, oldest first."""
    wanted = select(passkey).where(passkey.c.login == login).order_by(passkey.c.added_at, passkey.c.credential_id)
    return [_passkey(row._asdict()) for row in connection.execute(wanted)]


def passkey_by_id(connection: Connection, credential_id: str) -> StoredPasskey | None:
    """The passkey with that credential id."""
    row = connection.execute(select(passkey).where(passkey.c.credential_id == credential_id)).first()
    return _passkey(row._asdict()) if row else None


def note_passkey_used(connection: Connection, credential_id: str, *, sign_count: int, at: datetime) -> None:
    """Notes how often the passkey has signed by its own count."""
    connection.execute(
        update(passkey)
        .where(passkey.c.credential_id == credential_id)
        .values(sign_count=sign_count, used_at=to_text(at))
    )


def remove_passkey(connection: Connection, login: str, credential_id: str) -> bool:
    """Removes one passkey of the officer; false where it is none of theirs."""
    removed = connection.execute(
        delete(passkey).where(passkey.c.login == login, passkey.c.credential_id == credential_id)
    )
    return removed.rowcount == 1


def remove_passkeys(connection: Connection, login: str) -> None:
    """Removes every passkey of the officer."""
    connection.execute(delete(passkey).where(passkey.c.login == login))


def _passkey(row: dict[str, Any]) -> StoredPasskey:
    return StoredPasskey(
        credential_id=str(row["credential_id"]),
        login=str(row["login"]),
        name=str(row["name"]),
        public_key=bytes(row["public_key"]),
        sign_count=int(row["sign_count"]),
        transports=tuple(json.loads(str(row["transports"]))),
        added_at=str(row["added_at"]),
        used_at=None if row["used_at"] is None else str(row["used_at"]),
    )
