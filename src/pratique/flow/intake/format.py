"""The door for message formats: what a format is given and what it gives back.

A format is found through the entry-point group ``pratique.formats``; the built-in ones come through the same door.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.findings import Finding
from pratique.vocabulary.frames import Manifest

HEAD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What is known of a file before it is read.

    ``mapping`` is the column mapping of a table, as data; ``format_name`` is the format, where somebody knows it.
    """

    file_name: str
    raw_sha256: str
    mapping: Mapping[str, object] | None = None
    format_name: str | None = None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A part that could not be read while the rest could: why, and where in the file (bytes) where that is known."""

    reason: Finding
    offset: int | None
    length: int | None
    excerpt: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What came out of one file."""

    manifest: Manifest
    quarantined: tuple[Quarantined, ...] = ()


class Unreadable(PratiqueError):
    """Nothing in the file could be read."""

    def __init__(self, code: str, happened: str, *, place: str | None = None, todo: str = "") -> None:
        super().__init__(code, happened, category=Category.REJECTED, kept="The file is kept as received.", todo=todo)
        self.place = place


class MessageFormat(Protocol):
    """One kind of message that can be read."""

    name: str

    def detect(self, head: bytes, file_name: str) -> int:
        """How sure this format is that the file is its own, by content first: 0 (no) to 100 (certainly)."""

    def read(self, stream: BinaryIO, *, context: ReadContext) -> Reading:
        """Frames and findings of the file. Raises :class:`Unreadable` where nothing could be read."""
