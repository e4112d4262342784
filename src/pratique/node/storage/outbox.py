"""What was disclosed and is under way: written in the transaction of the act, settled by the partner's receipt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update

from pratique.node.storage.bulk import add_records
from pratique.node.storage.exchange_tables import disclosure, outbox, refused_disclosure

AT_ONCE: Final = 500
WAITING: Final = "waiting"
DELIVERED: Final = "delivered"
REFUSED: Final = "refused"
EXPIRED: Final = "expired"
GIVEN_UP: Final = "given_up"
NEEDS_A_PERSON: Final = (REFUSED, EXPIRED)


@dataclass(frozen=True, slots=True)
class StoredOut:
    """An envelope on its way; ``receipt`` is the partner's, signed."""

    id: str
    seq: int
    partner_id: str
    stream: str
    sequence: int
    created: str
    expires: str
    sha256: bytes
    envelope: bytes
    state: str
    attempts: int
    next_at: str
    fault: str | None = None
    settled_at: str | None = None
    receipt: bytes | None = None


@dataclass(frozen=True, slots=True)
class StoredDisclosure:
    """What was disclosed, to whom, under which clause; ``openings`` hold the fields, and are ``None`` once erased."""

    id: str
    seq: int
    partner_id: str
    type: str
    agreement: str
    clause: str
    message_purpose: str
    thread: str
    answers: str | None
    about: str | None
    retention_until: str | None
    terms: str
    withheld: str
    decision_sha256: str
    openings: bytes | None
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class StoredRefusal:
    """A disclosure that the gate did not let through."""

    seq: int
    partner_id: str
    type: str
    agreement: str
    clause: str
    verdict: str
    decision_sha256: str
    about: str | None
    at: str
    by: str


_DISCLOSED: Final = [disclosure.c[name] for name in StoredDisclosure.__dataclass_fields__]


def add_disclosure(connection: Connection, added: StoredDisclosure, out: StoredOut) -> None:
    """Adds what was disclosed together with its envelope: neither is there without the other."""
    add_records(connection, disclosure, [added])
    add_records(connection, outbox, [out])


def add_refused(connection: Connection, added: StoredRefusal) -> None:
    """Adds a disclosure that was refused."""
    add_records(connection, refused_disclosure, [added])


def due_out(connection: Connection, partner_id: str, *, now: str, most: int) -> list[StoredOut]:
    """What waits for the partner and may be tried at ``now``, in the order of its streams."""
    wanted = (
        select(outbox)
        .where(outbox.c.partner_id == partner_id, outbox.c.state == WAITING, outbox.c.next_at <= now)
        .order_by(outbox.c.stream, outbox.c.sequence)
        .limit(most)
    )
    return [StoredOut(**row._asdict()) for row in connection.execute(wanted)]


def waiting_partners(connection: Connection) -> list[str]:
    """The partners for whom something waits."""
    rows = connection.execute(select(outbox.c.partner_id).where(outbox.c.state == WAITING).distinct())
    return sorted(row.partner_id for row in rows)


def out_after(connection: Connection, partner_id: str, stream: str, after: int, *, most: int) -> list[StoredOut]:
    """The envelopes of a stream behind a number, delivered or not: for a partner who calls, and for a gap."""
    wanted = (
        select(outbox)
        .where(outbox.c.partner_id == partner_id, outbox.c.stream == stream, outbox.c.sequence > after)
        .order_by(outbox.c.sequence)
        .limit(most)
    )
    return [StoredOut(**row._asdict()) for row in connection.execute(wanted)]


def out_of(connection: Connection, message_id: str) -> StoredOut | None:
    """The envelope of a message."""
    row = connection.execute(select(outbox).where(outbox.c.id == message_id)).first()
    return StoredOut(**row._asdict()) if row else None


def outs(connection: Connection, *, states: tuple[str, ...] = (), most: int) -> list[StoredOut]:
    """The newest envelopes, of some states or of all."""
    wanted = select(outbox).order_by(outbox.c.seq.desc(), outbox.c.sequence.desc()).limit(most)
    if states:
        wanted = wanted.where(outbox.c.state.in_(states))
    return [StoredOut(**row._asdict()) for row in connection.execute(wanted)]


def out_counts(connection: Connection) -> dict[tuple[str, str], int]:
    """How many envelopes there are, by partner and state."""
    wanted = select(outbox.c.partner_id, outbox.c.state, func.count()).group_by(outbox.c.partner_id, outbox.c.state)
    return {(row[0], row[1]): int(row[2]) for row in connection.execute(wanted)}


def settle(connection: Connection, message_id: str, *, state: str, at: str, receipt: bytes | None = None) -> bool:
    """Ends the way of an envelope that still waits; ``False`` where it was settled before."""
    values = {"state": state, "settled_at": at, "fault": None} | ({} if receipt is None else {"receipt": receipt})
    done = connection.execute(
        update(outbox).where(outbox.c.id == message_id, outbox.c.state == WAITING).values(**values)
    )
    return bool(done.rowcount)


def states_of(connection: Connection, message_ids: Iterable[str]) -> dict[str, str]:
    """The states of the envelopes of some messages."""
    wanted, found = sorted(message_ids), dict[str, str]()
    for start in range(0, len(wanted), AT_ONCE):
        some = outbox.c.id.in_(wanted[start : start + AT_ONCE])
        found |= {row.id: row.state for row in connection.execute(select(outbox.c.id, outbox.c.state).where(some))}
    return found


def replace_receipt(connection: Connection, message_id: str, receipt: bytes) -> None:
    """Puts a later receipt in the place of the one before: it says more of the attachments."""
    connection.execute(update(outbox).where(outbox.c.id == message_id).values(receipt=receipt))


def put_off(connection: Connection, message_id: str, *, until: str, fault: str) -> None:
    """Notes a try that failed, and when the next may be made."""
    connection.execute(
        update(outbox)
        .where(outbox.c.id == message_id, outbox.c.state == WAITING)
        .values(next_at=until, fault=fault, attempts=outbox.c.attempts + 1)
    )


def lay_aside(connection: Connection, message_id: str, *, state: str, fault: str, at: str) -> None:
    """Sets an envelope apart that cannot be delivered: a person decides what becomes of it."""
    connection.execute(
        update(outbox)
        .where(outbox.c.id == message_id, outbox.c.state == WAITING)
        .values(state=state, fault=fault, settled_at=at, attempts=outbox.c.attempts + 1)
    )


def decide_aside(connection: Connection, message_id: str, *, state: str, at: str) -> bool:
    """What a person made of an envelope that was set apart; ``False`` where it is not."""
    values: dict[str, object] = {"state": state, "settled_at": None if state == WAITING else at}
    if state == WAITING:
        values |= {"next_at": at, "fault": None}
    done = connection.execute(
        update(outbox).where(outbox.c.id == message_id, outbox.c.state.in_(NEEDS_A_PERSON)).values(**values)
    )
    return bool(done.rowcount)


def disclosure_of(connection: Connection, message_id: str) -> StoredDisclosure | None:
    """What was disclosed in a message."""
    row = connection.execute(select(*_DISCLOSED).where(disclosure.c.id == message_id)).first()
    return StoredDisclosure(*row) if row else None


def disclosures(connection: Connection, *, most: int, about: str | None = None) -> list[StoredDisclosure]:
    """The newest disclosures, of one consignment or of all."""
    wanted = select(*_DISCLOSED).order_by(disclosure.c.seq.desc()).limit(most)
    if about is not None:
        wanted = wanted.where(disclosure.c.about == about)
    return [StoredDisclosure(*row) for row in connection.execute(wanted)]


def refused(connection: Connection, *, most: int) -> list[StoredRefusal]:
    """The newest disclosures that were refused."""
    rows = connection.execute(select(refused_disclosure).order_by(refused_disclosure.c.seq.desc()).limit(most))
    return [StoredRefusal(**row._asdict()) for row in rows]


def erase_disclosed(connection: Connection, message_id: str) -> bool:
    """Destroys the content of a disclosure here; ``False`` where it was gone already."""
    done = connection.execute(
        update(disclosure)
        .where(disclosure.c.id == message_id, disclosure.c.openings.is_not(None))
        .values(openings=None)
    )
    return bool(done.rowcount)


def disclosures_over(connection: Connection, *, before: str, made_before: str) -> list[str]:
    """Disclosures whose own copy is kept past its time: the agreed day lies before that day, or, where none was agreed,

    they were made before that moment. Earliest first.
    """
    agreed = disclosure.c.retention_until.is_not(None)
    over = (agreed & (disclosure.c.retention_until < before)) | (~agreed & (disclosure.c.at < made_before))
    wanted = select(disclosure.c.id).where(disclosure.c.openings.is_not(None), over)
    return list(connection.execute(wanted.order_by(disclosure.c.at, disclosure.c.id)).scalars())


def unsettled(connection: Connection, partner_id: str) -> list[StoredOut]:
    """What a partner has not given a receipt for, in the order in which it was disclosed."""
    wanted = select(outbox).where(outbox.c.partner_id == partner_id, outbox.c.state.in_((WAITING, REFUSED)))
    ordered = wanted.order_by(outbox.c.seq, outbox.c.sequence)
    return [StoredOut(**row._asdict()) for row in connection.execute(ordered)]


def seal_anew(connection: Connection, now: StoredOut) -> None:
    """Puts another envelope of the same message in the place of one that cannot arrive."""
    connection.execute(delete(outbox).where(outbox.c.id == now.id))
    connection.execute(insert(outbox).values(**asdict(now)))
