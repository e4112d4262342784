"""Where an element stands: its place as a finding tells it, back to bytes of the file."""

from __future__ import annotations

from collections import Counter
from typing import Final
from xml.parsers import expat

MOST_LEVELS: Final = 256


class _Enough(Exception):
    """The element was found, or the file has a document type, which is never read."""


def element_span(data: bytes, place: str) -> tuple[int, int] | None:
    """Offset and length in bytes of the element at ``place`` (``/Awmds[1]/Bol_segment[2]``), its tags included.

    ``None`` where there is none or where the text cannot be read so far.
    """
    search = _Search(place, data)
    try:
        search.parser.Parse(data, True)
    except (_Enough, expat.ExpatError):
        return search.found
    return search.found


class _Search:
    def __init__(self, place: str, data: bytes) -> None:
        self.found: tuple[int, int] | None = None
        self._place = place
        self._data = data
        self._path = [""]
        self._counts: list[Counter[str]] = [Counter()]
        self._start = -1
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _open(self, name: str, _attributes: dict[str, str]) -> None:
        if len(self._path) > MOST_LEVELS:
            raise _Enough
        self._counts[-1][name] += 1
        self._path.append(f"{self._path[-1]}/{name}[{self._counts[-1][name]}]")
        self._counts.append(Counter())
        if self._path[-1] == self._place:
            self._start = self.parser.CurrentByteIndex

    def _close(self, _name: str) -> None:
        if self._path.pop() == self._place:
            end = self._data.find(b">", self.parser.CurrentByteIndex) + 1
            self.found = (self._start, max(end - self._start, 0))
            raise _Enough
        self._counts.pop()

    def _refuse(self, *_told: object) -> None:
        raise _Enough
