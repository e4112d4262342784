"""Receipts and errors, both signed: what the recipient says of an envelope, so that neither side can deny it later.

A receipt names the envelope's hash, the moment, and what the recipient's log will hold of it. An error that is not
signed says nothing: whoever stands on the line could have made it, and the sender goes on trying.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal, TypeVar

from pydantic import Field, StringConstraints

from pratique.partners.exchange import jws, strict_json
from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.header import SKEW, STREAM, Header
from pratique.partners.exchange.keys import verifying_key
from pratique.partners.exchange.partner import Partner
from pratique.partners.exchange.wire import Hash, ListOf, MessageId, Moment, Number, PartnerId, Wire, record

RECEIPT: Final = "pratique-receipt"
ERROR: Final = "pratique-error"
LARGEST: Final = 8 * 1024


class LogPromise(Wire):
    """The entry of the recipient's log: the hash of its leaf, with its number once it has one, else the moment by
    which the log will hold it."""

    leaf: Hash
    index: Number | None = None
    by: Moment | None = None


class Arrived(Wire):
    """How much of an attachment the recipient holds: whole chunks, each verified; ``whole`` once both hashes of the
    signed terms were compared."""

    sealed_sha256: Hash
    chunks: Number
    whole: bool


class Receipt(Wire):
    """``received``: acted on, now or as soon as a person does. ``expired``: it took its place in the stream too late,
    and nobody acts on it. ``attachments`` has a line for each that the message names, in the order of its terms; a
    later receipt for the same envelope says more of them."""

    v: Literal[1]
    message: MessageId
    envelope: Hash
    sender: PartnerId
    recipient: PartnerId
    stream: Annotated[str, StringConstraints(pattern=STREAM)]
    sequence: Annotated[Number, Field(ge=1)]
    status: Literal["received", "expired"]
    at: Moment
    log: LogPromise
    attachments: Annotated[tuple[Arrived, ...], Field(max_length=50), ListOf] = ()

    @property
    def complete(self) -> bool:
        """Every attachment is there."""
        return all(each.whole for each in self.attachments)


class SignedError(Wire):
    """Why something was refused: the code, and where a number was expected, which. ``about`` is the SHA-256 of the
    refused bytes."""

    v: Literal[1]
    about: Hash
    sender: PartnerId
    code: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}\.[a-z0-9_]{1,60}$")]
    at: Moment
    expected: Number | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What the sender knows of an envelope it waits on."""

    header: Header
    hash: bytes


AnySaid = TypeVar("AnySaid", Receipt, SignedError)


def sign_receipt(receipt: Receipt, signer: jws.Signer) -> bytes:
    """The receipt as it is sent back."""
    return jws.signed(strict_json.write(receipt.dump()), kind=RECEIPT, signer=signer)


def sign_error(error: SignedError, signer: jws.Signer) -> bytes:
    """The error as it is sent back."""
    return jws.signed(strict_json.write(error.dump()), kind=ERROR, signer=signer)


def read_receipt(token: bytes, partner: Partner, sent: Sent, *, now: datetime) -> Receipt:
    """The partner's receipt for exactly that envelope.

    Raises ``exchange.signature_form``, ``exchange.signature_broken``, the faults of keys,
    ``exchange.receipt_invalid``, and ``exchange.receipt_of_other`` where it speaks of another envelope.
    """
    said = _read(token, Receipt, RECEIPT, partner, now)
    header = sent.header
    same = (
        said.message == header.id
        and said.envelope == sent.hash
        and (said.sender, said.recipient) == (header.sender, header.recipient)
        and (said.stream, said.sequence) == (header.stream, header.sequence)
        and said.recipient == partner.id
    )
    if not same:
        raise refuse("exchange.receipt_of_other", partner=partner.id, message=header.id)
    return said


def read_error(token: bytes, partner: Partner, refused: bytes, *, now: datetime) -> SignedError:
    """The partner's error about exactly those bytes; raises like :func:`read_receipt`."""
    said = _read(token, SignedError, ERROR, partner, now)
    if said.about != hashlib.sha256(refused).digest() or said.sender != partner.id:
        raise refuse("exchange.receipt_of_other", partner=partner.id, message="")
    return said


def _read(token: bytes, kind: type[AnySaid], name: str, partner: Partner, now: datetime) -> AnySaid:
    if len(token) > LARGEST:
        raise refuse("exchange.oversized", what="receipt", size=len(token), most=LARGEST)
    apart = jws.taken_apart(token, kind=name)
    payload = apart.verify(verifying_key(partner.any_signing_key(apart.key_id, at=now).public))
    found = strict_json.read(payload, what="receipt", at_most=LARGEST)
    said = record(kind, found, code="exchange.receipt_invalid", what="receipt")
    if said.at > now + SKEW:
        raise refuse("exchange.receipt_invalid", what="receipt", faults="it is of a later moment")
    return said
