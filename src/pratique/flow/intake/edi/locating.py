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
MOST_BLANKS: Final = 8  # of a segment that may be nothing but line breaks

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
    begins = np.append([start.body], ends[:-1] + 1)
    header = _header(data, begins, ends, int(asked["message"] or 1))
    number = None if header is None else _counted(data, begins, ends, header, int(asked["segment"]))
    if number is None:
        return None
    begin = int(begins[number])
    segment = data[begin : ends[number]]
    return begin + len(segment) - len(segment.lstrip()), len(segment.strip())


def _counted(data: bytes, begins: Ends, ends: Ends, header: int, segment: int) -> int | None:
    """The number of the segment that is the ``segment``-th from the header on; blank ones do not count."""
    length = ends[header:] - begins[header:]
    counts = length > 0
    for at in np.flatnonzero(counts & (length <= MOST_BLANKS)).tolist():
        counts[at] = bool(data[begins[header + at] : ends[header + at]].strip())
    found = int(np.searchsorted(np.cumsum(counts), segment))
    return header + found if segment > 0 and found < len(counts) else None


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


def _header(data: bytes, begins: Ends, ends: Ends, message: int) -> int | None:
    """The number of the segment that is the header of the given message of the file."""
    at, seen = int(begins[0]) - 1, 0
    while (at := data.find(HEADER, at + 1)) >= 0:
        number = int(np.searchsorted(ends, at))
        seen += not data[begins[number] : at].strip()
        if seen == message:
            return number
    return None
