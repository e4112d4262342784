"""Answers that never change, such as a run, are told by their tag that they are the same (RFC 9110, If-None-Match)."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Final

from fastapi import Header, Request, Response

import pratique
from pratique.api.serving import caller_of

SEPARATOR: Final = "\x1f"
KEPT_BY_CALLER: Final = "private, no-cache"  # kept, and asked about each time: a token may be withdrawn

TagHeader = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        description="Tags of answers at hand; the answer is 304 where one of them still holds.",
        max_length=1000,
        examples=['"4b1c"'],
    ),
]
NOT_MODIFIED: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "The answer at hand is still the answer.", "headers": {"ETag": {"schema": {"type": "string"}}}}
}


class StillTheSame(Exception):
    """The caller has this very answer; it becomes 304."""

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__("still the same")
        self.headers = headers


def give_tag(request: Request, response: Response, version: str) -> None:
    """Tags an answer that follows from ``version`` and the question alone, for one caller.

    Raises ``StillTheSame``, which saves making the answer, where the caller has it.
    """
    caller = caller_of(request)
    parts = (pratique.__version__, version, str(request.url.path), request.url.query, caller.token_sha256)
    tag = f'"{hashlib.sha256(SEPARATOR.join(parts).encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": KEPT_BY_CALLER}
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        raise StillTheSame(headers)
    response.headers.update(headers)
