"""The processes that do jobs: one at a time, and, where that is wanted, one more that waits with everything loaded.

Loading the program takes longer than a small list does, so that a process at hand makes small work feel immediate.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path


class Processes:
    """Starts workers for one node; ``at_hand`` says whether one is kept ready."""

    def __init__(self, command: Sequence[str], *, node: Path, at_hand: bool) -> None:
        self._command = (*command, str(node))
        self._at_hand = at_hand
        self._ready: subprocess.Popen[str] | None = None

    def prepare(self) -> None:
        """Has a process load the program, where one is to be at hand and none is."""
        if self._at_hand and (self._ready is None or self._ready.poll() is not None):
            self._ready = self._started()

    def begin(self, folder: Path) -> subprocess.Popen[str]:
        """A process that works on the job in ``folder``, which it is told on one line of its input."""
        ready, self._ready = self._ready, None
        worker = ready if ready is not None and ready.poll() is None else self._started()
        assert worker.stdin is not None
        with suppress(OSError):  # one that is gone already is noticed by its silence
            worker.stdin.write(json.dumps(str(folder)) + "\n")
            worker.stdin.close()
        return worker

    def close(self) -> None:
        """Ends the process that waits."""
        if self._ready is not None:
            self._ready.kill()
            with self._ready:
                self._ready = None

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 every word is our own
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
