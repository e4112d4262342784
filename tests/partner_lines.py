"""The partner's door of a node, served on a loopback port by the real server in a thread of the test."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from pratique.node import Node
from pratique.server.partner_door import door_config
from pratique.server.running import Address, listening_on


def free_endpoint() -> str:
    """An address on which nobody listens, as a descriptor has it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/partner/v1"


@contextmanager
def served(node: Node, endpoint: str) -> Iterator[None]:
    """The door of the node at its endpoint, for as long as the block lasts."""
    port = int(endpoint.split(":")[2].split("/")[0])
    address = Address("127.0.0.1", port)
    server = uvicorn.Server(door_config(node, address=address))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening_on(address)]}, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    assert server.started
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=20)
