"""Changes as they happen, as server-sent events: a job moved on, or somebody's command changed the node.

The events carry no content, so that each page asks for its own part with its
own rights.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from pratique.desk.door import COOKIE
from pratique.desk.visit import Desk
from pratique.node.access import VISITOR
from pratique.node.handlers.sessions import WhoseSession
from pratique.vocabulary.errors import PratiqueError

EVERY_SECONDS: Final = 1.0
ALIVE_EVERY: Final = 20  # looks between two signs of life, which also ask whether the session still stands
MOST_LOOKS: Final = 1800  # then the browser opens the stream anew


async def stream(request: Request) -> Response:
    """The stream of an officer; a visitor gets none."""
    desk: Desk = request.app.state.desk
    secret = request.cookies.get(COOKIE, "")
    if not await run_in_threadpool(_stands, desk, secret):
        return Response(status_code=204)  # tells the browser not to come back
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(request, desk, secret), media_type="text/event-stream", headers=headers)


async def _events(request: Request, desk: Desk, secret: str) -> AsyncIterator[str]:
    seen = await run_in_threadpool(_state, desk)
    yield "retry: 3000\n\n"
    for look in range(1, MOST_LOOKS):
        await asyncio.sleep(EVERY_SECONDS)
        if await request.is_disconnected():
            return
        if look % ALIVE_EVERY == 0:
            if not await run_in_threadpool(_stands, desk, secret):
                return
            yield ": alive\n\n"
        now = await run_in_threadpool(_state, desk)
        for kind, before, after in zip(("jobs", "journal"), seen, now, strict=True):
            if before != after:
                yield f"event: {kind}\ndata: {after}\n\n"
        seen = now


def _state(desk: Desk) -> tuple[int, int]:
    return desk.jobs.changes, desk.node.changes


def _stands(desk: Desk, secret: str) -> bool:
    try:
        desk.node.ask(WhoseSession(secret, by_itself=True), actor=VISITOR)
    except PratiqueError:
        return False
    return True
