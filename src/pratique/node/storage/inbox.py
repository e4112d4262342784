"""What came from partners: each message once, with the receipt that was given for it, and what happened to it since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, func, select, update

from pratique.node.storage.bulk import add_records
from pratique.node.storage.exchange_tables import exchange_refusal, inbox, message_event
from pratique.node.storage.prepared import Prepared


@dataclass(frozen=True, slots=True)
class StoredIn:
    """A message that was taken in. ``token`` and ``openings`` are ``None`` once it was destroyed."""

    id: str
    seq: int
    partner_id: str
    stream: str
    sequence: int
    expires: str
    sha256: bytes
    receipt: bytes
    status: str
    type: str
    agreement: str
    message_purpose: str
    thread: str
    answers: str | None
    retention_until: str | None
    terms: str
    token: bytes | None
    openings: bytes | None
    faults: str
    received_at: str


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """What happened to a message after it was sent or received (retracted, destroyed, certified, feedback, used)."""

    seq: int
    number: int
    message_id: str
    event: str
    by_message: str | None
    note: str
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class StoredNotTaken:
    """An envelope that was not taken: whose line it came by, what its header says, and the check that failed."""

    seq: int
    number: int
    came_from: str
    message_id: str | None
    sha256: bytes
    code: str
    params: str
    alarm: int
    at: str
    seen_by: str | None = None


_COLUMNS: Final = [inbox.c[name] for name in StoredIn.__dataclass_fields__]
_ONE: Final = Prepared(select(*_COLUMNS).where(inbox.c.id == bindparam("of_message")))
_AT: Final = Prepared(
    select(*_COLUMNS).where(
        inbox.c.partner_id == bindparam("of_partner"),
        inbox.c.stream == bindparam("of_stream"),
        inbox.c.sequence == bindparam("number"),
    )
)
_LAST_EVENT: Final = Prepared(
    select(func.max(message_event.c.number)).where(message_event.c.seq == bindparam("of_entry"))
)


def add_in(connection: Connection, added: StoredIn) -> None:
    """Adds a message; the store refuses an id, or a place in a stream, that is taken."""
    add_records(connection, inbox, [added])


def in_of(connection: Connection, message_id: str) -> StoredIn | None:
    """A message that was taken in."""
    row = _ONE.row(connection, of_message=message_id)
    return StoredIn(*row) if row else None


def in_at(connection: Connection, partner_id: str, stream: str, sequence: int) -> StoredIn | None:
    """The message that took that number of a partner's stream."""
    row = _AT.row(connection, of_partner=partner_id, of_stream=stream, number=sequence)
    return StoredIn(*row) if row else None


def ins(connection: Connection, *, most: int, partner_id: str | None = None) -> list[StoredIn]:
    """The newest messages, of one partner or of all."""
    wanted = select(*_COLUMNS).order_by(inbox.c.seq.desc(), inbox.c.sequence.desc()).limit(most)
    if partner_id is not None:
        wanted = wanted.where(inbox.c.partner_id == partner_id)
    return [StoredIn(*row) for row in connection.execute(wanted)]


def ins_of_types(connection: Connection, types: Iterable[str]) -> list[StoredIn]:
    """The messages of these types whose content is held, oldest first."""
    wanted = select(*_COLUMNS).where(inbox.c.type.in_(tuple(types)), inbox.c.openings.is_not(None))
    return [StoredIn(*row) for row in connection.execute(wanted.order_by(inbox.c.seq, inbox.c.sequence))]


def in_counts(connection: Connection) -> dict[str, int]:
    """How many messages came, by partner."""
    wanted = select(inbox.c.partner_id, func.count()).group_by(inbox.c.partner_id)
    return {row[0]: int(row[1]) for row in connection.execute(wanted)}


def ins_due(connection: Connection, *, before: str) -> list[StoredIn]:
    """Messages whose content must be destroyed before that moment, earliest first."""
    wanted = (
        select(*_COLUMNS)
        .where(inbox.c.openings.is_not(None), inbox.c.retention_until < before)
        .order_by(inbox.c.retention_until, inbox.c.id)
    )
    return [StoredIn(*row) for row in connection.execute(wanted)]


def ins_over(connection: Connection, *, before: str, came_before: str) -> list[StoredIn]:
    """Messages whose content is kept past its time: the agreed day lies before that day, or, where none was agreed,

    they came before that moment. Earliest first.
    """
    agreed = inbox.c.retention_until.is_not(None)
    over = (agreed & (inbox.c.retention_until < before)) | (~agreed & (inbox.c.received_at < came_before))
    wanted = select(*_COLUMNS).where(inbox.c.openings.is_not(None), over)
    return [StoredIn(*row) for row in connection.execute(wanted.order_by(inbox.c.received_at, inbox.c.id))]


def uncertified(connection: Connection, *, cause: str) -> list[str]:
    """Messages that were destroyed for that cause on an agreed day without a message that says so, oldest first."""
    wanted = (
        select(message_event.c.message_id)
        .join(inbox, inbox.c.id == message_event.c.message_id)
        .where(message_event.c.event == "destroyed", message_event.c.note == cause)
        .where(message_event.c.by_message.is_(None), inbox.c.retention_until.is_not(None))
        .order_by(message_event.c.seq, message_event.c.number)
    )
    return list(connection.execute(wanted).scalars())


def note_by(connection: Connection, event: StoredEvent, message_id: str) -> None:
    """Notes which message told of an event."""
    one = (message_event.c.seq == event.seq) & (message_event.c.number == event.number)
    connection.execute(update(message_event).where(one).values(by_message=message_id))


def replace_receipt(connection: Connection, message_id: str, receipt: bytes) -> None:
    """Puts a later receipt in the place of the one before: it says more of the attachments."""
    connection.execute(update(inbox).where(inbox.c.id == message_id).values(receipt=receipt))


def erase_in(connection: Connection, message_id: str) -> bool:
    """Destroys what a message said; ``False`` where it was gone already. That it came, and its receipt, stay."""
    done = connection.execute(
        update(inbox).where(inbox.c.id == message_id, inbox.c.openings.is_not(None)).values(token=None, openings=None)
    )
    return bool(done.rowcount)


def add_events(connection: Connection, added: Iterable[StoredEvent]) -> None:
    """Adds what happened to messages."""
    add_records(connection, message_event, list(added))


def next_event(connection: Connection, seq: int) -> int:
    """The number of the next event of a journal entry, from 1."""
    ((last,),) = _LAST_EVENT.rows(connection, of_entry=seq)
    return int(last or 0) + 1


def events_of(connection: Connection, message_id: str) -> list[StoredEvent]:
    """What happened to a message, oldest first."""
    wanted = select(message_event).where(message_event.c.message_id == message_id)
    ordered = wanted.order_by(message_event.c.seq, message_event.c.number)
    return [StoredEvent(**row._asdict()) for row in connection.execute(ordered)]


def messages_with(connection: Connection, event: str) -> set[str]:
    """The ids of the messages to which that happened."""
    rows = connection.execute(select(message_event.c.message_id).where(message_event.c.event == event).distinct())
    return {row.message_id for row in rows}


def add_not_taken(connection: Connection, added: Iterable[StoredNotTaken]) -> None:
    """Adds what was not taken in."""
    add_records(connection, exchange_refusal, list(added))


def not_taken(connection: Connection, *, most: int, alarms_only: bool = False) -> list[StoredNotTaken]:
    """The newest envelopes that were not taken."""
    wanted = select(exchange_refusal).order_by(exchange_refusal.c.seq.desc(), exchange_refusal.c.number.desc())
    if alarms_only:
        wanted = wanted.where(exchange_refusal.c.alarm == 1)
    return [StoredNotTaken(**row._asdict()) for row in connection.execute(wanted.limit(most))]


def open_alarms(connection: Connection) -> int:
    """How many alarms nobody has looked at."""
    wanted = select(func.count()).where(exchange_refusal.c.alarm == 1, exchange_refusal.c.seen_by.is_(None))
    return int(connection.execute(wanted).scalar_one())


def note_seen(connection: Connection, seq: int, *, by: str) -> bool:
    """Somebody has looked at the alarms of a journal entry; ``False`` where there are none left."""
    done = connection.execute(
        update(exchange_refusal)
        .where(exchange_refusal.c.seq == seq, exchange_refusal.c.seen_by.is_(None))
        .values(seen_by=by)
    )
    return bool(done.rowcount)
