"""Putting a message that the gate let through into the outbox: numbered, signed, sealed, and logged as sent.

``Disclose`` and the acts built on it are the only callers (``tests/architecture`` holds that): no other code reaches
the outbox, so that nothing leaves without an article.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from pratique.node.acts import Leaf
from pratique.node.canonical import canonical
from pratique.node.exchange.own import Own
from pratique.node.instants import to_text
from pratique.node.ledger.leaves import fresh_salt
from pratique.node.storage import exchange_streams as streams
from pratique.node.storage.exchange_streams import OUT, OWN, StoredOpening, StoredStream
from pratique.node.storage.outbox import WAITING, StoredOut
from pratique.node.storage.store import Connection
from pratique.partners.exchange.envelope import Content, Sealed, SignedContent, seal_signed, sign_content
from pratique.partners.exchange.partner import Partner
from pratique.partners.exchange.stream import Outgoing, outgoing
from pratique.partners.ledger.commitments import commitment, leaf_hash

MAIN: Final = "main"
LIFETIME: Final = timedelta(days=30)
SENT: Final = "exchange.sent"
RECEIVED: Final = "exchange.received"


@dataclass(frozen=True, slots=True)
class Hands:
    """From whom to whom."""

    me: Own
    partner: Partner


@dataclass(frozen=True, slots=True)
class Logged:
    """The journal entry and the moment that an envelope is logged under."""

    seq: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PutOut:
    """An envelope as it goes to the outbox, and the leaf that says it was sent."""

    out: StoredOut
    leaf: Leaf


def put_out(
    connection: Connection, content: SignedContent, hands: Hands, logged: Logged, *, before: Sealed | None = None
) -> PutOut:
    """Seals ``content`` as the next of the stream to the partner and moves the stream on.

    ``before`` is the envelope where it was sealed already, which goes if its place is the next one indeed. The row is
    given back for the caller to store with what was disclosed. Raises what sealing raises.
    """
    sealed, leaf, opening = _sealed_and_logged(connection, content, hands, logged, before)
    streams.add_opening(connection, opening)
    return PutOut(row_of(sealed, hands.partner.id, seq=logged.seq, at=logged.at), leaf)


def current_stream(connection: Connection, partner_id: str, own_id: str) -> Outgoing:
    """The stream that the next message to the partner goes into: the one that a person began last, else ``main``."""
    last = streams.open_stream_to(connection, partner_id)
    if last is None:
        return outgoing(sender=own_id, recipient=partner_id, stream=MAIN)
    return Outgoing(last.stream, last.sequence + 1, last.head)


def seal_again(connection: Connection, before: StoredOut, content: Content, hands: Hands, logged: Logged) -> PutOut:
    """The same message in a new envelope, in the stream that is current now."""
    signed = sign_content(content, signer=hands.me.signer)
    sealed, leaf, opening = _sealed_and_logged(connection, signed, hands, logged)
    streams.replace_opening(connection, opening)
    row = row_of(sealed, hands.partner.id, seq=before.seq, at=logged.at)
    return PutOut(replace(row, created=before.created, attempts=before.attempts), leaf)


def sealed_next(content: SignedContent, stream: Outgoing, hands: Hands, *, at: datetime) -> Sealed:
    """The envelope of the content as the next one of that stream. Raises what sealing raises."""
    expires = content.inner.created.replace(microsecond=0) + LIFETIME
    place = stream.place(descriptor=hands.me.descriptor.version, expires=expires)
    return seal_signed(content, place, recipient_key=hands.partner.sealing_key(at))


def _is_next(sealed: Sealed, stream: Outgoing) -> bool:
    header = sealed.header
    return (header.stream, header.sequence, header.previous) == (stream.name, stream.next_number, stream.head)


def row_of(sealed: Sealed, partner_id: str, *, seq: int, at: datetime) -> StoredOut:
    """The envelope as the outbox keeps it."""
    header = sealed.header
    return StoredOut(
        id=header.id,
        seq=seq,
        partner_id=partner_id,
        stream=header.stream,
        sequence=header.sequence,
        created=to_text(header.created),
        expires=to_text(header.expires),
        sha256=sealed.hash,
        envelope=sealed.data,
        state=WAITING,
        attempts=0,
        next_at=to_text(at),
    )


def logged_record(kind: str, sealed: Sealed, *, at: datetime) -> bytes:
    """What each side's log commits to of an envelope: nothing of its content, enough to compare and to prove."""
    header = sealed.header
    said = {
        "v": 1,
        "kind": kind,
        "message": header.id,
        "envelope": sealed.hash.hex(),
        "sender": header.sender,
        "recipient": header.recipient,
        "stream": header.stream,
        "sequence": header.sequence,
        "at": to_text(at),
    }
    return canonical(said).encode()


def _sealed_and_logged(
    connection: Connection, content: SignedContent, hands: Hands, logged: Logged, before: Sealed | None = None
) -> tuple[Sealed, Leaf, StoredOpening]:
    """The envelope as the next of the current stream, the leaf that says it was sent, and what opens that."""
    stream = current_stream(connection, hands.partner.id, hands.me.id)
    sealed = before if before and _is_next(before, stream) else sealed_next(content, stream, hands, at=logged.at)
    after = stream.after(sealed.hash)
    streams.put_stream(connection, StoredStream(hands.partner.id, OUT, after.name, after.next_number - 1, after.head))
    record, salt = logged_record(SENT, sealed, at=logged.at), fresh_salt()
    leaf = leaf_hash(commitment(salt, record))
    identity, at = content.inner.id, to_text(logged.at)
    opening = StoredOpening(identity, OWN, SENT, hands.partner.id, leaf, salt, record, logged.seq, at)
    return sealed, Leaf(SENT, record, salt), opening
