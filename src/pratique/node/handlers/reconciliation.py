"""Reconciliation: both sides lay open what they logged of the messages between them; a denial is found and named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.canonical import canonical, digest
from pratique.node.exchange.comparing import Compared, Opened, compared, opened_in, with_proofs
from pratique.node.exchange.own import own
from pratique.node.exchange.partner_log import SeenLog, ShownLog, judged_log
from pratique.node.exchange.register import known_partner, known_partners
from pratique.node.instants import to_text
from pratique.node.ledger.files import log_hashes
from pratique.node.ledger.log import cosigned_note
from pratique.node.ledger.proving import newest_witnessed
from pratique.node.storage import exchange_streams as streams
from pratique.node.storage import journal, outbox
from pratique.node.storage.exchange_streams import OWN, THEIRS, StoredOpening
from pratique.node.storage.ledger_witnesses import Breach, put_breach, watched
from pratique.node.storage.reconciliations import (
    StoredReconciliation,
    add_reconciliation,
    largest_seen,
    number_of_leaf,
)
from pratique.node.storage.store import Connection
from pratique.partners.exchange.partner import Partner
from pratique.partners.exchange.wire import b64
from pratique.partners.ledger.merkle import consistency_proof, inclusion_proof
from pratique.partners.ledger.notes import parse_vkey

MOST: Final = 10_000
MONTH: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class OwnOpenings(Query[list[dict[str, Any]]]):
    """What this node logged of the messages with a partner between two moments, laid open for that partner."""

    partner: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class ShowLogTo(Query[dict[str, Any]]):
    """The same openings, each with its place in this node's log, under the newest witnessed checkpoint.

    ``seen`` is the size of this log that the partner keeps: the answer leads from there to the checkpoint.
    """

    partner: str
    since: datetime
    until: datetime
    seen: int


@dataclass(frozen=True, slots=True)
class SizeSeen(Query[int]):
    """The largest tree of the partner's log that is kept here; 0 where none was seen."""

    partner: str


@dataclass(frozen=True, slots=True)
class TakeOpenings(Command[int]):
    """Keeps what a partner says it logged, after checking that each opens a leaf. Answers with how many held."""

    partner: str
    openings: tuple[Any, ...]
    entry: ClassVar[str] = "exchange.openings_taken"


@dataclass(frozen=True, slots=True)
class ReconcileLogs(Command[Compared]):
    """Compares what a partner laid open of a period with what this node logged, holds it against the partner's log,

    and keeps the report. ``shown`` is what the partner shows of its log.
    """

    partner: str
    since: datetime
    until: datetime
    openings: tuple[Any, ...]
    shown: ShownLog
    entry: ClassVar[str] = "exchange.logs_compared"


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


def show_log_to(query: ShowLogTo, view: View) -> dict[str, Any]:
    """Openings alone where no checkpoint was made yet. Raises ``BROKEN`` where rows and tiles do not lead to it."""
    connection = view.connection
    openings = own_openings(OwnOpenings(query.partner, query.since, query.until), view)
    checkpoint = newest_witnessed(view)
    if checkpoint is None:
        return {"openings": openings, "checkpoint": "", "consistency": []}
    size, hashes = checkpoint.tree_size, log_hashes(view.folder, connection, checkpoint.tree_size)
    for each in openings:
        own_row = streams.opening_of(connection, each["message"], OWN)
        number = number_of_leaf(connection, own_row.seq, own_row.leaf_sha256) if own_row else None
        if number is not None and number < size:
            each |= {"index": number, "path": [b64(one) for one in inclusion_proof(hashes, number, size)]}
    proof = consistency_proof(hashes, query.seen, size) if 0 < query.seen < size else []
    note = cosigned_note(connection, checkpoint)
    return {"openings": openings, "checkpoint": note, "consistency": [b64(each) for each in proof]}


def size_seen(query: SizeSeen, view: View) -> int:
    """Raises ``NOT_FOUND`` for a partner that nobody confirmed."""
    return _seen(view.connection, known_partner(view.connection, query.partner)).size


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


def reconcile_logs(command: ReconcileLogs, work: Work) -> Act[Compared]:
    """A log that breaks its promise is kept as evidence with both notes, as a witness would.

    Raises ``NOT_FOUND`` for a partner that nobody confirmed.
    """

    def act(connection: Connection) -> Done[Compared]:
        partner, seq = known_partner(connection, command.partner), journal.next_seq(connection)
        opened = [opened_in(said, partner=partner.id) for said in command.openings[:MOST]]
        held = [each for each in opened if each is not None and _keep(connection, each, partner.id, seq, work.at)]
        seen = _seen(connection, partner)
        log = judged_log(command.shown, seen, partner, _witness_keys(connection, work))
        if log.state.is_breach:
            told = Breach(seq, log.origin, log.state.value, seen.note, log.note or "", to_text(work.at))
            put_breach(connection, told)
        found = with_proofs(_compared(connection, partner.id, command.since, command.until), held, log)
        add_reconciliation(connection, _report(command, found, seq, work))
        facts: dict[str, object] = {"partner": partner.id, "since": to_text(command.since), "size": log.size}
        return Done(found, command=facts, outcome={"log": log.state.value, "counts": found.counts})

    return act


def reconcile(query: Reconcile, view: View) -> Compared:
    """Raises ``NOT_FOUND`` for a partner that nobody confirmed."""
    partner = known_partner(view.connection, query.partner)
    until = query.until or view.at + timedelta(seconds=1)
    return _compared(view.connection, partner.id, query.since or until - MONTH, until)


def _compared(connection: Connection, partner_id: str, since: datetime, until: datetime) -> Compared:
    rows = _between(connection, partner_id, since, until)
    receipts = {row.message_id for row in rows if _receipt_of(connection, row.message_id)}
    return compared(rows, receipts, partner=partner_id)


def _seen(connection: Connection, partner: Partner) -> SeenLog:
    """The largest tree of the partner's log that is kept here: of an earlier comparison, or as its witness."""
    before = largest_seen(connection, partner.id)
    found = [SeenLog(before.tree_size, before.root, before.note or "")] if before is not None else []
    keys = {key.public for version in partner.versions for key in version.descriptor.of_use("log")}
    found += [
        SeenLog(each.tree_size, each.root, each.note or "")
        for each in watched(connection)
        if each.root is not None and parse_vkey(each.vkey).public_key in keys
    ]
    return max(found, key=lambda each: each.size, default=SeenLog())


def _witness_keys(connection: Connection, work: Work) -> dict[bytes, str]:
    """Who witnesses with which key: this administration, and every partner as its descriptors say."""
    me = own(work.folder, work.stores, connection).descriptor
    known = {key.public: me.id for key in me.of_use("witness")}
    for partner in known_partners(connection).values():
        for version in partner.versions:
            known |= {key.public: partner.id for key in version.descriptor.of_use("witness")}
    return known


def _report(command: ReconcileLogs, found: Compared, seq: int, work: Work) -> StoredReconciliation:
    lines = [[line.message, line.finding.value, line.own_at, line.their_at] for line in found.lines]
    return StoredReconciliation(
        seq=seq,
        partner_id=found.partner,
        since=to_text(command.since),
        until=to_text(command.until),
        log=found.log.state.value,
        tree_size=found.log.size,
        root=found.log.root,
        note=found.log.note,
        witnesses=canonical(list(found.log.witnesses)),
        counts=canonical(found.counts),
        lines=canonical(lines),
        at=to_text(work.at),
        by=work.actor.name,
    )


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
