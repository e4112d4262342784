"""Bodies in JSON: bounded, in UTF-8, and nothing in them that two readers could understand differently."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any, Final, NoReturn

from fastapi import Request

from pratique.api.problems import Refused

DEEPEST: Final = 40
LARGEST: Final = 2**63 - 1
DIGITS: Final = 20


class Received(Request):
    """A request whose body was read and checked before the route sees it."""

    def __init__(self, request: Request, raw: bytes, value: Any) -> None:
        super().__init__(request.scope, request.receive)
        self._raw = raw
        self._value = value

    async def body(self) -> bytes:
        """The bytes as they came."""
        return self._raw

    async def json(self) -> Any:
        """The value that they stand for."""
        return self._value


async def read_json(request: Request, *, most_bytes: int, seconds: float) -> Received:
    """The request with its JSON body; an empty body has no value.

    Raises ``Refused``: 413 beyond the bound, 415 for another content type, 408 where it takes too long, 400 where it is
    no JSON, repeats a key, is too deep, or holds a number or a character that cannot be kept.
    """
    raw = b"".join([chunk async for chunk in bounded(request, most_bytes=most_bytes, seconds=seconds)])
    if not raw:
        return Received(request, raw, None)
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "api.not_json_type")
    return Received(request, raw, parse(raw))


async def bounded(request: Request, *, most_bytes: int, seconds: float) -> AsyncIterator[bytes]:
    """The pieces of the body as they come.

    Raises ``Refused``: 413 beyond the bound, 408 after ``seconds``, 415 where it is packed for the way.
    """
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "api.packed")
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and (len(length) > DIGITS or int(length) > most_bytes):
        raise _too_large(most_bytes)
    stream = request.stream()
    count = 0
    ends = asyncio.get_running_loop().time() + seconds
    while True:
        try:
            async with asyncio.timeout_at(ends):
                chunk = await anext(stream, None)
        except TimeoutError:
            raise Refused(HTTPStatus.REQUEST_TIMEOUT, "api.too_slow", headers={"Connection": "close"}) from None
        if chunk is None:
            return
        count += len(chunk)
        if count > most_bytes:
            raise _too_large(most_bytes)
        yield chunk


def parse(raw: bytes) -> Any:
    """The value of a JSON text. Raises ``Refused`` (400) where it is none, or none that can be kept as it stands."""
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_once, parse_int=_whole, parse_float=_fraction, parse_constant=_no
        )
    except UnicodeDecodeError:
        raise _unfit("UTF-8") from None
    except RecursionError:
        raise _unfit(f"at most {DEEPEST} levels of nesting") from None
    except ValueError:
        raise _unfit("JSON (RFC 8259)") from None
    _check(value)
    return value


def _check(value: Any) -> None:
    """Nothing nested beyond measure, and only characters that can be written again."""
    level = [value]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                below.extend(each)
                below.extend(each.values())
            elif isinstance(each, list):
                below.extend(each)
            elif isinstance(each, str):
                _check_text(each)
        if not below:
            return
        level = below
    raise _unfit(f"at most {DEEPEST} levels of nesting")


def _check_text(text: str) -> None:
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise _unfit("text without halves of characters (lone surrogates)")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _unfit("every name once in an object")
    return found


def _whole(text: str) -> int:
    if len(text) > DIGITS or abs(int(text)) > LARGEST:
        raise _unfit("whole numbers of 64 bits")
    return int(text)


def _fraction(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise _unfit("numbers that a computer can hold")
    return number


def _no(text: str) -> NoReturn:
    raise _unfit("JSON (RFC 8259), which has no NaN and no Infinity")


def _unfit(expected: str) -> Refused:
    return Refused(HTTPStatus.BAD_REQUEST, "api.not_json", expected=expected)


def _too_large(most: int) -> Refused:
    return Refused(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "api.body_too_large", headers={"Connection": "close"}, most=most
    )
