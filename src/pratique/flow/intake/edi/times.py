"""Dates and times by EDIFACT format codes (data element 2379) and in the interchange header."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

_PATTERNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "101": "%y%m%d",
        "102": "%Y%m%d",
        "201": "%y%m%d%H%M",
        "202": "%y%m%d%H%M%S",
        "203": "%Y%m%d%H%M",
        "204": "%Y%m%d%H%M%S",
    }
)
_WITH_ZONE: Final[Mapping[str, str]] = MappingProxyType(
    {"205": "203", "301": "201", "302": "202", "303": "203", "304": "204"}
)
_LENGTHS: Final[Mapping[str, int]] = MappingProxyType({"101": 6, "102": 8, "201": 10, "202": 12, "203": 12, "204": 14})
_UNIVERSAL: Final = frozenset(("", "Z", "UTC", "GMT"))


def moment(text: str, format_code: str) -> datetime | None:
    """The moment in UTC; ``None`` where text and format do not agree, or a zone is named that is not an offset.

    A time without zone is taken as UTC (the caller says so in a finding). A year of two digits is read as POSIX does:
    69 to 99 are of the twentieth century.
    """
    base = _WITH_ZONE.get(format_code, format_code)
    length = _LENGTHS.get(base)
    if length is None or not text[:length].isascii() or not text[:length].isdigit():
        return None
    zone = text[length:]
    offset = _offset(zone) if base != format_code else (timedelta() if not zone else None)
    if offset is None:
        return None
    try:
        return datetime.strptime(text[:length], _PATTERNS[base]).replace(tzinfo=UTC) - offset
    except (ValueError, OverflowError):
        return None


def prepared(text: str) -> datetime | None:
    """Date and time of preparation of an interchange, as ``YYMMDD:HHMM`` or ``CCYYMMDD:HHMM``."""
    day, _, hour = text.partition(":")
    return moment(day + hour, "203" if len(day) == 8 else "201")


def _offset(zone: str) -> timedelta | None:
    if zone in _UNIVERSAL:
        return timedelta()
    digits = zone[1:].replace(":", "")
    if zone[0] not in "+-" or not (digits.isascii() and digits.isdigit()) or len(digits) not in (2, 4):
        return None
    hours, minutes = int(digits[:2]), int(digits[2:] or "0")
    size = timedelta(hours=hours, minutes=minutes)
    return -size if zone[0] == "-" else size
