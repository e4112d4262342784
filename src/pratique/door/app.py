"""The door as an application: a few paths, each of which asks first who signed the request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from pratique.door import answers, attachments
from pratique.door.callers import Callers
from pratique.node import Node
from pratique.node.access import VISITOR, partner_program
from pratique.node.errors import told
from pratique.node.group_commit import GroupCommit
from pratique.node.handlers.partner_calls import WhoCalls
from pratique.partners.exchange.attachments import LARGEST_PIECE
from pratique.partners.exchange.header import LARGEST as LARGEST_ENVELOPE
from pratique.partners.exchange.http_signature import Caller
from pratique.vocabulary.errors import Category, PratiqueError

MOST_RECEIPTS: Final = 4 * 1024 * 1024
SLOWEST_SECONDS: Final = 20.0  # for a whole body
PREFIX: Final = "/partner/v1"
NONCES: Final = "door.nonces"  # in the node's folder, and in no backup

Act = Callable[[Node, Caller, Request, bytes], Response]


def build_door(node: Node, *, callers: Callers | None = None) -> Starlette:
    """The door of a node. Paths are below ``/partner/v1`` already where it is mounted there."""
    guard = Guard(node, callers or Callers(kept=node.folder.root / NONCES))
    together = GroupCommit(node, wait=0.0)  # what comes alone waits for nobody
    return Starlette(
        routes=[
            Route("/inbox", guard.route(partial(answers.take_in, together), most=LARGEST_ENVELOPE), methods=["POST"]),
            Route("/outbox", guard.route(answers.give_out), methods=["GET"]),
            Route("/streams", guard.route(answers.name_streams), methods=["GET"]),
            Route("/receipts", guard.route(answers.take_receipts, most=MOST_RECEIPTS), methods=["POST"]),
            Route("/attachments/{sealed}", guard.route(attachments.give_piece), methods=["GET"]),
            Route("/attachments/{sealed}", guard.route(attachments.take_piece, most=LARGEST_PIECE), methods=["PUT"]),
            Route("/descriptors/known", guard.route(answers.know_version), methods=["GET"]),
            Route("/descriptors", guard.route(answers.give_versions), methods=["GET"]),
            Route("/descriptors", guard.route(answers.take_versions, most=MOST_RECEIPTS), methods=["POST"]),
            Route("/descriptor", guard.route(answers.give_descriptor), methods=["GET"]),
            Route("/checkpoint", guard.route(answers.give_checkpoint), methods=["GET"]),
            Route("/add-checkpoint", guard.route(answers.cosign, most=MOST_RECEIPTS), methods=["POST"]),
            Route("/openings", guard.route(answers.compare, most=MOST_RECEIPTS), methods=["POST"]),
        ],
        exception_handlers={404: nothing_here, 405: nothing_here, Exception: nothing_here},
    )


class Guard:
    """Asks who calls before anything else; whoever is no partner gets the empty answer, and it is noted."""

    def __init__(self, node: Node, callers: Callers) -> None:
        self._node = node
        self._callers = callers

    def route(self, act: Act, *, most: int = 0) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint of ``act``, which takes a body of at most ``most`` bytes."""

        async def endpoint(request: Request) -> Response:
            body = await _body(request, most)
            if isinstance(body, int):
                return Response(status_code=body if most else 404)
            return await run_in_threadpool(self._answered, act, request, body)

        return endpoint

    def _answered(self, act: Act, request: Request, body: bytes) -> Response:
        try:
            caller = self._node.ask(_who(request, body), actor=VISITOR)
        except PratiqueError as error:
            self._note(request, error.code, VISITOR.name)
            return _empty()
        if not self._callers.fresh(caller.nonce, until=caller.until.timestamp()):
            self._note(request, "exchange.replayed", caller.partner)
            return _empty()
        if not self._callers.admits(caller.partner):
            self._note(request, "exchange.too_often", caller.partner)
            return Response(status_code=429, headers={"Retry-After": "10"})
        try:
            return act(self._node, caller, request, body)
        except PratiqueError as error:
            return _told(error)

    def _note(self, request: Request, code: str, who: str) -> None:
        """In the log of what was refused, a few an hour for each address and kind."""
        actor = VISITOR if who == VISITOR.name else partner_program(who)
        address = request.client.host if request.client else ""
        self._node.note_bypass(code, actor=actor, request=f"door:{request.url.path[-40:]}", address=address)


def _who(request: Request, body: bytes) -> WhoCalls:
    """Fields that come twice count as none: two readers could take different ones."""
    fields: dict[str, str] = {}
    for name, value in request.headers.items():
        fields[name] = "" if name in fields else value
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    query = request.scope["query_string"].decode("ascii", "replace")
    return WhoCalls(request.method, f"{path}?{query}" if query else path, body, fields)


async def _body(request: Request, most: int) -> bytes | int:
    """The whole body; else the status that says why not: 413 for too much, 408 for too slow."""
    found = bytearray()
    try:
        async with asyncio.timeout(SLOWEST_SECONDS):
            async for piece in request.stream():
                found += piece
                if len(found) > most:
                    return 413
    except (TimeoutError, ClientDisconnect):
        return 408
    return bytes(found)


def _told(error: PratiqueError) -> Response:
    """To a partner: the code and the sentence; a fault of this node's own is told by its code alone."""
    status = error.category.http_status
    sentence = told(error.code, error.params or {}) if error.category is not Category.BROKEN else ""
    return Response(f"{error.code}\n{sentence}\n", status, media_type="text/plain")


async def nothing_here(request: Request, fault: Exception) -> Response:
    """For a path that is none, a method that is none, and a fault of the program alike."""
    return _empty()


def _empty() -> Response:
    return Response(status_code=404)
