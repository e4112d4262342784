"""The desk, the API and the bounds around them, as one application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from pratique.api import build_api
from pratique.desk import build_desk
from pratique.door.app import PREFIX, build_door
from pratique.node import Node
from pratique.node.jobs import JobBoard
from pratique.server.diary import Diary
from pratique.server.headers import HEADERS, Headers
from pratique.server.limits import Bounds, Limits
from pratique.server.noted import Noted
from pratique.server.shares import Shares
from pratique.server.under import Under

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Serving:
    """How a node is served: the hosts it answers to, the office's time zone and language, and its bounds."""

    hosts: Sequence[str] = LOOPBACK
    zone: str = "UTC"
    language: str = "en"
    demonstration: bool = False
    bounds: Bounds = field(default_factory=Bounds)


def build_server(node: Node, *, board: JobBoard, serving: Serving) -> Starlette:
    """The application. Its start takes up jobs that an earlier server left; its end leaves them for the next."""

    noted = Noted(node)
    api = build_api(node, jobs=board)
    desk = build_desk(
        node, jobs=board, zone=serving.zone, language=serving.language, demonstration=serving.demonstration
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        board.open()
        try:
            yield
        finally:
            board.close()
            api.state.serving.close()

    server = Starlette(
        lifespan=lifespan,
        exception_handlers={Exception: _told_nothing},
        middleware=[
            Middleware(Diary, known=frozenset({"", "api", "partner", *_first_parts(desk)})),
            Middleware(Headers),
            Middleware(TrustedHostMiddleware, allowed_hosts=[*serving.hosts], www_redirect=False),
            Middleware(Limits, bounds=serving.bounds, note=noted),
            Middleware(Shares, bounds=serving.bounds, note=noted),
            Middleware(GZipMiddleware, minimum_size=1024, compresslevel=4),
        ],
    )
    officers = Under("/api", inside=api, outside=desk)
    server.router.default = Under(PREFIX, inside=build_door(node), outside=officers)
    return server


def _first_parts(app: Starlette) -> Iterator[str]:
    """How the paths of the pages begin."""
    for route in app.routes:
        if isinstance(route, (Route, Mount)):
            yield route.path.split("/")[1]


async def _told_nothing(request: Request, fault: Exception) -> PlainTextResponse:
    """The last answer, where not even the page for a fault could be made; the diary has its kind and place."""
    return PlainTextResponse("A fault of the program.", 500, {**HEADERS, "Cache-Control": "no-store"})
