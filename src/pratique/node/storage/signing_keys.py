"""The node's key pairs in ``access.db``: private parts sealed with ``node.key``, public parts as partners know them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import Connection, insert, select, update

from pratique.node.storage.access_tables import signing_key
from pratique.node.storage.prepared import Prepared


@dataclass(frozen=True, slots=True)
class StoredKey:
    """One key pair: ``name`` is log, sign, seal or witness; ``retired_at`` is ``None`` for the one in use.

    ``revoked_at`` is set once the roots revoked it, ``destroyed_at`` once its private half is gone for good,
    ``exported_at`` when it went into a file for a safe last.
    """

    id: str
    name: str
    number: int
    owner: str
    algorithm: str
    public_key: bytes
    private_sealed: str
    made_at: str
    retired_at: str | None = None
    revoked_at: str | None = None
    destroyed_at: str | None = None
    exported_at: str | None = None


_COLUMNS: Final = [signing_key.c[name] for name in StoredKey.__dataclass_fields__]
_ALL: Final = Prepared(select(*_COLUMNS).order_by(signing_key.c.name, signing_key.c.number))


def stored_keys(connection: Connection) -> list[StoredKey]:
    """Every key pair the node ever had, by name, the newest of each name last."""
    return [StoredKey(*row) for row in _ALL.rows(connection)]


def put_keys(connection: Connection, keys: Iterable[StoredKey]) -> None:
    """Adds key pairs."""
    rows = [asdict(key) for key in keys]
    if rows:
        connection.execute(insert(signing_key), rows)


def revoke_key(connection: Connection, key_id: str, *, at: str) -> None:
    """The roots revoked the key pair: from now on it is used for nothing new, and is marked for good."""
    connection.execute(update(signing_key).where(signing_key.c.id == key_id).values(revoked_at=at))


def destroy_key(connection: Connection, key_id: str, *, at: str) -> None:
    """The private half is gone for good; the public half stays, to check what it signed."""
    gone = update(signing_key).where(signing_key.c.id == key_id, signing_key.c.destroyed_at.is_(None))
    connection.execute(gone.values(private_sealed="", destroyed_at=at))


def note_export(connection: Connection, key_ids: Iterable[str], *, at: str) -> None:
    """The key pairs lie in a file for a safe since then."""
    connection.execute(update(signing_key).where(signing_key.c.id.in_(list(key_ids))).values(exported_at=at))


def retire_key(connection: Connection, key_id: str, *, at: str) -> None:
    """The key pair is not used for anything new from now on; what it signed can still be checked."""
    connection.execute(update(signing_key).where(signing_key.c.id == key_id).values(retired_at=at))
