"""Reconciliation: both sides lay open what they logged of the messages between them; a denial is found and named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.canonical import digest
from pratique.node.exchange.comparing import Compared, Opened, compared, opened_in
from pratique.node.exchange.register import known_partner
from pratique.node.instants import to_text
from pratique.node.storage import exchange_streams as streams
from pratique.node.storage import journal, outbox
from pratique.node.storage.exchange_streams import OWN, THEIRS, StoredOpening
from pratique.node.storage.store import Connection
from pratique.partners.exchange.wire import b64

MOST: Final = 20_000
MONTH: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class OwnOpenings(Query[list[dict[str, Any]]]):
    """What this node logged of the messages with a partner between two moments, laid open for that partner."""

    partner: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class TakeOpenings(Command[int]):
    """Keeps what a partner says it logged, after checking that each opens a leaf. Answers with how many held."""

    partner: str
    openings: tuple[Any, ...]
    entry: ClassVar[str] = "exchange.openings_taken"


@dataclass(frozen=True, slots=True)
class Reconcile(Query[Compared]):
    """What both logs say of the messages between two moments (else of the last 31 days)."""

    partner: str
    since: datetime | None = None
    until: datetime | None = None


def own_openings(query: OwnOpenings, view: View) -> list[dict[str, Any]]:
    """At most 20,000; nothing but what both sides know already: who, which envelope, when."""
    rows = _between(view.connection, query.partner, query.since, query.until)
    mine = [each for each in rows if each.side == OWN and each.salt is not None and each.record is not None]
    return [
        {
            "message": each.message_id,
            "kind": each.kind,
            "salt": b64(each.salt or b""),
            "record": b64(each.record or b""),
        }
        for each in mine[:MOST]
    ]


def take_openings(command: TakeOpenings, work: Work) -> Act[int]:
    """An opening that is malformed, or is not about a message with that partner, is passed over and counted."""

    def act(connection: Connection) -> Done[int]:
        partner = known_partner(connection, command.partner)
        seq, held = journal.next_seq(connection), 0
        for said in command.openings[:MOST]:
            found = opened_in(said, partner=partner.id)
            if found is not None:
                held += _keep(connection, found, partner.id, seq, work.at)
        facts = {"partner": partner.id, "openings": len(command.openings), "sha256": digest(list(command.openings))}
        return Done(held, command=facts, outcome={"held": held, "passed_over": len(command.openings) - held})

    return act


def reconcile(query: Reconcile, view: View) -> Compared:
    """Raises ``NOT_FOUND`` for a partner that nobody confirmed."""
    partner = known_partner(view.connection, query.partner)
    until = query.until or view.at + timedelta(seconds=1)
    rows = _between(view.connection, partner.id, query.since or until - MONTH, until)
    receipts = {row.message_id for row in rows if _receipt_of(view.connection, row.message_id)}
    return compared(rows, receipts, partner=partner.id)


def _keep(connection: Connection, found: Opened, partner_id: str, seq: int, at: datetime) -> int:
    """Keeps it beside what the receipt promised; where that was another leaf, the promise stays and the lie shows."""
    known = streams.opening_of(connection, found.message, THEIRS)
    row = StoredOpening(
        found.message,
        THEIRS,
        found.kind,
        partner_id,
        found.leaf,
        found.salt,
        found.record,
        seq,
        found.at or to_text(at),
    )
    if known is not None and known.leaf_sha256 != found.leaf:
        return 0
    streams.replace_opening(connection, row)
    return 1


def _between(connection: Connection, partner_id: str, since: datetime, until: datetime) -> list[StoredOpening]:
    return streams.openings_with(connection, partner_id, since=to_text(since), until=to_text(until))


def _receipt_of(connection: Connection, message_id: str) -> bool:
    """The partner signed that it received the message."""
    out = outbox.out_of(connection, message_id)
    return out is not None and out.receipt is not None
