"""What came of warnings: what partners and this side said of them, and controls of what answered to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Connection, select, union

from pratique.node.storage.control_tables import control_order, control_outcome
from pratique.node.storage.exchange_tables import disclosure, inbox, message_event
from pratique.node.storage.hit_tables import raised_hit
from pratique.node.storage.tables import hit


@dataclass(frozen=True, slots=True)
class StoredWarning:
    """A warning that was received or sent. ``about`` is the consignment that one which was sent is about; ``held``
    says that its content is here."""

    message: str
    partner: str
    type: str
    at: str
    about: str | None
    held: bool


@dataclass(frozen=True, slots=True)
class StoredWord:
    """What was said of a message: the event (feedback, reminded, retracted), the note, when."""

    message: str
    event: str
    note: str
    at: str


@dataclass(frozen=True, slots=True)
class StoredControl:
    """What a control came to of a consignment that answered to an entry of a list."""

    entry: str
    consignment_id: str
    order_id: str
    outcome: str
    findings: str
    controlled_at: str
    seq: int


def received_warnings(connection: Connection, types: Sequence[str], *, since: str) -> list[StoredWarning]:
    """Those that came since then, the newest first; not those that came too late."""
    wanted = select(
        inbox.c.id, inbox.c.partner_id, inbox.c.type, inbox.c.received_at, inbox.c.openings.is_not(None)
    ).where(inbox.c.type.in_(types), inbox.c.received_at >= since, inbox.c.status == "received")
    rows = connection.execute(wanted.order_by(inbox.c.seq.desc(), inbox.c.sequence.desc()))
    return [StoredWarning(row[0], row[1], row[2], row[3], None, bool(row[4])) for row in rows]


def sent_warnings(connection: Connection, types: Sequence[str], *, since: str) -> list[StoredWarning]:
    """Those that this side sent since then, the newest first."""
    wanted = select(
        disclosure.c.id,
        disclosure.c.partner_id,
        disclosure.c.type,
        disclosure.c.at,
        disclosure.c.about,
        disclosure.c.openings.is_not(None),
    ).where(disclosure.c.type.in_(types), disclosure.c.at >= since)
    rows = connection.execute(wanted.order_by(disclosure.c.seq.desc()))
    return [StoredWarning(row[0], row[1], row[2], row[3], row[4], bool(row[5])) for row in rows]


def words_of(connection: Connection, events: Sequence[str]) -> list[StoredWord]:
    """What was said of messages, oldest first."""
    wanted = (
        select(message_event.c.message_id, message_event.c.event, message_event.c.note, message_event.c.at)
        .where(message_event.c.event.in_(events))
        .order_by(message_event.c.seq, message_event.c.number)
    )
    return [StoredWord(*row) for row in connection.execute(wanted)]


def answered_to(connection: Connection, list_id: str) -> list[tuple[str, str]]:
    """The entries of a list with the consignments that answered to them, in a run or since; each pair once."""
    return [(str(row[0]), str(row[1])) for row in connection.execute(_pairs(list_id))]


def controls_of(connection: Connection, list_id: str) -> list[StoredControl]:
    """The records that stand of controls of those consignments, oldest first."""
    pairs = _pairs(list_id).subquery()
    superseded = select(control_outcome.c.supersedes)
    wanted = (
        select(
            pairs.c.entry,
            pairs.c.consignment_id,
            control_order.c.id,
            control_outcome.c.outcome,
            control_outcome.c.findings,
            control_outcome.c.controlled_at,
            control_outcome.c.seq,
        )
        .join(control_order, control_order.c.consignment_id == pairs.c.consignment_id)
        .join(control_outcome, control_outcome.c.order_id == control_order.c.id)
        .where(control_outcome.c.seq.not_in(superseded), control_order.c.repeats.is_(None))
        .order_by(control_outcome.c.seq, pairs.c.entry)
    )
    return [StoredControl(*row) for row in connection.execute(wanted)]


def _pairs(list_id: str) -> CompoundSelect[Any]:
    in_runs = select(hit.c.listing_id.label("entry"), hit.c.consignment_id).where(hit.c.list_id == list_id)
    since = select(raised_hit.c.listing_id, raised_hit.c.consignment_id).where(raised_hit.c.list_id == list_id)
    return union(in_runs, since)
