"""How long a head may be, and how long it may take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from pratique.server.heads import LARGEST_BYTES, SLOWEST_SECONDS, BoundedHeads


class Line(asyncio.Transport):
    """A connection that only notes what happens to it."""

    def __init__(self) -> None:
        super().__init__()
        self.said, self.closed = b"", False

    def write(self, data: Any) -> None:
        self.said += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


class Clock(asyncio.SelectorEventLoop):
    """A loop whose timers a test looks at and never runs."""

    def __init__(self) -> None:
        super().__init__()
        self.timers: list[tuple[float, Callable[..., object], asyncio.TimerHandle]] = []

    def call_later(self, delay: float, callback: Any, *args: Any, context: Any = None) -> asyncio.TimerHandle:
        handle = super().call_later(delay + 1e6, callback, *args, context=context)
        self.timers.append((delay, callback, handle))
        return handle

    def waiting(self) -> list[Callable[..., object]]:
        return [act for delay, act, handle in self.timers if delay == SLOWEST_SECONDS and not handle.cancelled()]


async def nothing(scope: Any, receive: Any, send: Any) -> None:
    await asyncio.sleep(0)


@pytest.fixture
def at() -> Any:
    loop = Clock()
    asyncio.set_event_loop(loop)
    config = Config(nothing, http=BoundedHeads, ws="none", log_config=None, lifespan="off")
    line, protocol = Line(), BoundedHeads(config, ServerState(), {}, _loop=loop)
    protocol.connection_made(line)
    yield loop, line, protocol
    protocol.connection_lost(None)
    loop.run_until_complete(asyncio.sleep(0))
    for task in asyncio.all_tasks(loop):
        task.cancel()
        loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
    asyncio.set_event_loop(None)
    loop.close()


def test_a_connection_that_sends_no_whole_head_is_closed_in_time(at: Any) -> None:
    loop, line, protocol = at
    protocol.data_received(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
    (late,) = loop.waiting()
    late()
    assert line.closed


def test_a_whole_head_is_waited_for_no_more_and_the_next_one_is(at: Any) -> None:
    loop, line, protocol = at
    protocol.data_received(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n")
    assert loop.waiting() == []
    protocol.data_received(b"xxGET / HTTP/1.1\r\n")
    assert len(loop.waiting()) == 1
    assert not line.closed


def test_a_long_body_is_no_head(at: Any) -> None:
    _, line, protocol = at
    protocol.data_received(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n")
    for _ in range(5):
        protocol.data_received(b"x" * (LARGEST_BYTES // 2))
    assert not line.closed


def test_a_head_that_never_ends_is_refused_by_its_size(at: Any) -> None:
    _, line, protocol = at
    protocol.data_received(b"GET / HTTP/1.1\r\nX: ")
    for _ in range(3):
        if not line.closed:
            protocol.data_received(b"x" * (LARGEST_BYTES // 2))
    assert line.closed
    assert line.said.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"X-Content-Type-Options: nosniff\r\n" in line.said
    assert line.said.endswith(b"\r\n\r\nThe headers are too large.")
