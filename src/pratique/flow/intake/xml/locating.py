"""Where an element stands: its place as a finding tells it, back to bytes of the file."""

from __future__ import annotations

import re
from typing import Final
from xml.parsers import expat

_STEP: Final = re.compile(r"/(?P<name>[^/\[\]]+)\[(?P<number>\d{1,9})\]")


class _Enough(Exception):
    """The element was found, or the file has a document type, which is never read."""


def element_span(data: bytes, place: str) -> tuple[int, int] | None:
    """Offset and length in bytes of the element at ``place`` (``/Awmds[1]/Bol_segment[2]``), its tags included.

    ``None`` where there is none or where the text cannot be read so far.
    """
    steps = [(step["name"], int(step["number"])) for step in _STEP.finditer(place)]
    if not steps or "".join(f"/{name}[{number}]" for name, number in steps) != place:
        return None
    search = _Search(steps, data)
    try:
        search.parser.Parse(data, True)
    except (_Enough, expat.ExpatError):
        return search.found
    return search.found


class _Search:
    """Walks the text; only elements on the way to the place are counted, all others cost a number."""

    def __init__(self, steps: list[tuple[str, int]], data: bytes) -> None:
        self.found: tuple[int, int] | None = None
        self._steps = steps
        self._data = data
        self._depth = self._matched = 0
        self._count = 0  # elements of the wanted name seen below the last step that matched
        self._start = -1
        self._has_content = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _open(self, name: str, _attributes: dict[str, str]) -> None:
        self._has_content = True
        if self._depth == self._matched < len(self._steps) and name == self._steps[self._matched][0]:
            self._count += 1
            if self._count == self._steps[self._matched][1]:
                self._matched += 1
                self._count = 0
                self._start = self.parser.CurrentByteIndex
                self._has_content = False
                if self._matched == len(self._steps):
                    self.parser.CharacterDataHandler = self._text
        self._depth += 1

    def _close(self, _name: str) -> None:
        self._depth -= 1
        if self._depth >= self._matched:
            return
        if self._matched == len(self._steps):
            end = self.parser.CurrentByteIndex  # of the end tag; behind an element that closes itself
            closes_itself = not self._has_content and self._plain(self._data[self._start : end]).endswith(b"/>")
            end = end if closes_itself else self._data.find(b">", end) + 1
            self.found = (self._start, max(end - self._start, 0))
        raise _Enough  # found, or the way ended without it

    def _text(self, _text: str) -> None:
        self._has_content = True

    @staticmethod
    def _plain(tag: bytes) -> bytes:
        """A tag without the zero bytes of a wide encoding."""
        return tag.replace(b"\0", b"")

    def _refuse(self, *_told: object) -> None:
        raise _Enough
