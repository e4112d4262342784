"""One text for one value, so that the same decision is the same bytes years later."""

from __future__ import annotations

import hashlib
import json
from typing import Final

_WRITER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(value: object) -> bytes:
    """JSON in UTF-8 with sorted keys, no blanks and every character as it is; the value holds no floats."""
    return _WRITER.encode(value).encode()


def digest(content: bytes) -> str:
    """SHA-256 (hex)."""
    return hashlib.sha256(content).hexdigest()
