"""Envelopes: signed, then sealed for one partner. One suite, nothing to negotiate; whatever does not hold is refused.

An envelope is the line ``PRATIQUE-ENVELOPE 1``, the length of the header (4 bytes, high first), the header, and the
sealed content: HPKE in base mode with MLKEM768-X25519, HKDF-SHA256 and AES-256-GCM, bound to the header's hash through
``info``. The content is a JSON object with the signed inner part, the openings of its fields and the keys of its
attachments, led by its length (4 bytes) and padded with zeros to one of nine sizes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite

from pratique.partners.exchange import jws, strict_json
from pratique.partners.exchange.descriptor import DescriptorKey
from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.fields import MessageField, Opening, opened
from pratique.partners.exchange.header import (
    ANY_FIRST_LINE,
    FIRST_LINE,
    LARGEST,
    LARGEST_HEADER,
    LONGEST_LIFE,
    SEALED_MORE,
    SIZES,
    SKEW,
    Header,
    info,
    size_for,
)
from pratique.partners.exchange.inner import Inner
from pratique.partners.exchange.keys import sealing_key, verifying_key
from pratique.partners.exchange.partner import Partner
from pratique.partners.exchange.signatures import payload_of
from pratique.partners.exchange.wire import b64, from_b64, record
from pratique.vocabulary.errors import Category

KIND: Final = "pratique-inner"
SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
MEDIA_TYPE: Final = "application/vnd.pratique.envelope"
ATTACHMENT_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Content:
    """What is sealed: the terms, the fields with their openings, and the key of each attachment by its plain hash."""

    inner: Inner
    openings: tuple[Opening, ...]
    attachment_keys: Mapping[bytes, bytes]


@dataclass(frozen=True, slots=True)
class SignedContent:
    """Content as it is sealed: the terms, the exact bytes of them that were signed, and what goes under the seal."""

    inner: Inner
    terms: bytes
    plain: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where an envelope stands: stream, number and predecessor, the sender's descriptor version, its last moment."""

    stream: str
    sequence: int
    previous: bytes
    descriptor: int
    expires: datetime


@dataclass(frozen=True, slots=True)
class Sealed:
    """An envelope ready to go. ``hash`` (SHA-256 of all its bytes) is what receipts and the next envelope name."""

    header: Header
    data: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """An envelope in which everything held. ``token`` is the signed inner part as it came, for passing on."""

    header: Header
    inner: Inner
    openings: tuple[Opening, ...]
    attachment_keys: Mapping[bytes, bytes]
    token: bytes
    hash: bytes

    @property
    def fields(self) -> tuple[MessageField, ...]:
        """The fields, in the order of the openings."""
        return tuple(opening.field for opening in self.openings)


class Recipient(Protocol):
    """Who opens: the own id and the private keys one may be written to with."""

    @property
    def id(self) -> str:
        """The own id."""

    def opening(self, key_id: str) -> MLKEM768X25519PrivateKey | None:
        """The private key of that id (as the own descriptor has it), or nothing."""


@dataclass(frozen=True, slots=True)
class KeysInMemory:
    """A recipient whose private keys are at hand, by the id that stands in the descriptor."""

    id: str
    keys: Mapping[str, MLKEM768X25519PrivateKey]

    def opening(self, key_id: str) -> MLKEM768X25519PrivateKey | None:
        """See :class:`Recipient`."""
        return self.keys.get(key_id)


def seal(content: Content, place: Place, *, signer: jws.Signer, recipient_key: DescriptorKey) -> Sealed:
    """The envelope of ``content`` for the holder of ``recipient_key``.

    Raises ``exchange.too_large`` for content above 1 MiB (send it as an attachment), and ``exchange.lifetime``.
    """
    return seal_signed(sign_content(content, signer=signer), place, recipient_key=recipient_key)


def sign_content(content: Content, *, signer: jws.Signer) -> SignedContent:
    """The content with its terms signed; where it will stand in a stream is not part of it."""
    terms = strict_json.write(content.inner.dump())
    said = {
        "inner": jws.signed(terms, kind=KIND, signer=signer).decode("ascii"),
        "fields": [b64(opening.data) for opening in content.openings],
        "keys": {b64(plain): b64(key) for plain, key in content.attachment_keys.items()},
    }
    return SignedContent(content.inner, terms, strict_json.write(said))


def seal_signed(content: SignedContent, place: Place, *, recipient_key: DescriptorKey) -> Sealed:
    """The envelope of signed content; raises as :func:`seal`."""
    plain = content.plain
    size = size_for(len(plain))
    if size is None:
        raise refuse("exchange.too_large", size=len(plain), most=SIZES[-1] - 4)
    header = _header(content.inner, place, recipient_key=recipient_key.id, size=size)
    _require_lifetime(header)
    clear = header.bytes()
    padded = len(plain).to_bytes(4, "big") + plain + bytes(size - 4 - len(plain))
    sealed = SUITE.encrypt(padded, sealing_key(recipient_key.public), info=info(clear))
    data = FIRST_LINE + len(clear).to_bytes(4, "big") + clear + sealed
    return Sealed(header, data, hashlib.sha256(data).digest())


def read_header(data: bytes) -> Header:
    """The header of an envelope that nobody has opened: only for finding out where it goes; it proves nothing.

    Raises ``exchange.oversized``, ``exchange.not_an_envelope``, ``exchange.version_unknown``,
    ``exchange.header_invalid`` and ``exchange.size_differs``.
    """
    return _taken_apart(data)[0]


def open_envelope(data: bytes, recipient: Recipient, partners: Mapping[str, Partner], *, now: datetime) -> Opened:
    """What is inside, once everything held: who it is for, its time, its seal, its signature, its agreement with the
    header, its fields. ``partners`` are those confirmed, by id. Each check that fails has a code of its own (see
    ``docs/exchange.md``); nothing of the content is told before the signature was checked.
    """
    header, clear, sealed = _taken_apart(data)
    partner = _addressed(header, recipient, partners)
    _require_time(header, now)
    content = _content(_unsealed(header, clear, sealed, recipient))
    token = content["inner"].encode("ascii", "replace")
    apart = jws.taken_apart(token, kind=KIND)
    for at in (header.created, now):  # a key that is over cannot be used with a moment of the past
        key = partner.signing_key(apart.key_id, version=header.descriptor, at=at)
    inner = read_inner(apart.verify(verifying_key(key.public)))
    _require_agreement(header, inner)
    openings = opened(content["fields"], inner.fields)
    keys = _attachment_keys(content["keys"], inner)
    return Opened(header, inner, openings, keys, token, hashlib.sha256(data).digest())


def read_inner(payload: bytes) -> Inner:
    """The signed terms. Raises ``exchange.inner_invalid``; whether the signature holds is asked elsewhere."""
    found = strict_json.read(payload, what="inner part", at_most=SIZES[-1])
    return record(Inner, found, code="exchange.inner_invalid", what="inner part")


def inner_hash(token: bytes) -> bytes:
    """SHA-256 of the signed bytes: what a later hand names as where it has the information from."""
    return hashlib.sha256(payload_of(token)).digest()


def _header(inner: Inner, place: Place, *, recipient_key: str, size: int) -> Header:
    return Header(
        v=1,
        id=inner.id,
        sender=inner.sender,
        recipient=inner.recipient,
        stream=place.stream,
        sequence=place.sequence,
        previous=place.previous,
        recipient_key=recipient_key,
        descriptor=place.descriptor,
        created=inner.created,
        expires=place.expires,
        size=size,
    )


def _taken_apart(data: bytes) -> tuple[Header, bytes, bytes]:
    if len(data) > LARGEST:
        raise refuse("exchange.oversized", what="envelope", size=len(data), most=LARGEST)
    if not data.startswith(FIRST_LINE):
        if data.startswith(ANY_FIRST_LINE):
            raise refuse("exchange.version_unknown", version=repr(data[len(ANY_FIRST_LINE) : len(FIRST_LINE)])[2:-1])
        raise refuse("exchange.not_an_envelope")
    start = len(FIRST_LINE) + 4
    length = int.from_bytes(data[len(FIRST_LINE) : start], "big")
    if len(data) < start or not 2 <= length <= LARGEST_HEADER or len(data) < start + length:
        raise refuse("exchange.not_an_envelope")
    clear, sealed = data[start : start + length], data[start + length :]
    found = strict_json.read(clear, what="header", at_most=LARGEST_HEADER)
    if found.get("v") != 1:
        raise refuse("exchange.version_unknown", version=str(found.get("v"))[:20])
    header = record(Header, found, code="exchange.header_invalid", what="header")
    if header.size not in SIZES or len(sealed) != header.size + SEALED_MORE:
        raise refuse("exchange.size_differs", said=header.size, found=len(sealed))
    return header, clear, sealed


def _addressed(header: Header, recipient: Recipient, partners: Mapping[str, Partner]) -> Partner:
    if header.recipient != recipient.id:
        raise refuse("exchange.wrong_recipient", Category.DENIED, recipient=header.recipient)
    partner = partners.get(header.sender)
    if partner is None:
        raise refuse("exchange.sender_unknown", Category.DENIED, sender=header.sender)
    return partner


def _require_time(header: Header, now: datetime) -> None:
    _require_lifetime(header)
    if header.created > now + SKEW:
        raise refuse("exchange.not_yet_valid", created=str(header.created))
    if header.expires <= now - SKEW:
        raise refuse("exchange.expired", expires=str(header.expires))


def _require_lifetime(header: Header) -> None:
    if not timedelta(0) < header.expires - header.created <= LONGEST_LIFE:
        raise refuse("exchange.lifetime", most=LONGEST_LIFE.days)


def _unsealed(header: Header, clear: bytes, sealed: bytes, recipient: Recipient) -> bytes:
    private = recipient.opening(header.recipient_key)
    if private is None:
        raise refuse("exchange.recipient_key_unknown", key=header.recipient_key)
    try:
        padded = SUITE.decrypt(sealed, private, info=info(clear))
    except (InvalidTag, ValueError):
        raise refuse("exchange.seal_broken", sender=header.sender) from None
    length = int.from_bytes(padded[:4], "big")
    if length > len(padded) - 4 or any(padded[4 + length :]) or size_for(length) != header.size:
        raise refuse("exchange.padding_broken", sender=header.sender)
    return padded[4 : 4 + length]


def _content(plain: bytes) -> dict[str, Any]:
    found = strict_json.read(plain, what="content", at_most=SIZES[-1])
    shape = {"inner": str, "fields": list, "keys": dict}
    if set(found) != set(shape) or not all(isinstance(found[name], kind) for name, kind in shape.items()):
        raise refuse("exchange.content_invalid", fault="inner, fields and keys, nothing else")
    texts = [*found["fields"], *found["keys"].values()]
    if not all(isinstance(text, str) for text in texts):
        raise refuse("exchange.content_invalid", fault="fields and keys hold texts")
    return found


def _require_agreement(header: Header, inner: Inner) -> None:
    """What is said outside is what was signed inside: else somebody sealed a signed message again."""
    for name in ("id", "sender", "recipient", "created"):
        if getattr(header, name) != getattr(inner, name):
            raise refuse("exchange.disagrees", field=name, sender=header.sender)


def _attachment_keys(said: Mapping[str, str], inner: Inner) -> dict[bytes, bytes]:
    known = {attachment.sha256 for attachment in inner.attachments}
    keys: dict[bytes, bytes] = {}
    for plain, key in said.items():
        try:
            digest, secret = from_b64(plain), from_b64(key)
        except ValueError:
            raise refuse("exchange.content_invalid", fault="a key of an attachment") from None
        if digest not in known or len(secret) != ATTACHMENT_KEY_BYTES:
            raise refuse("exchange.content_invalid", fault="a key of an attachment")
        keys[digest] = secret
    return keys
