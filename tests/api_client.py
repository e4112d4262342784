"""What tests of the API share: a node that serves, officers with tokens, and a client that speaks as one of them."""

from __future__ import annotations

import hashlib
import itertools
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import uvicorn
from httpx import Client as Http
from httpx import Response
from starlette.types import ASGIApp

import kept_worker
from nodes import ANNA, NOON, new_node, open_node
from pratique.api import Limits, build_api
from pratique.api.app import Api
from pratique.node import Actor, Node
from pratique.node.access import VISITOR
from pratique.node.handlers.invitations import AcceptInvitation, OpenInvitation
from pratique.node.handlers.officers import AddOfficer
from pratique.node.handlers.tokens import MakeToken
from pratique.node.jobs import JobBoard
from pratique.node.node import wall_clock
from pratique.node.sign_in.sessions import Caller
from pratique.server.under import Under

PASSWORD = "lantern-orbit-meadow-seven"
PURPOSE = "cargo_risk_analysis"
ROLES = ("targeting", "analyst", "integrator", "manager", "inspection")
KEYS = itertools.count()


@dataclass
class Client:
    """Speaks as the holder of a token; ``last`` is the answer of the last request."""

    http: Http
    token: str
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **how: Any) -> Response:
        """A query."""
        return self.send("GET", path, **how)

    def post(self, path: str, *, key: str | None = None, **how: Any) -> Response:
        """A command, under a new key where none is given."""
        return self.send("POST", path, key=key or f"key-of-a-test-{next(KEYS)}", **how)

    def send(self, method: str, path: str, *, key: str | None = None, **how: Any) -> Response:
        """Any request."""
        given: Mapping[str, str] = how.pop("headers", {})
        keyed = {"Idempotency-Key": key} if key else {}
        headers = {"Authorization": f"Bearer {self.token}", **self.headers, **keyed, **given}
        return self.http.request(method, path if path.startswith("/api") else f"/api{path}", headers=headers, **how)

    def ended(self, begun: Response) -> dict[str, Any]:
        """The job that an answer named, once it has ended."""
        assert begun.status_code == 202, begun.text
        shown: dict[str, Any] = begun.json()
        while shown["state"] in ("waiting", "running"):
            time.sleep(0.05)
            shown = self.get(begun.headers["Location"]).json()
        return shown

    def read(self, begun: Response) -> dict[str, Any]:
        """The document of a reading that an answer named."""
        job = self.ended(begun)
        assert job["error"] is None
        document: dict[str, Any] = self.get(f"/jobs/{job['id']}/document").json()
        return document

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Every page of a list, from the first."""
        following: str | None = path
        while following:
            page = self.get(following).json()
            yield page
            following = page["next"]


@dataclass(frozen=True)
class Served:
    """A node that serves, and its API."""

    node: Node
    board: JobBoard
    api: Api
    http: Http

    def client(self, *scopes: str, purpose: str | None = PURPOSE, login: str = "ida") -> Client:
        """A client with a new token; with every scope there is where none is named."""
        return Client(self.http, token_of(self.node, login, scopes or every_scope(), purpose=purpose))


@contextmanager
def served(folder: Path, *, limits: Limits | None = None, work: bool = False) -> Iterator[Served]:
    """The node in ``folder``, made where it is not there, with the officer ida; ``work`` lets its jobs run."""
    there = folder.exists()
    with open_node(folder) if there else new_node(folder) as node:
        if not there:
            join(node, "ida", ROLES)
        board = JobBoard(folder, clock=wall_clock, command=kept_worker.command(at_noon=True) if work else None)
        if work:
            board.open()
        api = build_api(node, jobs=board, limits=limits)
        try:
            with listening(Under("/api", inside=api, outside=api)) as origin, Http(base_url=origin, timeout=60) as http:
                yield Served(node, board, api, http)
        finally:
            api.state.serving.close()
            board.close()


@contextmanager
def listening(app: ASGIApp) -> Iterator[str]:
    """A real server on the loopback, in a thread; gives its address."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        host, port = server.servers[0].sockets[0].getsockname()[:2]
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join()


def join(node: Node, login: str, roles: Sequence[str]) -> None:
    """An officer who was added and has accepted the invitation."""
    added = node.execute(AddOfficer(login, f"Officer {login.title()}", tuple(roles)), actor=ANNA)
    factor = node.ask(OpenInvitation(added.invitation), actor=VISITOR).factor
    code = pyotp.TOTP(factor, digest=hashlib.sha256).at(NOON)
    node.execute(AcceptInvitation(added.invitation, PASSWORD, code, Caller("192.0.2.1")), actor=VISITOR)


def token_of(node: Node, login: str, scopes: Sequence[str], *, purpose: str | None = PURPOSE) -> str:
    """The secret of a new token of the officer."""
    actor = Actor(f"officer:{login}", frozenset(ROLES), strong_until=NOON + timedelta(hours=1))
    return node.execute(MakeToken("test", tuple(scopes), purpose=purpose), actor=actor).secret


def every_scope() -> tuple[str, ...]:
    """Every scope that a token can have."""
    from pratique.node.access.scopes import all_scopes

    return tuple(sorted(all_scopes()))
