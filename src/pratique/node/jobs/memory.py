"""The memory of a job, bounded: a message that would take all there is ends its own process and nothing else.

What counts is what lies in the machine's memory (the resident set), since the engine reserves far more addresses than
it uses. Where the system does not tell it (no ``/proc``), nothing is bounded here and the system's own limits count.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol

EVERY_SECONDS: Final = 0.25
SHARE_OF_MACHINE: Final = (4, 5)
PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


def bounded_memory(wanted: int | None) -> int:
    """``wanted`` bytes, or four fifths of the machine's memory where that is less or nothing was wanted."""
    part, whole = SHARE_OF_MACHINE
    share = os.sysconf("SC_PHYS_PAGES") * PAGE_BYTES * part // whole
    return share if wanted is None else min(wanted, share)


def resident_bytes(process: int) -> int:
    """What the process has in memory; 0 where it is gone, or the system does not tell."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE_BYTES
    except (OSError, IndexError, ValueError):
        return 0


class Process(Protocol):
    """What is asked of a process that runs beside this one."""

    pid: int

    def poll(self) -> int | None:
        """How it ended; ``None`` while it runs."""

    def kill(self) -> None:
        """Ends it at once."""


class MemoryGuard:
    """Watches one process while it is open, and kills it where it takes more than ``most`` bytes."""

    def __init__(self, worker: Process, *, most: int) -> None:
        self._worker = worker
        self._most = most
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory of a job", daemon=True)
        self.stopped = False  # whether it was killed for its memory

    def __enter__(self) -> MemoryGuard:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(EVERY_SECONDS) and self._worker.poll() is None:
            if resident_bytes(self._worker.pid) > self._most:
                self.stopped = True
                self._worker.kill()
                return
