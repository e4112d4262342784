"""Bounds on what comes in."""

from __future__ import annotations

import anyio
import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from pratique.server.limits import Bounds, Limits

BOUNDS = Bounds(body=1000, photo=500, form=100, per_second=1.0, burst=3.0)


async def count(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    response: Response = PlainTextResponse(str(len(body)))
    await response(scope, receive, send)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def ask(app: Limits, *requests: tuple[str, bytes]) -> list[httpx.Response]:
    async def go() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as client:
            return [await client.post(path, content=body) for path, body in requests]

    return anyio.run(go)


def test_what_fits_is_passed_on() -> None:
    assert ask(Limits(count, bounds=BOUNDS), ("/queue", b"x" * 100))[0].text == "100"


def test_a_message_may_be_larger_than_a_form() -> None:
    form, message = ask(Limits(count, bounds=BOUNDS), ("/queue", b"x" * 101), ("/load", b"x" * 1000))
    assert (form.status_code, message.text) == (413, "1000")


def test_a_photo_of_a_control_may_be_larger_than_a_form_and_smaller_than_a_message() -> None:
    fits, over = ask(
        Limits(count, bounds=BOUNDS), ("/controls/O-1/photo", b"x" * 500), ("/controls/O-1/photo", b"x" * 501)
    )
    assert (fits.text, over.status_code) == ("500", 413)


@pytest.mark.parametrize("declared", [b"999999999999999999999999", b"-1", b"ten"])
def test_a_length_that_lies_does_not_help(declared: bytes) -> None:
    app = Limits(count, bounds=BOUNDS)

    async def go() -> int:
        pieces = iter([b"x" * 90, b"x" * 90])
        status = 0

        async def receive() -> dict[str, object]:
            piece = next(pieces, b"")
            return {"type": "http.request", "body": piece, "more_body": bool(piece)}

        async def send(message: dict[str, object]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(str(message["status"]))

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/queue",
            "headers": [(b"content-length", declared)],
            "client": ("198.51.100.7", 1),
            "query_string": b"",
        }
        await app(scope, receive, send)  # type: ignore[arg-type]
        return status

    assert anyio.run(go) == 413


def test_too_many_requests_are_told_to_wait_and_then_served_again() -> None:
    clock = Clock()
    app = Limits(count, bounds=BOUNDS, clock=clock)
    answers = [each.status_code for each in ask(app, *[("/queue", b"")] * 4)]
    clock.now += 1.0
    assert answers == [200, 200, 200, 429]
    assert ask(app, ("/queue", b""))[0].status_code == 200


def test_a_refusal_is_a_problem_with_a_stable_code() -> None:
    refused = ask(Limits(count, bounds=BOUNDS), ("/queue", b"x" * 101))[0]
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] == "limits.too_large"
