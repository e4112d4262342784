"""JSON from a stranger: bounded, no key twice, no null, whole numbers alone, so that two readers cannot differ.

What is signed is signed as bytes and never written again, so no canonical form is needed to check it; :func:`write` is
one all the same, which makes equal values equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final, NoReturn, TypeAlias

from pratique.partners.exchange.errors import refuse

JsonObject: TypeAlias = dict[str, Any]

DEEPEST: Final = 12
DEEPEST_FOREIGN: Final = 40
LARGEST_INTEGER: Final = 2**53 - 1  # what every reader of JSON holds exactly (RFC 8259, 6)
_LONGEST_INTEGER: Final = 17  # characters, with its sign


def read(data: bytes, *, what: str, at_most: int) -> JsonObject:
    """The object that ``data`` is. ``what`` names it in the error.

    Raises ``exchange.oversized``, ``exchange.not_json`` (not UTF-8, not JSON, not an object, a null, half a surrogate
    pair), ``exchange.key_twice``, ``exchange.number`` (a fraction, or beyond 2^53), ``exchange.too_deep``.
    """
    if len(data) > at_most:
        raise refuse("exchange.oversized", what=what, size=len(data), most=at_most)
    try:
        found = _READER.decode(data.decode("utf-8"))
    except RecursionError:
        raise refuse("exchange.too_deep", what=what, most=DEEPEST) from None
    except ValueError as fault:
        raise refuse("exchange.not_json", what=what, fault=str(fault)[:120]) from None
    if not isinstance(found, dict):
        raise refuse("exchange.not_json", what=what, fault="not an object")
    if data.count(b"{") + data.count(b"[") > DEEPEST:
        _require_shallow(found, what)
    if b"null" in data:
        _require_no_null(found, what)
    if b"\\u" in data:
        _require_text(found, what)
    return found


def write(value: object) -> bytes:
    """Equal values as equal bytes: keys in order, no space, UTF-8. Raises ``ValueError`` for what JSON has not."""
    return _WRITER.encode(value).encode("utf-8")


def write_for_people(value: object) -> bytes:
    """The same in lines, in the order given."""
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")


def read_foreign(data: bytes, *, what: str, at_most: int) -> JsonObject:
    """An object from another system, which may hold fractions and nulls and be nested deeper; else as :func:`read`."""
    if len(data) > at_most:
        raise refuse("exchange.oversized", what=what, size=len(data), most=at_most)
    try:
        found = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_without_repeats, parse_constant=_no_fraction)
    except RecursionError:
        raise refuse("exchange.too_deep", what=what, most=DEEPEST_FOREIGN) from None
    except ValueError as fault:
        raise refuse("exchange.not_json", what=what, fault=str(fault)[:120]) from None
    if not isinstance(found, dict):
        raise refuse("exchange.not_json", what=what, fault="not an object")
    level: list[Any] = [found]
    for _ in range(DEEPEST_FOREIGN):
        level = [below for value in level for below in _inside(value)]
        if not level:
            return found
    raise refuse("exchange.too_deep", what=what, most=DEEPEST_FOREIGN)


def _inside(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _without_repeats(pairs: list[tuple[str, Any]]) -> JsonObject:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise refuse("exchange.key_twice", key=next(name for name in names if names.count(name) > 1)[:80])
    return found


def _integer(text: str) -> int:
    if len(text) > _LONGEST_INTEGER or abs(int(text)) > LARGEST_INTEGER:
        raise refuse("exchange.number", number=text[:40])
    return int(text)


def _no_fraction(text: str) -> NoReturn:
    raise refuse("exchange.number", number=text[:40])


def _require_shallow(found: Any, what: str) -> None:
    """Level by level, so that depth costs no stack."""
    level = [found]
    for _ in range(DEEPEST):
        level = [below for value in level for below in _inside(value) if isinstance(below, dict | list)]
        if not level:
            return
    raise refuse("exchange.too_deep", what=what, most=DEEPEST)


def _require_no_null(found: Any, what: str) -> None:
    for value in _inside(found):
        if value is None:
            raise refuse("exchange.not_json", what=what, fault="null: what is not given is left out")
        _require_no_null(value, what)


def _require_text(found: Any, what: str) -> None:
    """Escapes can spell half of a surrogate pair, which is no text."""
    try:
        write(found)
    except UnicodeEncodeError:
        raise refuse("exchange.not_json", what=what, fault="half of a surrogate pair") from None


_READER: Final = json.JSONDecoder(
    object_pairs_hook=_without_repeats, parse_int=_integer, parse_float=_no_fraction, parse_constant=_no_fraction
)
_WRITER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
