"""Heads of requests, bounded: the parser takes headers of any length, as slowly as they come; a connection may not."""

from __future__ import annotations

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from pratique.server.headers import HEADERS

LARGEST_BYTES: Final = 512 * 1024  # more than one read from the line, so that no body is counted
SLOWEST_SECONDS: Final = 20.0


class BoundedHeads(HttpToolsProtocol):
    """Closes a connection whose next request has too large a head, or none in time."""

    _came = 0
    _late: asyncio.TimerHandle | None = None  # there is one while a head is awaited

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The first request is awaited."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is waited for any more."""
        self._have_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Counts what comes until the head is whole."""
        if self._late is not None:
            self._came += len(data)
            if self._came > LARGEST_BYTES:
                self.send_400_response("The headers are too large.")
                return
        super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """What cannot be understood is told so with the headers of every other answer."""
        told = {**HEADERS, "Cache-Control": "no-store", "Content-Type": "text/plain; charset=utf-8"}
        told |= {"Content-Length": str(len(msg)), "Connection": "close"}
        lines = ["HTTP/1.1 400 Bad Request", *(f"{name}: {value}" for name, value in told.items()), "", msg]
        self.transport.write("\r\n".join(lines).encode("ascii"))
        self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins on a connection that had one before."""
        super().on_message_begin()
        if self._late is None:
            self._await_head()

    def on_headers_complete(self) -> None:
        """The head is whole; what follows is bounded by :mod:`pratique.server.limits`."""
        self._have_head()
        super().on_headers_complete()

    def _await_head(self) -> None:
        self._came = 0
        self._late = self.loop.call_later(SLOWEST_SECONDS, self.transport.close)

    def _have_head(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
