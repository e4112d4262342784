"""The diary tells when, what and how it ended, and nothing that could name a person or a secret."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import anyio
import pytest
from starlette.types import Receive, Scope, Send

from pratique.server.diary import Diary, Discreet

SECRET = "hunter2-of-Amina-Okafor"


def line_of(message: str, *values: object, fault: BaseException | None = None) -> str:
    info: Any = (type(fault), fault, fault.__traceback__) if fault else None
    record = logging.LogRecord("uvicorn.error", logging.ERROR, __file__, 1, message, values, info)
    return Discreet().format(record)


def fault_with(words: str) -> BaseException:
    try:
        raise ValueError(words)
    except ValueError as fault:
        return fault


def noted(path: str, caplog: pytest.LogCaptureFixture) -> str:
    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 404, "headers": []})

    async def say(message: object) -> None:
        pass

    scope = {"type": "http", "method": "GET", "path": path, "query_string": SECRET.encode(), "headers": []}
    caplog.clear()
    with caplog.at_level(logging.INFO, logger="pratique.server"):
        anyio.run(Diary(fails, known={"search"}), scope, None, say)
    return caplog.messages[0]


def test_a_line_has_its_moment_in_utc() -> None:
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 served$", line_of("served"))


def test_of_a_fault_only_its_kind_and_place_are_told() -> None:
    told = line_of("Exception in ASGI application", fault=fault_with(SECRET))
    assert SECRET not in told
    assert f"ValueError at {__file__}:" in told


def test_nothing_inside_a_value_begins_a_line_of_its_own() -> None:
    told = line_of("closed %s", "a\r\n2026-01-01 GET /forged 200\x1b[2J\u2028b")
    assert told.isprintable()


@pytest.mark.parametrize(
    "path", [f"/{SECRET}", "/amina", "/parts\n200", "/\u0627\u0644", "/..", f"/search/{SECRET}", "x", ""]
)
def test_of_an_address_only_a_plain_first_part_is_told(path: str, caplog: pytest.LogCaptureFixture) -> None:
    told = noted(path, caplog)
    assert SECRET not in told
    assert re.fullmatch(r"GET /(search|…|) 404 \d+ ms", told), told


def test_the_diary_writes_to_the_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from pratique.server import diary

    given: dict[str, Any] = {}
    monkeypatch.setattr(logging, "basicConfig", lambda **how: given.update(how))
    diary.keep_diary()
    (handler,) = given["handlers"]
    assert handler.stream is sys.stderr
    assert isinstance(handler.formatter, Discreet)
