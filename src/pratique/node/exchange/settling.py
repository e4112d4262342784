"""What a try to deliver came to: the partner's signed answer is checked, and only what it proves is believed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pratique.node.exchange.line import wait
from pratique.node.exchange.sending import RECEIVED
from pratique.node.instants import to_text
from pratique.node.storage import attachments, inbox, outbox
from pratique.node.storage import exchange_streams as streams
from pratique.node.storage.attachments import ARRIVED
from pratique.node.storage.attachments import OUT as GOING
from pratique.node.storage.attachments import WAITING as FILE_WAITING
from pratique.node.storage.exchange_streams import THEIRS, StoredOpening
from pratique.node.storage.inbox import StoredNotTaken
from pratique.node.storage.outbox import DELIVERED, EXPIRED, REFUSED, WAITING, StoredOut
from pratique.node.storage.store import Connection
from pratique.partners.exchange.envelope import read_header
from pratique.partners.exchange.errors import is_alarm
from pratique.partners.exchange.partner import Partner
from pratique.partners.exchange.receipt import Receipt, Sent, read_error, read_receipt
from pratique.vocabulary.errors import PratiqueError

NOW_AND_THEN: Final = frozenset(
    {
        "exchange.attachments_many",
        "exchange.descriptor_unknown",
        "exchange.gap",
        "exchange.not_yet_valid",
        "exchange.sender_unknown",
    }
)
"""Refusals that pass: what is missing is sent first, clocks meet, the partner confirms the new descriptor."""
UNSIGNED: Final = "line.unsigned"
MOST_TRIES: Final = 200  # then a person looks


@dataclass(frozen=True, slots=True)
class Tried:
    """A try to deliver a message: the partner's ``receipt`` or signed ``error``, or the ``fault`` of the line."""

    message: str
    receipt: bytes | None = None
    error: bytes | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What it came to: delivered, expired, refused, waiting or gone; ``expected`` is the number that comes first."""

    message: str
    state: str
    fault: str | None = None
    expected: int | None = None
    heard: bool = False  # the partner itself said so


@dataclass(frozen=True, slots=True)
class Round:
    """Whose answers these are, and when: the journal entry, the moment and the jitter of the next try."""

    partner: Partner
    seq: int
    at: datetime
    jitter: float


def settled(connection: Connection, tried: Tried, number: int, now: Round) -> Settled:
    """Notes what one try came to."""
    out = outbox.out_of(connection, tried.message)
    if out is None or out.partner_id != now.partner.id:
        return Settled(tried.message, "gone", "share.no_message")
    try:
        if tried.receipt is not None:
            return _receipted(connection, out, tried.receipt, now)
        if tried.error is not None:
            return _refused(connection, out, tried.error, now)
    except PratiqueError as error:
        _note(connection, out, error, tried, number, now)
        return _put_off(connection, out, error.code, now)
    return _put_off(connection, out, tried.fault or UNSIGNED, now)


def _receipted(connection: Connection, out: StoredOut, token: bytes, now: Round) -> Settled:
    receipt = read_receipt(token, now.partner, Sent(read_header(out.envelope), out.sha256), now=now.at)
    state = DELIVERED if receipt.status == "received" else EXPIRED
    outbox.settle(connection, out.id, state=state, at=to_text(now.at), receipt=token)
    streams.add_openings(connection, [_theirs(receipt, out, now)])
    if receipt.attachments and _files_arrived(connection, out, receipt) and out.receipt is not None:
        outbox.replace_receipt(connection, out.id, token)
    return Settled(out.id, state, heard=True)


def _files_arrived(connection: Connection, out: StoredOut, receipt: Receipt) -> bool:
    """Notes what the partner says it holds of each attachment; ``False`` where it says less than it did before."""
    told = {each.sealed_sha256.hex(): each for each in receipt.attachments}
    moved = False
    for each in attachments.attachments_of(connection, out.id, GOING):
        said = told.get(each.sealed_sha256)
        if said is None or each.state != FILE_WAITING or (said.chunks == each.chunks and not said.whole):
            continue
        moved = moved or said.whole or said.chunks > each.chunks
        state = ARRIVED if said.whole else each.state
        now = replace(each, state=state, chunks=said.chunks, attempts=0, fault=None)
        attachments.put_attachment(connection, now)
    return moved


def _refused(connection: Connection, out: StoredOut, token: bytes, now: Round) -> Settled:
    error = read_error(token, now.partner, out.envelope, now=now.at)
    if out.state != WAITING:
        return Settled(out.id, out.state, error.code, heard=True)
    if error.code in NOW_AND_THEN:
        put_off = _put_off(connection, out, error.code, now)
        return Settled(out.id, put_off.state, error.code, error.expected, heard=True)
    outbox.lay_aside(connection, out.id, state=REFUSED, fault=error.code, at=to_text(now.at))
    return Settled(out.id, REFUSED, error.code, heard=True)


def _put_off(connection: Connection, out: StoredOut, fault: str, now: Round) -> Settled:
    """Tried again later; after many tries a person decides."""
    if out.state != WAITING:
        return Settled(out.id, out.state, fault)
    if out.attempts + 1 >= MOST_TRIES:
        outbox.lay_aside(connection, out.id, state=REFUSED, fault=fault, at=to_text(now.at))
        return Settled(out.id, REFUSED, fault)
    until = to_text(now.at + wait(out.attempts + 1, now.jitter))
    outbox.put_off(connection, out.id, until=until, fault=fault)
    return Settled(out.id, WAITING, fault)


def _theirs(receipt: Receipt, out: StoredOut, now: Round) -> StoredOpening:
    """What the partner promised that its log holds: the leaf; what opens it comes when both compare their logs."""
    return StoredOpening(
        out.id, THEIRS, RECEIVED, now.partner.id, receipt.log.leaf, None, None, now.seq, to_text(receipt.at)
    )


def _note(connection: Connection, out: StoredOut, error: PratiqueError, tried: Tried, number: int, now: Round) -> None:
    """An answer that is not the partner's, or is about something else: somebody stands on the line."""
    answer = tried.receipt or tried.error or b""
    row = StoredNotTaken(
        seq=now.seq,
        number=number,
        came_from=now.partner.id,
        message_id=out.id,
        sha256=out.sha256,
        code=error.code,
        params=f'{{"answer_bytes":{len(answer)}}}',
        alarm=int(is_alarm(error)),
        at=to_text(now.at),
    )
    inbox.add_not_taken(connection, [row])
