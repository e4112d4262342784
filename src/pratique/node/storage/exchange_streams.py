"""Where each stream stands, out and in, and what either side logged of each message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select, update

from pratique.node.storage.bulk import add_records
from pratique.node.storage.exchange_tables import exchange_opening, exchange_stream
from pratique.node.storage.prepared import Prepared

OUT: Final = "out"
IN: Final = "in"
OWN: Final = "own"
THEIRS: Final = "theirs"


@dataclass(frozen=True, slots=True)
class StoredStream:
    """A stream: number and hash of its newest envelope, the alarm that stopped it if one did, which in order it is."""

    partner_id: str
    direction: str
    stream: str
    sequence: int
    head: bytes
    stopped: str | None = None
    begun: int = 1


@dataclass(frozen=True, slots=True)
class StoredOpening:
    """What one side logged of a message: the hash of its leaf, and what opens it where that is known here."""

    message_id: str
    side: str
    kind: str
    partner_id: str
    leaf_sha256: bytes
    salt: bytes | None
    record: bytes | None
    seq: int
    at: str


_COLUMNS: Final = [exchange_stream.c[name] for name in StoredStream.__dataclass_fields__]
_OF: Final = exchange_stream.c.partner_id == bindparam("of_partner")
_IS: Final = (
    _OF,
    exchange_stream.c.direction == bindparam("of_direction"),
    exchange_stream.c.stream == bindparam("of_stream"),
)
_ALL_ORDERED: Final = select(*_COLUMNS).order_by(
    exchange_stream.c.partner_id, exchange_stream.c.direction, exchange_stream.c.begun
)
_ALL: Final = Prepared(_ALL_ORDERED)
_WITH: Final = Prepared(_ALL_ORDERED.where(_OF))
_ONE: Final = Prepared(select(*_COLUMNS).where(*_IS))
_OPEN_OUT: Final = Prepared(
    select(*_COLUMNS)
    .where(
        _OF,
        exchange_stream.c.direction == OUT,
        exchange_stream.c.stopped.is_(None),
    )
    .order_by(exchange_stream.c.begun.desc())
    .limit(1)
)
_MOVE_ON: Final = Prepared(
    update(exchange_stream)
    .where(*_IS)
    .values(sequence=bindparam("new_sequence"), head=bindparam("new_head"), stopped=bindparam("new_stopped"))
)


def stream_of(connection: Connection, partner_id: str, direction: str, stream: str) -> StoredStream | None:
    """Where the stream stands; ``None`` where nothing ever went."""
    row = _ONE.row(connection, of_partner=partner_id, of_direction=direction, of_stream=stream)
    return StoredStream(*row) if row else None


def streams(connection: Connection, partner_id: str | None = None) -> list[StoredStream]:
    """The streams with a partner, or all, in the order in which they were begun."""
    rows = _ALL.rows(connection) if partner_id is None else _WITH.rows(connection, of_partner=partner_id)
    return [StoredStream(*row) for row in rows]


def open_stream_to(connection: Connection, partner_id: str) -> StoredStream | None:
    """The stream to a partner that was begun last and not stopped; ``None`` where nothing ever went."""
    row = _OPEN_OUT.row(connection, of_partner=partner_id)
    return StoredStream(*row) if row else None


def put_stream(connection: Connection, now: StoredStream) -> None:
    """Notes where a stream stands."""
    which = {"of_partner": now.partner_id, "of_direction": now.direction, "of_stream": now.stream}
    stands = {"new_sequence": now.sequence, "new_head": now.head, "new_stopped": now.stopped}
    if not _MOVE_ON.change(connection, **which, **stands):
        add_records(connection, exchange_stream, [now])


def add_openings(connection: Connection, added: Iterable[StoredOpening]) -> None:
    """Adds what a side logged; a side that says it again changes nothing."""
    for each in added:
        if opening_of(connection, each.message_id, each.side) is None:
            add_records(connection, exchange_opening, [each])


def add_opening(connection: Connection, added: StoredOpening) -> None:
    """Adds what a side logged of a message of which it had logged nothing."""
    add_records(connection, exchange_opening, [added])


def replace_opening(connection: Connection, now: StoredOpening) -> None:
    """Puts what a side logged last of a message in the place of what it logged before."""
    connection.execute(
        delete(exchange_opening).where(
            exchange_opening.c.message_id == now.message_id, exchange_opening.c.side == now.side
        )
    )
    add_records(connection, exchange_opening, [now])


def opening_of(connection: Connection, message_id: str, side: str) -> StoredOpening | None:
    """What a side logged of a message."""
    wanted = select(exchange_opening).where(
        exchange_opening.c.message_id == message_id, exchange_opening.c.side == side
    )
    row = connection.execute(wanted).first()
    return StoredOpening(**row._asdict()) if row else None


def openings_with(connection: Connection, partner_id: str, *, since: str, until: str) -> list[StoredOpening]:
    """What both sides logged of the messages with a partner between two moments."""
    wanted = select(exchange_opening).where(
        exchange_opening.c.partner_id == partner_id, exchange_opening.c.at >= since, exchange_opening.c.at < until
    )
    ordered = wanted.order_by(exchange_opening.c.at, exchange_opening.c.message_id, exchange_opening.c.side)
    return [StoredOpening(**row._asdict()) for row in connection.execute(ordered)]
