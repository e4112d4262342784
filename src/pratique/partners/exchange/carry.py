"""Carry by hand: envelopes, receipts and what else nodes say to each other, as one file for a partner without a line.

A text file of JSON lines: the first says whose it is, the last is the sender's signature over the number of lines and
the hash of all before it. What is inside is sealed and signed as on the line, so the file adds no trust and needs none;
its own signature says that nothing was taken out. Taking it in twice changes nothing: each envelope answers with the
receipt it had. Attachments stand behind their envelopes, sealed, in pieces (:class:`Piece`) of at most a mebibyte.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field

from pratique.partners.exchange import header, jws, strict_json
from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.keys import verifying_key
from pratique.partners.exchange.partner import Partner
from pratique.partners.exchange.wire import (
    Hash,
    Moment,
    Number,
    PartnerId,
    Wire,
    b64,
    from_b64,
    moment_text,
    record,
)
from pratique.vocabulary.errors import Category, PratiqueError

KIND: Final = "pratique-bundle"
SUFFIX: Final = ".pratique-bundle"
LARGEST: Final = 64 * 1024 * 1024
MOST_ITEMS: Final = 10_000
LONGEST_LINE: Final = header.LARGEST * 4 // 3 + 256
LARGEST_SIGNATURE: Final = 4096

ItemKind = Literal[
    "envelope", "receipt", "error", "descriptor", "revocation", "pairing", "checkpoint", "proof", "attachment"
]
KINDS: Final[tuple[ItemKind, ...]] = (
    "revocation", "descriptor", "pairing", "receipt", "error", "checkpoint", "proof", "envelope", "attachment",
)  # fmt: skip
"""What a bundle may hold, in the order in which it is taken in: what makes keys invalid comes first."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a bundle, as exact bytes."""

    kind: ItemKind
    data: bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of an attachment: of which message, by the hash of its sealed bytes (hex), behind so many chunks."""

    message: str
    sealed_sha256: str
    after: int
    data: bytes

    def item(self) -> Item:
        """A line of text with the first three, then the bytes."""
        return Item("attachment", f"{self.message} {self.sealed_sha256} {self.after}\n".encode() + self.data)


_MESSAGE: Final = re.compile("[0-9a-f-]{36}")
_SEALED: Final = re.compile("[0-9a-f]{64}")
_AFTER: Final = re.compile("[0-9]{1,7}")


def piece_of(data: bytes) -> Piece | None:
    """The piece that an item of kind ``attachment`` holds; nothing where it is none."""
    head, _, sealed = data.partition(b"\n")
    said = head[:200].decode("ascii", "replace").split(" ")
    return piece_named(said[0], said[1], said[2], sealed) if len(said) == 3 else None


def piece_named(message: str, sealed_sha256: str, after: str, data: bytes) -> Piece | None:
    """The piece of those three texts; nothing where one of them is malformed."""
    forms = ((_MESSAGE, message), (_SEALED, sealed_sha256), (_AFTER, after))
    if not all(form.fullmatch(text) for form, text in forms):
        return None
    return Piece(message, sealed_sha256, int(after), data)


class Opening(Wire):
    """The first line."""

    bundle: Literal["pratique"]
    v: Literal[1]
    sender: PartnerId
    recipient: PartnerId
    made: Moment


class Line(Wire):
    """A line between."""

    kind: ItemKind
    data: Annotated[str, Field(max_length=LONGEST_LINE)]


class Closing(Wire):
    """What the last line signs: how many lines stand before it, and the SHA-256 of all their bytes."""

    v: Literal[1]
    sender: PartnerId
    recipient: PartnerId
    lines: Annotated[Number, Field(ge=1, le=MOST_ITEMS + 1)]
    sha256: Hash


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle in which nothing is missing, its items in the order in which they are taken in."""

    sender: str
    recipient: str
    made: datetime
    items: tuple[Item, ...]
    digest: bytes


def write_bundle(
    items: Iterable[Item], *, sender: str, recipient: str, made: datetime, signer: jws.Signer
) -> bytes:  # what a bundle says of itself
    """The file. Raises ``exchange.bundle`` for more than 10,000 items or 64 MiB: make two."""
    opening = {"bundle": "pratique", "v": 1, "sender": sender, "recipient": recipient, "made": moment_text(made)}
    lines = [strict_json.write(opening)]
    lines += [strict_json.write({"kind": item.kind, "data": b64(item.data)}) for item in items]
    body = b"".join(line + b"\n" for line in lines)
    if len(lines) > MOST_ITEMS + 1 or len(body) > LARGEST - LARGEST_SIGNATURE:
        raise refuse("exchange.bundle", line=0, fault=f"more than {MOST_ITEMS} items or {LARGEST} bytes")
    closing = Closing(v=1, sender=sender, recipient=recipient, lines=len(lines), sha256=hashlib.sha256(body).digest())
    return body + jws.signed(strict_json.write(closing.dump()), kind=KIND, signer=signer) + b"\n"


def read_bundle(data: bytes, partners: Mapping[str, Partner], *, own_id: str, now: datetime) -> Bundle:
    """What was carried here, whole and signed by a partner for this node.

    Raises ``exchange.oversized``, ``exchange.bundle`` with the line, ``exchange.wrong_recipient``,
    ``exchange.sender_unknown``, the faults of keys and ``exchange.signature_broken``.
    """
    if len(data) > LARGEST:
        raise refuse("exchange.oversized", what="bundle", size=len(data), most=LARGEST)
    lines = data.split(b"\n")
    if len(lines) < 3 or lines[-1] != b"" or len(lines) > MOST_ITEMS + 3:
        raise refuse("exchange.bundle", line=len(lines), fault="it is not whole")
    opening = record(Opening, _read(lines[0], 1), code="exchange.bundle_line", what="1")
    if opening.recipient != own_id:
        raise refuse("exchange.wrong_recipient", Category.DENIED, recipient=opening.recipient)
    closing = _closing(lines[-2], partners.get(opening.sender), opening, now)
    body = data[: len(data) - len(lines[-2]) - 1]
    if closing.lines != len(lines) - 2 or closing.sha256 != hashlib.sha256(body).digest():
        raise refuse("exchange.bundle", line=len(lines) - 1, fault="its signature is over other lines")
    items = [_item(line, number) for number, line in enumerate(lines[1:-2], 2)]
    items.sort(key=lambda item: KINDS.index(item.kind))
    return Bundle(opening.sender, own_id, opening.made, tuple(items), hashlib.sha256(data).digest())


def _closing(token: bytes, partner: Partner | None, opening: Opening, now: datetime) -> Closing:
    if partner is None:
        raise refuse("exchange.sender_unknown", Category.DENIED, sender=opening.sender)
    apart = jws.taken_apart(token, kind=KIND)
    payload = apart.verify(verifying_key(partner.any_signing_key(apart.key_id, at=now).public))
    said = strict_json.read(payload, what="bundle", at_most=LARGEST_SIGNATURE)
    closing = record(Closing, said, code="exchange.bundle_line", what="signature")
    if (closing.sender, closing.recipient) != (opening.sender, opening.recipient):
        raise refuse("exchange.bundle", line=1, fault="it is signed as another's")
    return closing


def _item(line: bytes, number: int) -> Item:
    found = record(Line, _read(line, number), code="exchange.bundle_line", what=str(number))
    try:
        return Item(found.kind, from_b64(found.data))
    except ValueError:
        raise refuse("exchange.bundle", line=number, fault="not base64 for addresses") from None


def _read(line: bytes, number: int) -> strict_json.JsonObject:
    try:
        return strict_json.read(line, what="line", at_most=LONGEST_LINE)
    except PratiqueError as fault:
        raise refuse("exchange.bundle", line=number, fault=fault.code) from fault
