"""What one session, or one token, may have under way at once, so that no officer and no program takes all there is."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from pratique.server.limits import Bounds, Note, nobody_notes, refuse_at_once
from pratique.server.noted import cookie_of

COSTLY: Final = re.compile(
    r"/search$|/screen|/(whole-)?network$|/compare/|/replay$|/profiles/check$|/projections|/queue/[^/]+/capacity$|/capacity"
)


class Shares:
    """Refuses with 429 what goes beyond the share of a session or token; who has neither counts by address."""

    def __init__(self, app: ASGIApp, *, bounds: Bounds, note: Note = nobody_notes) -> None:
        self._app = app
        self._bounds = bounds
        self._note = note
        self._under_way: Counter[tuple[str, str]] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, counted until its answer is whole."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        who, kinds = _who(scope), self._kinds(scope)
        if any(self._under_way[who, kind] >= most for kind, most in kinds.items()):
            await self._note("limits.too_much_at_once", scope)
            await refuse_at_once(429, "limits.too_much_at_once", scope, receive, send)
            return
        self._under_way.update((who, kind) for kind in kinds)
        try:
            await self._app(scope, receive, send)
        finally:
            for kind in kinds:
                self._under_way[who, kind] -= 1
                if not self._under_way[who, kind]:
                    del self._under_way[who, kind]

    def _kinds(self, scope: Scope) -> dict[str, int]:
        """What the request counts as, and how many of each there may be."""
        path, bounds = scope["path"], self._bounds
        if path == "/live":
            return {"live": bounds.live_at_once}
        kinds = {"any": bounds.at_once}
        if scope["method"] == "POST" and bounds.takes_files(path):
            kinds["upload"] = bounds.uploads_at_once
        if COSTLY.search(path):
            kinds["costly"] = bounds.costly_at_once
        return kinds


def _who(scope: Scope) -> str:
    """A digest of the session or token that is claimed, so that no secret is kept; else the address."""
    given = b"".join(value for name, value in scope["headers"] if name == b"authorization") or cookie_of(scope).encode()
    if given:
        return hashlib.sha256(given).hexdigest()
    return str(scope["client"][0]) if scope.get("client") else ""
