"""Partners as they are stored: descriptors with who confirmed them, revocations, facts, and how the line does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, bindparam, delete, insert, or_, select, update

from pratique.node.storage.exchange_tables import exchange_refusal
from pratique.node.storage.partner_tables import (
    own_descriptor,
    partner_descriptor,
    partner_fact,
    partner_line,
    partner_revocation,
)
from pratique.node.storage.prepared import Prepared


@dataclass(frozen=True, slots=True)
class StoredOwn:
    """A version of what this administration says of itself."""

    version: int
    seq: int
    data: bytes
    sha256: str
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class StoredDescriptor:
    """A partner's descriptor as it came; ``counts_by`` is ``None`` until it counts (confirmed, rotated, restarted)."""

    partner_id: str
    sha256: str
    version: int
    data: bytes
    seq: int
    at: str
    by: str
    counts_by: str | None = None
    counts_seq: int | None = None
    counts_since: str | None = None
    confirmed_by: str | None = None
    counter_signature: bytes | None = None


@dataclass(frozen=True, slots=True)
class StoredRevocation:
    """Keys that a partner's roots revoked; ``data`` is signed by them."""

    partner_id: str
    number: int
    data: bytes
    seq: int
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class StoredFact:
    """What is known of a partner here, why, and who said so; the newest of a name counts."""

    seq: int
    partner_id: str
    name: str
    value: str
    basis: str
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class StoredLine:
    """How the line to a partner does: failures in a row, until when it rests, when it was last reached."""

    partner_id: str
    failures: int = 0
    rest_until: str | None = None
    tried_at: str | None = None
    reached_at: str | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Counting:
    """Since when, by what and by whom a descriptor counts; with this node's signature where a person confirmed it."""

    counts_by: str
    counts_seq: int
    counts_since: str
    confirmed_by: str | None = None
    counter_signature: bytes | None = None


def _whole(table: Table, kind: type[Any]) -> Select[Any]:
    return select(*(table.c[name] for name in kind.__dataclass_fields__))


# made once, as every envelope and every request of a partner asks for them
_OWN: Final = Prepared(_whole(own_descriptor, StoredOwn).order_by(own_descriptor.c.version.desc()))
_DESCRIPTORS: Final = _whole(partner_descriptor, StoredDescriptor).order_by(
    partner_descriptor.c.partner_id, partner_descriptor.c.counts_seq, partner_descriptor.c.seq
)
_REVOCATIONS: Final = _whole(partner_revocation, StoredRevocation).order_by(partner_revocation.c.seq)
_ALL_DESCRIPTORS: Final = Prepared(_DESCRIPTORS)
_ALL_REVOCATIONS: Final = Prepared(_REVOCATIONS)
_DESCRIPTORS_OF: Final = Prepared(_DESCRIPTORS.where(partner_descriptor.c.partner_id == bindparam("of_partner")))
_REVOCATIONS_OF: Final = Prepared(_REVOCATIONS.where(partner_revocation.c.partner_id == bindparam("of_partner")))
_FACTS_OF: Final = Prepared(
    _whole(partner_fact, StoredFact)
    .where(partner_fact.c.partner_id == bindparam("of_partner"))
    .order_by(partner_fact.c.seq)
)


def add_own_descriptor(connection: Connection, added: StoredOwn) -> None:
    """Adds a version; a version that is there already is refused by the store."""
    connection.execute(insert(own_descriptor).values(**asdict(added)))


def own_descriptors(connection: Connection) -> list[StoredOwn]:
    """Every version, newest first."""
    return [StoredOwn(*row) for row in _OWN.rows(connection)]


def add_descriptor(connection: Connection, added: StoredDescriptor) -> bool:
    """Adds a descriptor as it came; ``False`` where it was there already."""
    if descriptor_of(connection, added.partner_id, added.sha256) is not None:
        return False
    connection.execute(insert(partner_descriptor).values(**asdict(added)))
    return True


def descriptor_of(connection: Connection, partner_id: str, sha256: str) -> StoredDescriptor | None:
    """The descriptor with that digest, whether it counts or not."""
    wanted = select(partner_descriptor).where(
        partner_descriptor.c.partner_id == partner_id, partner_descriptor.c.sha256 == sha256
    )
    row = connection.execute(wanted).first()
    return StoredDescriptor(**row._asdict()) if row else None


def descriptors(connection: Connection, partner_id: str | None = None) -> list[StoredDescriptor]:
    """Descriptors in the order in which they came to count, those that do not count yet first."""
    if partner_id is None:
        return [StoredDescriptor(*row) for row in _ALL_DESCRIPTORS.rows(connection)]
    return [StoredDescriptor(*row) for row in _DESCRIPTORS_OF.rows(connection, of_partner=partner_id)]


def let_count(connection: Connection, found: StoredDescriptor, counting: Counting) -> None:
    """From now on the descriptor counts."""
    connection.execute(
        update(partner_descriptor)
        .where(partner_descriptor.c.partner_id == found.partner_id, partner_descriptor.c.sha256 == found.sha256)
        .values(**asdict(counting))
    )


def add_revocation(connection: Connection, added: StoredRevocation) -> None:
    """Adds what a partner's roots revoked."""
    connection.execute(insert(partner_revocation).values(**asdict(added)))


def revocations(connection: Connection, partner_id: str | None = None) -> list[StoredRevocation]:
    """Revocations in the order in which they came."""
    if partner_id is None:
        return [StoredRevocation(*row) for row in _ALL_REVOCATIONS.rows(connection)]
    return [StoredRevocation(*row) for row in _REVOCATIONS_OF.rows(connection, of_partner=partner_id)]


def refused_before(connection: Connection, partner_id: str, sha256: bytes) -> bool:
    """The same bytes came from the partner before, and were not taken."""
    wanted = select(exchange_refusal.c.seq).where(
        exchange_refusal.c.came_from == partner_id, exchange_refusal.c.sha256 == sha256
    )
    return connection.execute(wanted.limit(1)).first() is not None


def alarmed(connection: Connection, partner_id: str, *, since: str, ever: str) -> bool:
    """An alarm about what came from the partner ``since`` then, or at any time of the code ``ever``."""
    wanted = select(exchange_refusal.c.seq).where(
        exchange_refusal.c.came_from == partner_id,
        exchange_refusal.c.alarm == 1,
        or_(exchange_refusal.c.at >= since, exchange_refusal.c.code == ever),
    )
    return connection.execute(wanted.limit(1)).first() is not None


def add_fact(connection: Connection, added: StoredFact) -> None:
    """Adds what is known of a partner."""
    connection.execute(insert(partner_fact).values(**asdict(added)))


def facts_of(connection: Connection, partner_id: str) -> dict[str, StoredFact]:
    """The newest fact of each name."""
    facts = (StoredFact(*row) for row in _FACTS_OF.rows(connection, of_partner=partner_id))
    return {each.name: each for each in facts}


def lines(connection: Connection) -> dict[str, StoredLine]:
    """How the line to every partner does, by partner; one that was never tried has none."""
    return {row.partner_id: StoredLine(**row._asdict()) for row in connection.execute(select(partner_line))}


def put_line(connection: Connection, line: StoredLine) -> None:
    """Notes how the line does now."""
    _put(connection, partner_line, asdict(line), {"partner_id": line.partner_id})


def _put(connection: Connection, table: Table, row: dict[str, Any], key: dict[str, Any]) -> None:
    connection.execute(delete(table).where(*_same(table, key)))
    connection.execute(insert(table).values(**row))


def _same(table: Table, key: dict[str, Any]) -> Iterable[Any]:
    return [table.c[name] == value for name, value in key.items()]
