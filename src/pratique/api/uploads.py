"""Files that come in: streamed to disk below the node, bounded, their content type never trusted.

A body is one file as it is, or ``multipart/form-data`` with one part ``file`` for each file and, where the route takes
one, a part ``mapping`` (the mapping profile of a table, YAML). Nothing is held in memory but a piece at a time.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, Final, Protocol
from urllib.parse import unquote

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from python_multipart.multipart import parse_options_header

from pratique.api.bodies import bounded
from pratique.api.problems import Refused
from pratique.node.runs.incoming import sent_name

Place = Callable[[str], Path]

FILE_NAME: Final = "File-Name"
MULTIPART: Final = b"multipart/form-data"
PIECE: Final = 1024 * 1024


@dataclass(slots=True)
class Upload:
    """The files that came in, where they lie, and the fields beside them.

    ``digest`` is over every name and content, so that the same upload has the same digest. Whoever hands the files on
    says ``taken``; what nobody took is removed when the request ends.
    """

    files: list[Path] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    digests: list[str] = field(default_factory=list)
    taken: bool = False

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over what came in."""
        parts = [*(path.name for path in self.files), *self.digests, *(f"{k}={v}" for k, v in self.fields.items())]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

    def discard(self) -> None:
        """Removes what was not handed on."""
        for path in () if self.taken else self.files:
            shutil.rmtree(path.parent, ignore_errors=True)


class Sink(Protocol):
    """What takes the pieces of a body."""

    def feed(self, piece: bytes) -> None:
        """The next piece."""

    def finish(self) -> None:
        """The body has ended. Raises ``Refused`` where it ended too early."""

    def abandon(self) -> None:
        """Gives back what is open; what was written is the upload's to discard."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one upload may hold: bytes in all, files, seconds until it is complete, and the fields beside the files."""

    most_bytes: int
    most_files: int
    seconds: float
    fields: tuple[str, ...] = ()


async def receive(request: Request, *, place: Place, bounds: Bounds) -> Upload:
    """The upload, complete on disk. Raises ``Refused`` (400, 408, 413, 415, 422), and then leaves nothing."""
    upload = Upload()
    sink = _sink(request, upload, place, bounds)
    try:
        pieces = bounded(request, most_bytes=bounds.most_bytes, seconds=bounds.seconds)
        async for piece in _gathered(pieces):
            await run_in_threadpool(sink.feed, piece)
        await run_in_threadpool(sink.finish)
    except BaseException:
        sink.abandon()
        upload.discard()
        raise
    return upload


async def _gathered(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Pieces of about a mebibyte, so that writing them is worth a turn of its own."""
    held, size = [], 0
    async for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield b"".join(held)
            held, size = [], 0
    if size:
        yield b"".join(held)


def _sink(request: Request, upload: Upload, place: Place, bounds: Bounds) -> Sink:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != MULTIPART:
        if kind.startswith((b"multipart/", b"application/x-www-form-urlencoded")):
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "api.not_a_file")
        return RawSink(upload, place, unquote(request.headers.get(FILE_NAME, "")))
    from pratique.api.multipart import MultipartSink

    return MultipartSink(options.get(b"boundary", b""), upload, place, bounds)


class Incoming:
    """One file on its way to disk, digested while it is written."""

    def __init__(self, upload: Upload, place: Place, name: str) -> None:
        self._upload = upload
        path = place(sent_name(name))
        upload.files.append(path)
        self._stream: BinaryIO = path.open("xb")
        self._running = hashlib.sha256()

    def write(self, piece: bytes) -> None:
        """The next piece of the file."""
        self._running.update(piece)
        self._stream.write(piece)

    def close(self) -> None:
        """The file is complete."""
        self._stream.close()
        self._upload.digests.append(self._running.hexdigest())


class RawSink:
    """The body is the file."""

    def __init__(self, upload: Upload, place: Place, name: str) -> None:
        self._open: Callable[[], Incoming] = lambda: Incoming(upload, place, name)
        self._file: Incoming | None = None

    def feed(self, piece: bytes) -> None:
        """See :class:`Sink`."""
        self._file = self._file or self._open()
        self._file.write(piece)

    def finish(self) -> None:
        """See :class:`Sink`."""
        if self._file is None:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "api.no_file")
        self._file.close()

    def abandon(self) -> None:
        """See :class:`Sink`."""
        if self._file is not None:
            self._file.close()
