"""The outer header: what the network sees. Nothing about the case, no name but the two administrations."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from pratique.partners.exchange import strict_json
from pratique.partners.exchange.wire import Code, Hash, MessageId, Moment, Number, PartnerId, Wire

FIRST_LINE: Final = b"PRATIQUE-ENVELOPE 1\n"
ANY_FIRST_LINE: Final = b"PRATIQUE-ENVELOPE "
LARGEST_HEADER: Final = 4 * 1024
SIZES: Final = tuple(4096 << step for step in range(9))
"""Padded sizes in bytes, 4 KiB to 1 MiB, each twice the one before: all that the network learns of a length."""
SEALED_MORE: Final = 1136
"""Bytes that sealing adds: the encapsulated key (1120) and the tag (16)."""
LARGEST: Final = len(FIRST_LINE) + 4 + LARGEST_HEADER + SIZES[-1] + SEALED_MORE
SKEW: Final = timedelta(seconds=300)
LONGEST_LIFE: Final = timedelta(days=90)
STREAM: Final = r"^[a-z0-9][a-z0-9\-]{0,39}$"


class Header(Wire):
    """The clear part: ``descriptor`` is the version of the sender's descriptor, ``previous`` the hash of the envelope
    before in the same stream, ``size`` the padded size in bytes."""

    v: Literal[1]
    id: MessageId
    sender: PartnerId
    recipient: PartnerId
    stream: Annotated[str, StringConstraints(pattern=STREAM)]
    sequence: Annotated[Number, Field(ge=1)]
    previous: Hash
    recipient_key: Code
    descriptor: Annotated[Number, Field(ge=1)]
    created: Moment
    expires: Moment
    size: Number

    def bytes(self) -> bytes:
        """The exact bytes that go before the sealed part and are bound into it."""
        return strict_json.write(self.dump())


def info(header: bytes) -> bytes:
    """What the seal is bound to: the domain and the hash of the header's exact bytes (HPKE ``info``, RFC 9180, 5)."""
    return b"pratique/envelope/1 " + hashlib.sha256(header).digest()


def stream_start(*, sender: str, recipient: str, stream: str) -> bytes:
    """What the first envelope of a stream names as the one before it."""
    return hashlib.sha256("\n".join(("pratique-stream/1", sender, recipient, stream)).encode()).digest()


def size_for(length: int) -> int | None:
    """The padded size for so many bytes of content and the four that give their length; nothing above the largest."""
    return next((size for size in SIZES if length + 4 <= size), None)
