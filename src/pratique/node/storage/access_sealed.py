"""Everything in ``access.db`` that is sealed with the node's key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select, update

from pratique.node.storage.access_tables import invitation, officer, signing_key

_KEYS: Final = {"officer": officer.c.login, "invitation": invitation.c.secret_sha256, "signing_key": signing_key.c.id}
_OWNERS: Final = _KEYS | {"invitation": invitation.c.login}
_TEXTS: Final = {
    "officer": officer.c.factor_sealed,
    "invitation": invitation.c.factor_sealed,
    "signing_key": signing_key.c.private_sealed,
}
_TABLES: Final = {"officer": officer, "invitation": invitation, "signing_key": signing_key}


@dataclass(frozen=True, slots=True)
class Sealed:
    """A second factor or private key: in which table under which key, whose it is, and its sealed text."""

    table: str
    key: str
    owner: str
    text: str


def every_sealed(connection: Connection) -> list[Sealed]:
    """The second factors of officers, those that invitations would set up, and the node's private keys."""
    found = []
    for name, text in _TEXTS.items():
        wanted = select(_KEYS[name], _OWNERS[name], text).where(text.is_not(None), text != "").order_by(_KEYS[name])
        found += [Sealed(name, *row) for row in connection.execute(wanted)]
    return found


def put_sealed(connection: Connection, sealed: Sealed, text: str) -> None:
    """The same secret, sealed anew."""
    changed = update(_TABLES[sealed.table]).where(_KEYS[sealed.table] == sealed.key)
    connection.execute(changed.values({_TEXTS[sealed.table].name: text}))
