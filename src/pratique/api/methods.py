"""Methods: ``HEAD`` is ``GET`` without a body, ``OPTIONS`` says what a path knows; the rest is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pratique.api.problems import Refused, problem_of

ADDED: Final = ("HEAD", "OPTIONS")  # to what a path knows itself


class Methods:
    """Stands before the routes. ``document`` gives the OpenAPI document, which knows every path and its methods."""

    def __init__(self, app: ASGIApp, *, document: Callable[[], Mapping[str, Any]]) -> None:
        self._app = app
        self._document = document

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        allowed = self._allowed(scope) if scope["type"] == "http" else []
        if not allowed or (scope["method"] in allowed and scope["method"] not in ADDED):
            await self._app(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await Response(status_code=204, headers={"Allow": ", ".join(allowed)})(scope, receive, send)
        elif scope["method"] == "HEAD" and "GET" in allowed:
            await self._app({**scope, "method": "GET"}, receive, _without_body(send))
        else:
            headers = {"Allow": ", ".join(allowed)}
            refusal = Refused(HTTPStatus.METHOD_NOT_ALLOWED, "api.no_such_method", headers=headers)
            await problem_of(refusal)(scope, receive, send)

    def _allowed(self, scope: Scope) -> list[str]:
        """The methods of the path, its own before ``HEAD`` and ``OPTIONS``; none where there is no such path."""
        path = scope["path"].removeprefix(scope.get("root_path", "")) or "/"
        own = sorted({method for pattern, methods in self._paths if pattern.fullmatch(path) for method in methods})
        return [*own, *(name for name in ADDED if name == "OPTIONS" or "GET" in own)] if own else []

    @cached_property
    def _paths(self) -> list[tuple[re.Pattern[str], list[str]]]:
        return [
            (re.compile(re.sub(r"\\\{[^/]+?\\\}", "[^/]+", re.escape(path))), [name.upper() for name in operations])
            for path, operations in self._document()["paths"].items()
        ]


def _without_body(send: Send) -> Send:
    """Headers as of the whole answer, and nothing behind them."""

    async def say(message: Message) -> None:
        if message["type"] == "http.response.body":
            if message.get("more_body", False):
                return
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await send(message)

    return say
