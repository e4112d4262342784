"""One text for one value, so that equal values have equal digests."""

from __future__ import annotations

import hashlib
import json
from typing import Final

_NEVER_ONE: Final = frozenset({str, int, bool, type(None)})  # neither a float nor anything that holds one
_WRITER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(value: object) -> str:
    """JSON with sorted keys, no blanks and every character as it is. Floats are refused: they have no one text."""
    _refuse_floats(value)
    return _WRITER.encode(value)


def digest(value: object) -> str:
    """SHA-256 (hex) of the canonical text."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("a float has no canonical text")
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    for part in parts:
        if type(part) not in _NEVER_ONE:
            _refuse_floats(part)
