"""Moments as text of fixed width, which sorts as time does and reads the same in every store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

FORMAT: Final = "%Y-%m-%dT%H:%M:%S.%fZ"


def to_text(moment: datetime) -> str:
    """``2026-10-05T12:34:56.000000Z``. Raises ``ValueError`` for a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def from_text(text: str) -> datetime:
    """The moment (UTC) that :func:`to_text` wrote."""
    return datetime.strptime(text, FORMAT).replace(tzinfo=UTC)
