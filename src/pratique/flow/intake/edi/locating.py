"""Where a segment stands: its place as a finding tells it, back to bytes of the file."""

from __future__ import annotations

import re
from typing import Final

from pratique.flow.intake.edi.start import find_start
from pratique.flow.intake.edi.syntax import Syntax

_PLACE: Final = re.compile(r"(?:message (?P<message>\d{1,9}) \([^)]*\), )?segment (?P<segment>\d{1,9})")


def segment_span(data: bytes, place: str) -> tuple[int, int] | None:
    """Offset and length in bytes of the segment at ``place`` (``segment 21``, ``message 2 (REF), segment 21``).

    Segments are counted from 1 at the header of their message (UNH), messages from 1 in the file. ``None`` where the
    file has no such segment or the place is none of a segment.
    """
    asked = _PLACE.fullmatch(place)
    start = find_start(data, 0, bare=True) if asked else None
    if asked is None or start is None:
        return None
    wanted_message, wanted_segment = int(asked["message"] or 1), int(asked["segment"])
    message = segment = 0
    for found in _segments(start.syntax).finditer(data, start.body):
        if found[0].startswith(b"UNH"):
            message, segment = message + 1, 0
        segment += 1
        if message == wanted_message and segment == wanted_segment:
            return found.start(), found.end() - found.start()
        if message > wanted_message:
            return None
    return None


def _segments(syntax: Syntax) -> re.Pattern[bytes]:
    """One segment, without the white space before it and the terminator behind it."""
    terminator, release = re.escape(syntax.terminator.encode()), re.escape(syntax.release.encode())
    pair = rb"|" + release + rb"." if release else b""
    return re.compile(rb"(?!\s)(?:[^" + terminator + release + rb"]++" + pair + rb")++", re.DOTALL)
