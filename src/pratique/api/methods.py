"""Methods: ``HEAD`` is ``GET`` without a body, ``OPTIONS`` says what a path knows; the rest is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pratique.api.problems import Refused, problem_of

_FIELD: Final = re.compile(r"\\\{[^/]+?\\\}")
ADDED: Final = ("HEAD", "OPTIONS")  # to what a path knows itself


class Methods:
    """Stands before the routes. ``paths`` has the method and the path (``/runs/{run_id}``) of each of them."""

    def __init__(self, app: ASGIApp, *, paths: Iterable[tuple[str, str]]) -> None:
        self._app = app
        self._paths = [(re.compile(_FIELD.sub("([^/]+)", re.escape(path))), method) for method, path in paths]

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
        """The methods of the path, its own before ``HEAD`` and ``OPTIONS``; none where there is no such path.

        Where a path stands as it is asked for (``/agreements/preview``), one with a field (``/agreements/{id}``)
        does not speak for it: OpenAPI 3.1, "Path Templating Matching".
        """
        path = scope["path"].removeprefix(scope.get("root_path", "")) or "/"
        known = [(pattern.groups, method) for pattern, method in self._paths if pattern.fullmatch(path)]
        own = sorted({method for fields, method in known if fields == min(known)[0]})
        return [*own, *(name for name in ADDED if name == "OPTIONS" or "GET" in own)] if own else []


def _without_body(send: Send) -> Send:
    """Headers as of the whole answer, and nothing behind them."""

    async def say(message: Message) -> None:
        if message["type"] == "http.response.body":
            if message.get("more_body", False):
                return
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await send(message)

    return say
