"""Attachments: files beside the message, sealed in chunks under a key that travels inside the envelope.

Each chunk of 64 KiB is AES-256-GCM with its number and whether it is the last in the nonce (the STREAM construction of
Hoang, Reyhanitabar, Rogaway and Vizár, 2015), so that none can be dropped, repeated, reordered or cut off. A key is
used for one file only. Decrypted chunks come out as they are verified; the whole counts once the last one came.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pratique.partners.exchange.errors import refuse

CHUNK: Final = 64 * 1024
TAG: Final = 16
KEY_BYTES: Final = 32
MOST_CHUNKS: Final = 2**20  # 64 GiB
PIECE: Final = 16  # chunks that travel at a time: as much as the largest envelope
LARGEST_PIECE: Final = PIECE * (CHUNK + TAG)
LARGEST: Final = MOST_CHUNKS * CHUNK
_DOMAIN: Final = b"pratique/attachment/1"


def sealed_chunks(plain: Iterable[bytes], *, key: bytes) -> Iterator[bytes]:
    """The sealed chunks of a file given in pieces of any length. ``key`` is fresh: 32 bytes, for this file alone.

    Raises ``exchange.oversized`` above 64 GiB.
    """
    cipher = AESGCM(key)
    for number, (chunk, last) in enumerate(_marked(_cut(plain, CHUNK))):
        yield cipher.encrypt(_nonce(number, last), chunk, _DOMAIN)


def opened_chunks(sealed: Iterable[bytes], *, key: bytes, sha256: bytes) -> Iterator[bytes]:
    """The plain chunks, each verified; act on them only once the iterator has ended without a fault.

    Raises ``exchange.attachment_broken`` for a chunk that is changed, missing or out of order, and where the whole is
    not the file with that hash.
    """
    cipher, whole = AESGCM(key), hashlib.sha256()
    for number, (chunk, last) in enumerate(_marked(_cut(sealed, CHUNK + TAG))):
        try:
            plain = cipher.decrypt(_nonce(number, last), chunk, _DOMAIN)
        except (InvalidTag, ValueError):
            raise refuse("exchange.attachment_broken", chunk=number + 1) from None
        whole.update(plain)
        if last and whole.digest() != sha256:
            raise refuse("exchange.attachment_broken", chunk=number + 1)
        yield plain


def sealed_piece(plain: bytes, *, key: bytes, first: int, of: int) -> bytes:
    """Some whole chunks, sealed as :func:`sealed_chunks` does: from the chunk of that number, of so many in all."""
    cipher = AESGCM(key)
    parts = (plain[start : start + CHUNK] for start in range(0, max(len(plain), 1), CHUNK))
    sealed = (cipher.encrypt(_nonce(at, at == of - 1), part, _DOMAIN) for at, part in enumerate(parts, first))
    return b"".join(sealed)


def opened_piece(sealed: bytes, *, key: bytes, first: int, of: int) -> bytes:
    """The plain bytes of some whole chunks, each verified at its number; the whole is compared once it is there.

    Raises ``exchange.attachment_broken`` for a chunk that is none of these, and where there are more than the rest.
    """
    cipher, size = AESGCM(key), CHUNK + TAG
    plain = bytearray()
    for at, start in enumerate(range(0, len(sealed), size), first):
        try:
            if at >= of:
                raise ValueError(at)
            plain += cipher.decrypt(_nonce(at, at == of - 1), sealed[start : start + size], _DOMAIN)
        except (InvalidTag, ValueError):
            raise refuse("exchange.attachment_broken", chunk=at + 1) from None
    return bytes(plain)


def chunk_count(size: int) -> int:
    """How many chunks a file of that size travels in; an empty one in one."""
    return max(1, -(-size // CHUNK))


def sealed_size(size: int) -> int:
    """The bytes that a file of that size takes sealed."""
    return size + chunk_count(size) * TAG


def _nonce(number: int, last: bool) -> bytes:
    if number >= MOST_CHUNKS:
        raise refuse("exchange.oversized", what="attachment", size=number * CHUNK, most=LARGEST)
    return bytes(7) + number.to_bytes(4, "big") + bytes([last])


def _cut(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in pieces of that size; an empty file is one empty piece."""
    rest = bytearray()
    for piece in pieces:
        rest += piece
        while len(rest) > size:
            yield bytes(rest[:size])
            del rest[:size]
    yield bytes(rest)


def _marked(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each chunk with whether it is the last."""
    before: bytes | None = None
    for chunk in chunks:
        if before is not None:
            yield before, False
        before = chunk
    if before is not None:
        yield before, True
