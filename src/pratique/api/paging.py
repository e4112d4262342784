"""Pages of a list: a cursor names the last line seen, so rows that come meanwhile neither repeat nor hide any."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Annotated, Final, Generic, TypeVar
from urllib.parse import parse_qsl, quote

from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field

from pratique.api.problems import Refused

T = TypeVar("T")
S = TypeVar("S")

MOST_LINES: Final = 500
CHECK_BYTES: Final = 6
LONGEST_CURSOR: Final = 600
LARGEST: Final = 2**63 - 1

Position = tuple[str | int, ...]


class Page(BaseModel, Generic[T]):
    """A part of a list, and where the rest is."""

    items: list[T] = Field(description="The lines, in the order of the list.")
    next: str | None = Field(description="Path of the next page; null on the last one.", examples=[None])


class Window:
    """Which part of a list is asked for: ``limit`` lines behind the one that the cursor names."""

    def __init__(
        self,
        request: Request,
        limit: Annotated[int, Query(ge=1, le=MOST_LINES, description="How many lines at most.")] = 100,
        cursor: Annotated[
            str | None, Query(max_length=LONGEST_CURSOR, description="From `next` of the page before; opaque.")
        ] = None,
    ) -> None:
        self.limit = limit
        self._url = request.url
        self._list = _list_of(request)
        self.after: Position | None = None if cursor is None else self._position(cursor)

    def page(self, lines: Iterable[S], *, key: Callable[[S], Position], show: Callable[[S], T]) -> Page[T]:
        """The page out of a whole list that is ordered by ``key``."""
        behind = (line for line in lines if self.after is None or self._key_like(key(line)) > self.after)
        found = [line for _, line in zip(range(self.limit + 1), behind, strict=False)]
        more = len(found) > self.limit
        shown = found[: self.limit]
        return Page(items=[show(line) for line in shown], next=self.link(key(shown[-1])) if more else None)

    def link(self, position: Position) -> str:
        """The path of the page behind ``position``, with the same filters."""
        cursor = _sealed(self._list, position)
        kept = [(name, value) for name, value in _pairs(self._url.query) if name != "cursor"]
        return f"{self._url.path}?" + "&".join(
            f"{quote(k)}={quote(v, safe='')}" for k, v in [*kept, ("cursor", cursor)]
        )

    def place(self, *kinds: type) -> Position | None:
        """What the cursor names, as values of these kinds; ``None`` on the first page.

        Raises ``Refused`` where it names something else: its check is no secret, and somebody may have made it up.
        """
        if self.after is not None and [type(part) for part in self.after] != list(kinds):
            raise _unknown()
        return self.after

    def _key_like(self, key: Position) -> Position:
        """The key of a line, which must be of the cursor's own shape. Raises ``Refused`` where it is not."""
        if [type(part) for part in key] != [type(part) for part in self.after or ()]:
            raise _unknown()
        return key

    def _position(self, cursor: str) -> Position:
        return _opened(self._list, cursor)


Paged = Annotated[Window, Depends()]


def _list_of(request: Request) -> str:
    """The list that a cursor belongs to: the path and every filter, but not how many lines are shown at once."""
    filters = sorted((name, value) for name, value in _pairs(request.url.query) if name not in ("cursor", "limit"))
    return json.dumps([request.scope["path"], filters])


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def _sealed(list_name: str, position: Position) -> str:
    said = json.dumps(position, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_check(list_name, said) + said).decode().rstrip("=")


def _opened(list_name: str, cursor: str) -> Position:
    """Raises ``Refused`` (422) for a cursor of another list, and for one that no page gave."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        check, said = raw[:CHECK_BYTES], raw[CHECK_BYTES:]
        if check != _check(list_name, said):
            raise _unknown()
        position = json.loads(said)
    except (binascii.Error, ValueError):
        raise _unknown() from None
    if not isinstance(position, list) or not all(map(_fits, position)):
        raise _unknown()
    return tuple(position)


def _fits(part: object) -> bool:
    """A text, or a whole number that a store can hold."""
    return isinstance(part, str) or (type(part) is int and 0 <= part <= LARGEST)


def _check(list_name: str, said: bytes) -> bytes:
    """Binds a cursor to its list. No secret: a cursor opens nothing that its reader may not list anyway."""
    return hashlib.sha256(list_name.encode() + b"\x1f" + said).digest()[:CHECK_BYTES]


def _unknown() -> Refused:
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "api.cursor_unknown")
