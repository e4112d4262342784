"""Taking in an envelope inside a command's transaction: opened, put in its place, acted on once, and receipted.

Whatever fails is named, kept by its code and hash, and answered with a signed error; nothing of it is believed. The
same bytes again get the same receipt again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from pratique.node.acts import Leaf, Work
from pratique.node.canonical import canonical
from pratique.node.exchange.alarms import Offered, note_not_taken
from pratique.node.exchange.arriving import announced, require_bearable
from pratique.node.exchange.held import last_day, openings_bytes, terms_text
from pratique.node.exchange.own import Own
from pratique.node.exchange.sending import RECEIVED, logged_record
from pratique.node.exchange.told import took_notice
from pratique.node.instants import to_text
from pratique.node.ledger.leaves import fresh_salt
from pratique.node.storage import exchange_streams as streams
from pratique.node.storage import inbox
from pratique.node.storage.attachments import add_attachments
from pratique.node.storage.exchange_streams import IN, OWN, StoredOpening, StoredStream
from pratique.node.storage.inbox import StoredIn
from pratique.node.storage.store import Connection
from pratique.partners.exchange.envelope import Opened, Sealed, open_envelope, read_header
from pratique.partners.exchange.errors import is_alarm
from pratique.partners.exchange.messages.held import Message
from pratique.partners.exchange.messages.registry import received_message
from pratique.partners.exchange.partner import Partner
from pratique.partners.exchange.receipt import Arrived, LogPromise, Receipt, SignedError, sign_error, sign_receipt
from pratique.partners.exchange.stream import Course, Incoming, Kept, Verdict, arrive, incoming
from pratique.partners.ledger.commitments import commitment, leaf_hash
from pratique.vocabulary.errors import PratiqueError

EXPIRED: Final = "exchange.expired"
PROMISED: Final = timedelta(hours=1)  # by then the leaf is in the log: it is in the store already
STOPPED: Final = "exchange.stream_stopped"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one envelope. ``answer`` is what goes back: a signed receipt, or a signed error with ``code``.

    ``course``: accepted, duplicate, expired or refused. ``expected`` is the number that is wanted instead.
    """

    course: str
    answer: bytes
    message: str | None
    sender: str | None
    code: str | None = None
    alarm: bool = False
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Receiving:
    """One command that takes envelopes in: who this node is, whom it hears, its journal entry, and by which line."""

    me: Own
    partners: Mapping[str, Partner]
    work: Work
    seq: int
    came_from: str


@dataclass(frozen=True, slots=True)
class _One:
    """One envelope of the command, by its number in it."""

    data: bytes
    number: int

    @property
    def sha256(self) -> bytes:
        """What refusals and errors name it by."""
        return hashlib.sha256(self.data).digest()


@dataclass(frozen=True, slots=True)
class _Read:
    """An envelope that was opened, whether in time, and the message in it: none where it is not what its type says."""

    opened: Opened
    in_time: bool
    message: Message | None
    faults: tuple[str, ...]


def take_in(connection: Connection, data: bytes, number: int, receiving: Receiving) -> tuple[Taken, Leaf | None]:
    """Takes one envelope in, or says why not. The leaf is there where it was accepted."""
    (taken,) = take_all_in(connection, [data], receiving, first=number)
    return taken


def take_all_in(
    connection: Connection, envelopes: Sequence[bytes], receiving: Receiving, *, first: int = 0
) -> list[tuple[Taken, Leaf | None]]:
    """Takes envelopes in, in their order, numbered from ``first``: all are opened before the first is stored, since the

    same work in a row costs less. Whether it opens depends on nothing that the others of the command change.
    """
    read = [(_One(data, number), _tried(data, receiving)) for number, data in enumerate(envelopes, first)]
    return [_taken(connection, one, found, receiving) for one, found in read]


def _tried(data: bytes, receiving: Receiving) -> _Read | PratiqueError:
    try:
        return _read(data, receiving)
    except PratiqueError as error:
        return error


def _taken(
    connection: Connection, one: _One, found: _Read | PratiqueError, receiving: Receiving
) -> tuple[Taken, Leaf | None]:
    try:
        if isinstance(found, PratiqueError):
            raise found
        opened = found.opened
        require_bearable(connection, opened)
        verdict = _place(connection, opened, receiving)
        if verdict.course is Course.DUPLICATE:
            return _again(connection, opened), None
        fault = verdict.fault(opened.header)
        if fault is not None:
            _note_stop(connection, opened, verdict, receiving)
            raise fault
        return _accepted(connection, found, verdict, receiving)
    except PratiqueError as error:
        return _refused(connection, one, error, receiving), None


def _read(data: bytes, receiving: Receiving) -> _Read:
    """What is shown with a fault, since its content is not what its type says, no program acts on."""
    opened, in_time = _opened(data, receiving)
    try:
        return _Read(opened, in_time, received_message(opened.inner.type, opened.fields), ())
    except PratiqueError as error:
        return _Read(opened, in_time, None, (error.code,))


def _opened(data: bytes, receiving: Receiving) -> tuple[Opened, bool]:
    """The envelope opened, and whether in time: one that is late must be genuine all the same, to take its place."""
    at = receiving.work.at
    try:
        return open_envelope(data, receiving.me, receiving.partners, now=at), True
    except PratiqueError as error:
        if error.code != EXPIRED:
            raise
        return open_envelope(data, receiving.me, receiving.partners, now=read_header(data).created), False


def _place(connection: Connection, opened: Opened, receiving: Receiving) -> Verdict:
    """What the envelope does to its stream."""
    header = opened.header
    same_id = inbox.in_of(connection, header.id)
    same_number = inbox.in_at(connection, header.sender, header.stream, header.sequence)
    kept = Kept(same_id.sha256 if same_id else None, same_number.sha256 if same_number else None)
    return arrive(_stream(connection, opened, receiving.me.id), header, opened.hash, kept)


def _stream(connection: Connection, opened: Opened, own_id: str) -> Incoming:
    """The stream as it stands. Where another one was stopped, only a stream that a person began here is new."""
    header = opened.header
    known = streams.stream_of(connection, header.sender, IN, header.stream)
    if known is not None:
        return Incoming(known.sequence + 1, known.head, known.stopped)
    fresh = incoming(sender=header.sender, recipient=own_id, stream=header.stream)
    others = [each for each in streams.streams(connection, header.sender) if each.direction == IN]
    if others and others[-1].stopped is not None:
        return replace(fresh, stopped=others[-1].stopped)
    return fresh


def _note_stop(connection: Connection, opened: Opened, verdict: Verdict, receiving: Receiving) -> None:
    """A stream in doubt stays stopped until a person begins another."""
    known = streams.stream_of(connection, opened.header.sender, IN, opened.header.stream)
    if known is not None and verdict.stream.stopped is not None and known.stopped is None:
        streams.put_stream(connection, replace(known, stopped=verdict.stream.stopped))


def _again(connection: Connection, opened: Opened) -> Taken:
    held = inbox.in_of(connection, opened.header.id)
    assert held is not None  # a duplicate is of something that is held
    return Taken("duplicate", held.receipt, held.id, held.partner_id)


def _accepted(connection: Connection, read: _Read, verdict: Verdict, receiving: Receiving) -> tuple[Taken, Leaf]:
    opened, in_time, at = read.opened, read.in_time, receiving.work.at
    header = opened.header
    begun = 1 + sum(each.direction == IN for each in streams.streams(connection, header.sender))
    now = StoredStream(header.sender, IN, header.stream, verdict.stream.expected - 1, verdict.stream.head, None, begun)
    streams.put_stream(connection, now)
    record, salt = logged_record(RECEIVED, Sealed(header, b"", opened.hash), at=at), fresh_salt()
    promised = leaf_hash(commitment(salt, record))
    status = "received" if in_time else "expired"
    receipt = sign_receipt(_receipt(opened, status, promised, receiving), receiving.me.signer)
    row = _row(read, status, receipt, receiving)
    inbox.add_in(connection, row)
    add_attachments(connection, announced(opened, at=at) if in_time else ())
    opening = StoredOpening(header.id, OWN, RECEIVED, header.sender, promised, salt, record, receiving.seq, to_text(at))
    streams.add_opening(connection, opening)
    if in_time and read.message is not None:
        took_notice(connection, row, read.message, seq=receiving.seq, at=at)
    course = "accepted" if in_time else "expired"
    return Taken(course, receipt, header.id, header.sender), Leaf(RECEIVED, record, salt)


def _receipt(opened: Opened, status: str, promised: bytes, receiving: Receiving) -> Receipt:
    header, at = opened.header, receiving.work.at.replace(microsecond=0)
    return Receipt(
        v=1,
        message=header.id,
        envelope=opened.hash,
        sender=header.sender,
        recipient=header.recipient,
        stream=header.stream,
        sequence=header.sequence,
        status=status,  # type: ignore[arg-type]  # checked by the record itself
        at=at,
        log=LogPromise(leaf=promised, by=at + PROMISED),
        attachments=tuple(
            Arrived(sealed_sha256=each.sealed_sha256, chunks=0, whole=False) for each in opened.inner.attachments
        ),
    )


def _row(read: _Read, status: str, receipt: bytes, receiving: Receiving) -> StoredIn:
    """The message as it is kept. One that came too late is not kept: nobody acts on it."""
    opened, kept = read.opened, status == "received"
    header, inner = opened.header, opened.inner
    retain = last_day(inner)
    return StoredIn(
        id=header.id,
        seq=receiving.seq,
        partner_id=header.sender,
        stream=header.stream,
        sequence=header.sequence,
        expires=to_text(header.expires),
        sha256=opened.hash,
        receipt=receipt,
        status=status,
        type=inner.type,
        agreement=inner.agreement.id,
        message_purpose=inner.purpose,
        thread=inner.thread or inner.id,
        answers=inner.answers,
        retention_until=retain.isoformat() if retain else None,
        terms=terms_text(inner),
        token=opened.token if kept else None,
        openings=openings_bytes(opened.openings) if kept else None,
        faults=canonical(list(read.faults)),
        received_at=to_text(receiving.work.at),
    )


def _refused(connection: Connection, one: _One, error: PratiqueError, receiving: Receiving) -> Taken:
    """Kept by code and hash; said back under this node's signature, with the number that is wanted instead."""
    message, sender = _said(one.data)
    expected = error.params.get("expected") if error.params else None
    wanted = expected if isinstance(expected, int) else None
    at = receiving.work.at
    alarm = is_alarm(error)
    note_not_taken(connection, Offered(receiving.came_from, message, one.sha256, one.number), error, at=at)
    said = SignedError(
        v=1,
        about=one.sha256,
        sender=receiving.me.id,
        code=error.code,
        at=at.replace(microsecond=0),
        expected=wanted,
    )
    answer = sign_error(said, receiving.me.signer)
    return Taken("refused", answer, message, sender, error.code, alarm, wanted)


def _said(data: bytes) -> tuple[str | None, str | None]:
    """What its header says, which proves nothing: for finding it again."""
    try:
        header = read_header(data)
    except PratiqueError:
        return None, None
    return header.id, header.sender
