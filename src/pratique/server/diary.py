"""The diary of the server: one line for every request, with nothing in it that could name a person or a secret."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Container
from datetime import UTC, datetime
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

DIARY: Final = logging.getLogger("pratique.server")


def keep_diary() -> None:
    """Writes what is logged from now on to the standard error, in lines that tell no secret."""
    written = logging.StreamHandler(sys.stderr)
    written.setFormatter(Discreet())
    logging.basicConfig(level=logging.INFO, handlers=[written])


class Discreet(logging.Formatter):
    """Writes a line with its time; of a fault its kind and place, never its words or the values that met it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever a value in it holds."""
        return "".join(letter if letter.isprintable() else " " for letter in super().format(record))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        """The moment in UTC, to the millisecond."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatException(self, ei: Any) -> str:  # noqa: N802 the name that logging calls
        """``TypeError at …/queue.py:12``."""
        fault = ei[1]
        return f"{type(fault).__name__} at {_place(fault)}" if fault else ""


class Diary:
    """Notes the method, the first part of the path where it is one of ``known``, the status and the milliseconds."""

    def __init__(self, app: ASGIApp, *, known: Container[str]) -> None:
        self._app = app
        self._known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status = time.perf_counter(), 500

        async def say(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, say)
        finally:
            spent = (time.perf_counter() - start) * 1000
            DIARY.info("%s /%s %d %.0f ms", scope["method"], self._first(scope["path"]), status, spent)

    def _first(self, path: str) -> str:
        """What people typed into the address may be a name or a secret."""
        part = path.split("/")[1] if path.startswith("/") else "…"
        return part if part in self._known else "…"


def _place(fault: BaseException) -> str:
    """File and line where a fault arose, without its words: they may hold what a file contained."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "an unknown place" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
