"""Frames in memory: what never changes is read or computed once, and the oldest goes when there is too much.

The key of a frame is a digest of everything it depends on, so that what is kept is exact for ever and the same for
every node. Frames are immutable; whoever is given one may share it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

import polars as pl

MEBIBYTE: Final = 1 << 20


class FrameCache:
    """Frames by key, at most ``most_bytes`` of them together, the longest unused go first. Safe with many threads."""

    def __init__(self, *, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._frames: OrderedDict[str, tuple[pl.DataFrame, int]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()
        self._making: dict[str, Lock] = {}

    def get(self, key: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """The frame of that key; ``make`` is called where it is not there, by one thread while others wait for it."""
        found = self._kept(key)
        if found is not None:
            return found
        with self._lock:
            turn = self._making.setdefault(key, Lock())
        with turn:
            found = self._kept(key)
            if found is not None:
                return found
            try:
                made = make()
                self._keep(key, made)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made

    @contextmanager
    def in_passing(self) -> Iterator[None]:
        """What comes to be kept meanwhile goes at the end: for work that looks at the frames of many runs once."""
        with self._lock:
            before = set(self._frames)
        try:
            yield
        finally:
            with self._lock:
                for key in self._frames.keys() - before:
                    self._bytes -= self._frames.pop(key)[1]

    @property
    def held_bytes(self) -> int:
        """How many bytes the frames take."""
        return self._bytes

    def _kept(self, key: str) -> pl.DataFrame | None:
        with self._lock:
            if key not in self._frames:
                return None
            self._frames.move_to_end(key)
            return self._frames[key][0]

    def _keep(self, key: str, made: pl.DataFrame) -> None:
        size = int(made.estimated_size())
        with self._lock:
            if size > self._most_bytes or key in self._frames:
                return
            self._frames[key] = (made, size)
            self._bytes += size
            while self._bytes > self._most_bytes:
                _, (_, freed) = self._frames.popitem(last=False)
                self._bytes -= freed


FRAMES: Final = FrameCache(most_bytes=512 * MEBIBYTE)
"""The frames of this process."""
