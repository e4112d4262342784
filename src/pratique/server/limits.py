"""Bounds on what comes in: how large, how slow and how often. What passes them is refused before a page sees it."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SLOWEST_SECONDS: Final = 30.0  # between two pieces of a body
MOST_CLIENTS: Final = 10_000  # remembered at once


@dataclass(frozen=True, slots=True)
class Bounds:
    """``body``, ``photo`` and ``form`` in bytes: the largest message taken in, the largest form with a photo of a
    control, whose file is written to the disk as it comes (20 MiB are kept of one), and the largest of anything else.

    ``per_second`` and ``burst`` are requests of one address, the others how many one session or token may have under
    way: of all requests, of uploads, of questions that cost much, and of live pages.
    """

    body: int = 2 * 1024**3
    photo: int = 21 * 1024**2
    form: int = 4 * 1024**2
    per_second: float = 40.0
    burst: float = 400.0
    at_once: int = 16
    uploads_at_once: int = 2
    costly_at_once: int = 4
    live_at_once: int = 6
    uploads: tuple[str, ...] = (
        *("/load", "/lists", "/api/messages", "/api/assessments", "/api/lists", "/api/rates", "/api/locations"),
    )
    upload_ends: tuple[str, ...] = ("/files",)  # of the pages of one thing that files are handed in to
    photo_ends: tuple[str, ...] = ("/photo",)

    def takes_files(self, path: str) -> bool:
        """Files are handed in there."""
        return path.startswith(self.uploads) or path.endswith((*self.upload_ends, *self.photo_ends))

    def most(self, path: str) -> int:
        """The bytes that are taken there at once."""
        if path.endswith(self.photo_ends):
            return self.photo
        return self.body if self.takes_files(path) else self.form


class _TooLarge(Exception):
    """More came than is taken."""


Note = Callable[[str, Scope], Awaitable[None]]


async def nobody_notes(code: str, scope: Scope) -> None:
    """For an application without a node behind it."""


class Limits:
    """Refuses with 413 what is too large, 408 what is too slow and 429 what comes too often."""

    def __init__(
        self, app: ASGIApp, *, bounds: Bounds, clock: Callable[[], float] = time.monotonic, note: Note = nobody_notes
    ) -> None:
        self._app = app
        self._bounds = bounds
        self._note = note
        self._clock = clock
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if not self._admits(scope["client"][0] if scope.get("client") else ""):
            await self._refuse(429, "limits.too_often", scope, receive, send)
            return
        most = self._bounds.most(scope["path"])
        if _declared(scope) > most:
            await self._refuse(413, "limits.too_large", scope, receive, send)
            return
        await self._bounded(most, scope, receive, send)

    async def _bounded(self, most: int, scope: Scope, receive: Receive, send: Send) -> None:
        came, started, over = 0, False, False

        async def take() -> Message:
            nonlocal came, over
            if over:
                return await receive()
            async with asyncio.timeout(SLOWEST_SECONDS):
                message = await receive()
            came += len(message.get("body", b""))
            over = not message.get("more_body", False)
            if came > most:
                raise _TooLarge
            return message

        async def say(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, take, say)
        except (_TooLarge, TimeoutError) as fault:
            if started:
                raise
            large = isinstance(fault, _TooLarge)
            code = "limits.too_large" if large else "limits.too_slow"
            await self._refuse(413 if large else 408, code, scope, receive, send)

    async def _refuse(self, status: int, code: str, scope: Scope, receive: Receive, send: Send) -> None:
        await self._note(code, scope)
        await refuse_at_once(status, code, scope, receive, send)

    def _admits(self, client: str) -> bool:
        """A bucket per address: ``burst`` at once, ``per_second`` in the long run."""
        now = self._clock()
        left, at = self._clients.pop(client, (self._bounds.burst, now))
        left = min(self._bounds.burst, left + (now - at) * self._bounds.per_second)
        self._clients[client] = (max(left - 1.0, 0.0), now)
        if len(self._clients) > MOST_CLIENTS:
            self._clients.popitem(last=False)
        return left >= 1.0


def _declared(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() and len(length) < 19 else 0


async def refuse_at_once(status: int, code: str, scope: Scope, receive: Receive, send: Send) -> None:
    """In the form of a problem (RFC 9457), since no page has been reached."""
    from pratique.node.errors import refuse

    told = refuse(code)
    body = {
        "type": f"urn:pratique:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": told.happened,
        "code": code,
        "kept": told.kept,
        "todo": told.todo,
        "errors": [],
    }
    headers = {"Connection": "close", "Content-Type": "application/problem+json"}
    if status == 429:
        headers["Retry-After"] = "1"
    await JSONResponse(body, status, headers)(scope, receive, send)
