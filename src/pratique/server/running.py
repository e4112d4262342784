"""Running: a node is served on an address until somebody stops it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import uvicorn

from pratique.node import Actor, Node
from pratique.node.errors import refuse
from pratique.node.handlers.settings import ListSettings
from pratique.node.jobs import JobBoard
from pratique.server.certificates import require_strong_certificate
from pratique.server.compose import LOOPBACK, Serving, build_server
from pratique.server.diary import keep_diary
from pratique.server.heads import BoundedHeads
from pratique.server.limits import Bounds
from pratique.vocabulary.errors import Category

BACKLOG = 512
LOCAL = ("localhost", "127.0.0.1", "::1")
GRACE_SECONDS = 5
MIB = 1024**2
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"  # of TLS 1.2; those of TLS 1.3 are all of this kind


@dataclass(frozen=True, slots=True)
class Address:
    """Where a node listens, under which names browsers reach it, and how the line is kept secret."""

    host: str
    port: int
    names: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    behind: str | None = None


def run(node: Node, *, address: Address, zone: str, actor: Actor, tell: Callable[[str], object]) -> None:
    """Serves until interrupted. Raises ``UNAVAILABLE`` where the port is taken, ``MISCONFIGURED`` for no such zone."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise refuse("serve.no_zone", Category.MISCONFIGURED, zone=zone) from error
    if node.is_demonstration and address.host not in LOCAL:
        raise refuse("serve.demonstration", Category.DENIED, host=address.host)
    if address.certificate is not None:
        require_strong_certificate(address.certificate)
    keep_diary()
    listening = listening_on(address)
    settings = {each.name: each.value for each in node.ask(ListSettings(), actor=actor)}
    serving = Serving(
        hosts=(*LOOPBACK, *address.names) if not address.names else address.names,
        zone=zone,
        language=settings["language"],
        demonstration=node.is_demonstration,
        bounds=Bounds(body=int(settings["upload_mib"]) * MIB),
    )
    memory = int(settings["job_memory_mib"]) * MIB
    board = JobBoard(node.folder.root, clock=lambda: datetime.now(UTC), memory=memory, at_hand=True)
    config = uvicorn.Config(
        build_server(node, board=board, serving=serving),
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        ssl_certfile=address.certificate,
        ssl_keyfile=address.key,
        ssl_ciphers=CIPHERS,
        **believed(address),
        timeout_graceful_shutdown=GRACE_SECONDS,
        http=BoundedHeads,
        ws="none",
    )
    scheme = "https" if address.certificate else "http"
    tell(f"The desk is at {scheme}://{address.host}:{listening.getsockname()[1]}/  (Ctrl-C stops it)")
    uvicorn.Server(config).run(sockets=[listening])


def believed(address: Address) -> dict[str, Any]:
    """Whose ``X-Forwarded-`` headers count: those of the proxies that are named; without any, nobody's."""
    return {"proxy_headers": address.behind is not None, "forwarded_allow_ips": address.behind}


def listening_on(address: Address) -> socket.socket:
    """A socket that listens there. Raises ``UNAVAILABLE`` where the port is taken."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, place = sorted(found, key=lambda each: each[0] != socket.AF_INET)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
        listening.listen(BACKLOG)
    except OSError as error:
        raise refuse("serve.port_taken", Category.UNAVAILABLE, host=address.host, port=address.port) from error
    return listening
