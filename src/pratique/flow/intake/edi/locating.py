"""Where a segment stands: its place as a finding tells it, back to bytes of the file."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import numpy.typing as npt

from pratique.flow.intake.edi.start import find_start
from pratique.flow.intake.edi.syntax import Syntax

_PLACE: Final = re.compile(r"(?:message (?P<message>\d{1,9}) \([^)]*\), )?segment (?P<segment>\d{1,9})")
HEADER: Final = b"UNH"

Ends = npt.NDArray[np.int64]


def segment_span(data: bytes, place: str) -> tuple[int, int] | None:
    """Offset and length in bytes of the segment at ``place`` (``segment 21``, ``message 2 (REF), segment 21``).

    Segments are counted from 1 at the header of their message (UNH), messages from 1 in the file. ``None`` where the
    file has no such segment or the place is none of a segment.
    """
    asked = _PLACE.fullmatch(place)
    start = find_start(data, 0, bare=True) if asked else None
    if asked is None or start is None:
        return None
    ends = _ends(data, start.body, start.syntax)
    header = _header(data, ends, start.body, int(asked["message"] or 1))
    left = int(asked["segment"])
    for number in range(header, len(ends)) if header is not None and left > 0 else ():
        begin = start.body if number == 0 else int(ends[number - 1]) + 1
        segment = data[begin : ends[number]]
        left -= bool(segment.strip())
        if left == 0:
            lead = len(segment) - len(segment.lstrip())
            return begin + lead, len(segment.strip())
    return None


def _ends(data: bytes, body: int, syntax: Syntax) -> Ends:
    """Where the segments from ``body`` on end: at terminators that are not released, and at the end of the file."""
    characters = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(characters[body:] == ord(syntax.terminator)) + body
    release = syntax.release.encode()
    if release:
        suspect = np.flatnonzero(characters[np.maximum(ends - 1, 0)] == release[0])
        released = [at for at in suspect.tolist() if _run_of(data, int(ends[at]), release) % 2]
        ends = np.delete(ends, released)
    return np.append(ends, len(data)).astype(np.int64)


def _run_of(data: bytes, at: int, release: bytes) -> int:
    """How many release characters stand before ``at``."""
    return at - len(data[:at].rstrip(release)) if data[at - 2 : at] == release * 2 else 1


def _header(data: bytes, ends: Ends, body: int, message: int) -> int | None:
    """The number of the segment, from 0 at ``body``, that is the header of the given message of the file."""
    at, seen = body - 1, 0
    while (at := data.find(HEADER, at + 1)) >= 0:
        number = int(np.searchsorted(ends, at))
        begin = body if number == 0 else int(ends[number - 1]) + 1
        seen += not data[begin:at].strip()
        if seen == message:
            return number
    return None
