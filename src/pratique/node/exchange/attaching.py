"""Files that go beside a message: found among what the node keeps, decided on as fields are, sealed under own keys.

Nothing but evidence, and what an officer kept for sharing, can be attached. Each file has the category that the officer
gives it, and counts as about persons until somebody says that it shows none.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from pratique.node.errors import refuse
from pratique.node.folder import NodeFolder
from pratique.node.instants import to_text
from pratique.node.runs.incoming import sent_name
from pratique.node.storage import attachments as stored
from pratique.node.storage.attachments import OUT, WAITING, SharedFile, StoredAttachment
from pratique.node.storage.store import Connection
from pratique.partners.agreements import Field
from pratique.partners.exchange.attachments import KEY_BYTES, sealed_chunks
from pratique.partners.exchange.inner import AttachmentRef, Inner
from pratique.vocabulary.data_categories import CATEGORY_CODES, data_category
from pratique.vocabulary.errors import Category

MOST: Final = 20
LARGEST: Final = 256 * 1024 * 1024
LARGEST_OF_MESSAGE: Final = 512 * 1024 * 1024
LARGEST_AWAITED: Final = 2 * 1024 * 1024 * 1024  # of one partner, announced and not here yet
READ: Final = 1 << 20
PLAIN_TYPE: Final = "application/octet-stream"
_DIGEST: Final = re.compile("[0-9a-f]{64}")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+\-]{1,80}")


@dataclass(frozen=True, slots=True)
class Attaching:
    """A file to go beside a message, by the SHA-256 (hex) that the node keeps it under."""

    sha256: str
    category: str = "document"
    personal: bool = True


@dataclass(frozen=True, slots=True)
class Beside:
    """A file that was found. ``field`` is what the gate looks at: its number as name, its category."""

    field: Field
    file: SharedFile

    @property
    def number(self) -> int:
        """Its place among the files of the message, from 1."""
        return int(self.field.name.rpartition("-")[2])


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file that may go, with the key that it travels under and what the signed terms say of it."""

    beside: Beside
    ref: AttachmentRef
    key: bytes = field(repr=False)


def found_beside(connection: Connection, asked: Sequence[Attaching], *, passes_on: Sequence[str]) -> tuple[Beside, ...]:
    """The files asked for. ``passes_on`` are the received messages whose caveats bind the share.

    Raises ``NOT_FOUND`` for what is not kept here, ``REJECTED`` for too many, too large, twice the same or of no known
    category, ``CONFLICT`` for a file that came from a partner, where the message that it came with is not among those.
    """
    if len(asked) > MOST or len({each.sha256 for each in asked}) < len(asked):
        raise refuse("attach.too_many", most=MOST)
    found = tuple(_found(connection, each, number, passes_on) for number, each in enumerate(asked, 1))
    whole = sum(each.file.byte_count for each in found)
    if whole > LARGEST_OF_MESSAGE:
        raise refuse("attach.too_large", size=whole, most=LARGEST_OF_MESSAGE)
    return found


def sealed_beside(found: Iterable[Beside], folder: NodeFolder) -> tuple[SealedFile, ...]:
    """Each file with a fresh key, read once. Raises ``BROKEN`` where a file is no longer what was kept."""
    return tuple(_sealed(each, folder) for each in found)


def rows_of(sealed: Iterable[SealedFile], inner: Inner, *, at: datetime) -> list[StoredAttachment]:
    """What is kept of the files that go beside the message of those terms."""
    return [
        StoredAttachment(
            message_id=inner.id,
            direction=OUT,
            number=number,
            partner_id=inner.recipient,
            name=each.ref.name,
            media_type=each.ref.media_type,
            byte_count=each.ref.size,
            sha256=each.ref.sha256.hex(),
            sealed_sha256=each.ref.sealed_sha256.hex(),
            category=each.ref.category,
            personal=int(each.ref.personal),
            state=WAITING,
            chunks=0,
            path=each.beside.file.path,
            key=each.key,
            attempts=0,
            next_at=to_text(at),
        )
        for number, each in enumerate(sealed, 1)
    ]


def wire_name(name: str) -> str:
    """The name of a file as it goes into terms, or is shown from them: one line, no path, nothing that turns it."""
    return _CONTROL.sub(" ", sent_name(name)).strip() or "file"


def media_type_of(name: str) -> str:
    """What the ending of the name says; it is a hint for people, nothing is opened by it."""
    told = mimetypes.guess_type(name)[0] or PLAIN_TYPE
    return told if _TYPE.fullmatch(told) else PLAIN_TYPE


def read_in_pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a mebibyte at a time."""
    with path.open("rb") as source:
        while piece := source.read(READ):
            yield piece


def _found(connection: Connection, asked: Attaching, number: int, passes_on: Sequence[str]) -> Beside:
    if asked.category not in CATEGORY_CODES:
        raise refuse("attach.no_category", category=asked.category[:40], known=", ".join(CATEGORY_CODES))
    sha256 = asked.sha256.strip().lower()
    file = stored.file_to_attach(connection, sha256) if _DIGEST.fullmatch(sha256) else None
    if file is None:
        raise refuse("attach.not_kept", Category.NOT_FOUND, sha256=asked.sha256[:64])
    if not 0 < file.byte_count <= LARGEST:
        raise refuse("attach.too_large", size=file.byte_count, most=LARGEST)
    came_with = stored.came_attached(connection, file.sha256)
    if (came_with and not came_with & set(passes_on)) or (file.foreign and not passes_on):
        raise refuse("attach.of_partner", Category.CONFLICT, sha256=file.sha256[:12])
    personal = asked.personal or data_category(asked.category).personal
    return Beside(Field(f"attachment-{number}", asked.category, personal), file)


def _sealed(beside: Beside, folder: NodeFolder) -> SealedFile:
    key, path, file = secrets.token_bytes(KEY_BYTES), folder.path(beside.file.path), beside.file
    plain, hidden = hashlib.sha256(), hashlib.sha256()

    def read() -> Iterator[bytes]:
        for piece in read_in_pieces(path):
            plain.update(piece)
            yield piece

    if path.is_file() and path.stat().st_size == file.byte_count:
        for chunk in sealed_chunks(read(), key=key):
            hidden.update(chunk)
    if plain.hexdigest() != file.sha256:
        raise refuse("attach.changed", Category.BROKEN, sha256=file.sha256[:12])
    ref = AttachmentRef(
        name=wire_name(file.name),
        media_type=file.media_type if _TYPE.fullmatch(file.media_type) else PLAIN_TYPE,
        size=file.byte_count,
        sha256=plain.digest(),
        sealed_sha256=hidden.digest(),
        category=beside.field.category,
        personal=beside.field.personal,
    )
    return SealedFile(beside, ref, key)
