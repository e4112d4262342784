"""Attempts to get round a bound, noted with who made them, once a minute for each kind and address."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from pratique.desk.door import COOKIE
from pratique.node import Actor, Node
from pratique.node.access import VISITOR
from pratique.node.handlers.sessions import WhoseSession
from pratique.vocabulary.errors import PratiqueError

AGAIN_AFTER_SECONDS: Final = 60.0
MOST_REMEMBERED: Final = 10_000
PARTS: Final = ("api", "load", "lists", "live", "sign-in")  # how the paths begin that are told; others may be typed


class Noted:
    """Records refusals of the bounds in the log of access, without a question to the store for each of a flood."""

    def __init__(self, node: Node, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._node = node
        self._clock = clock
        self._lately: OrderedDict[tuple[str, str], float] = OrderedDict()

    async def __call__(self, code: str, scope: Scope) -> None:
        """Notes it, unless the same was noted within the minute."""
        address = scope["client"][0] if scope.get("client") else ""
        now = self._clock()
        before = self._lately.get((address, code))
        if before is not None and now - before < AGAIN_AFTER_SECONDS:
            return
        self._lately[address, code] = now
        self._lately.move_to_end((address, code))
        if len(self._lately) > MOST_REMEMBERED:
            self._lately.popitem(last=False)
        await run_in_threadpool(self._note, code, scope, address)

    def _note(self, code: str, scope: Scope, address: str) -> None:
        first = scope["path"].split("/")[1] if scope["path"].startswith("/") else ""
        request = f"{scope['method']} /{first if first in PARTS else '…'}"
        self._node.note_bypass(code, actor=self._whose(scope), request=request, address=address)

    def _whose(self, scope: Scope) -> Actor:
        try:
            secret = cookie_of(scope)
            return self._node.ask(WhoseSession(secret, by_itself=True), actor=VISITOR).actor if secret else VISITOR
        except PratiqueError:
            return VISITOR


def cookie_of(scope: Scope) -> str:
    """The secret of the session that a request claims to be of; empty where it names none."""
    given = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    try:
        found = SimpleCookie(given.decode("latin-1")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
