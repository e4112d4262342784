"""What tests of the desk share: the whole server of a demonstration node in this process, and a faceless browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import httpx
from httpx import Response
from starlette.applications import Starlette

from nodes import ANNA
from pratique.node import Node
from pratique.node.jobs import JobBoard
from pratique.node.node import wall_clock
from pratique.server.compose import Serving, build_server
from pratique.server.limits import Bounds

ORIGIN = "https://localhost"
NO_HURRY = Bounds(per_second=1e6, burst=1e6)
CSRF = re.compile(r'name="csrf" (?:value|content)="([^"]+)"')


@dataclass
class Browser:
    """Keeps cookies and follows no redirect by itself."""

    app: Starlette
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    def ask(self, method: str, path: str, **how: Any) -> Response:
        """One request."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)

        async def go() -> Response:
            async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, cookies=self.cookies) as client:
                answer = await client.request(method, path, **how)
                self.cookies = client.cookies
                return answer

        return anyio.run(go)

    def get(self, path: str, **how: Any) -> Response:
        """Asks for a page."""
        return self.ask("GET", path, **how)

    def post(self, path: str, **how: Any) -> Response:
        """Sends a form."""
        return self.ask("POST", path, **how)

    def csrf(self, path: str) -> str:
        """What a form of that page carries."""
        found = CSRF.search(self.get(path).text)
        assert found, f"no form on {path}"
        return found[1]


@dataclass(frozen=True)
class Whole:
    """A node and the application that serves it."""

    node: Node
    board: JobBoard
    app: Starlette

    def browser(self) -> Browser:
        """A browser that knows nothing yet."""
        return Browser(self.app)

    def signed_in(self, persona: str = "ines.valmar") -> tuple[Browser, str]:
        """A browser in which the persona has signed in, and what the forms of the session carry."""
        browser = self.browser()
        entered = browser.post(f"/sign-in/as/{persona}", data={"csrf": browser.csrf("/sign-in")})
        assert entered.status_code == 303, entered.text
        return browser, browser.csrf("/account")


@contextmanager
def whole_server(folder: Path, *, bounds: Bounds = NO_HURRY, command: list[str] | None = None) -> Iterator[Whole]:
    """A fresh demonstration node in ``folder`` and its server; ``command`` does its jobs once the board is open."""
    with Node.create(folder, actor=ANNA, demonstration=True) as node:
        board = JobBoard(folder, clock=wall_clock, command=command)
        app = build_server(node, board=board, serving=Serving(demonstration=True, bounds=bounds))
        yield Whole(node, board, app)
