"""Two applications under one address: paths below a prefix go to one of them, all others to the other."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send


class Under:
    """Sends what lies below ``prefix`` to ``inside``, whatever characters the path has, and the rest to ``outside``."""

    def __init__(self, prefix: str, *, inside: ASGIApp, outside: ASGIApp) -> None:
        self._prefix = prefix
        self._inside = inside
        self._outside = outside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        path = scope.get("path", "")
        if path != self._prefix and not path.startswith(f"{self._prefix}/"):
            await self._outside(scope, receive, send)
            return
        root = scope.get("root_path", "") + self._prefix
        await self._inside({**scope, "app_root_path": scope.get("root_path", ""), "root_path": root}, receive, send)
