"""The partner's door on a port of its own: the same bounds and headers as the desk, and nothing else behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from pratique.door.app import PREFIX, build_door
from pratique.node import Node
from pratique.server.certificates import require_strong_certificate
from pratique.server.compose import LOOPBACK
from pratique.server.diary import Diary, keep_diary
from pratique.server.headers import Headers
from pratique.server.heads import BoundedHeads
from pratique.server.limits import Bounds, Limits
from pratique.server.noted import Noted
from pratique.server.running import CIPHERS, GRACE_SECONDS, Address, believed, listening_on
from pratique.server.under import Under

BOUNDS: Final = Bounds(form=5 * 1024**2, per_second=100.0, burst=1000.0)
MOST_CONNECTIONS: Final = 256  # at once; who keeps many open slowly is closed by the bounds on heads and bodies


def build_partner_server(node: Node, *, hosts: Sequence[str] = LOOPBACK, bounds: Bounds = BOUNDS) -> Starlette:
    """The door alone, as an application."""
    server = Starlette(
        middleware=[
            Middleware(Diary, known=frozenset({"partner"})),
            Middleware(Headers),
            Middleware(TrustedHostMiddleware, allowed_hosts=[*hosts], www_redirect=False),
            Middleware(Limits, bounds=bounds, note=Noted(node)),
        ]
    )
    door = build_door(node)
    server.router.default = Under(PREFIX, inside=door, outside=door)
    return server


def door_config(node: Node, *, address: Address, bounds: Bounds = BOUNDS) -> uvicorn.Config:
    """How the door is served; slow heads are cut off by :class:`BoundedHeads`, slow bodies by the door."""
    more: dict[str, Any] = believed(address)
    return uvicorn.Config(
        build_partner_server(node, hosts=address.names or LOOPBACK, bounds=bounds),
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        ssl_certfile=address.certificate,
        ssl_keyfile=address.key,
        ssl_ciphers=CIPHERS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=30,
        limit_concurrency=MOST_CONNECTIONS,
        http=BoundedHeads,
        ws="none",
        lifespan="off",
        **more,
    )


def run_door(node: Node, *, address: Address, tell: Callable[[str], object]) -> None:
    """Serves the door until interrupted. Raises ``UNAVAILABLE`` where the port is taken."""
    if address.certificate is not None:
        require_strong_certificate(address.certificate)
    keep_diary()
    listening = listening_on(address)
    scheme = "https" if address.certificate else "http"
    tell(f"Partners call {scheme}://{address.host}:{listening.getsockname()[1]}{PREFIX}  (Ctrl-C stops it)")
    uvicorn.Server(door_config(node, address=address)).run(sockets=[listening])
