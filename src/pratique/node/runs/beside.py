"""Lists in force, asked in a second process: two processors compare names and weigh facts at the same time.

Only a process that a person started for one large file has such a second one. A server has everything loaded.
"""

from __future__ import annotations

import io
import json
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pratique.flow.screening import Answering


class Beside:
    """The process that answers (:mod:`pratique.flow.screening.answering`); one that fails once is asked no more."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process: subprocess.Popen[bytes] | None = process

    def make_ready(self, folder: Path) -> None:
        """Has it open the list in ``folder``, and does not wait for that."""
        with suppress(OSError):
            self._ask(folder, b"")

    def hits(self, folder: Path, frame: pl.DataFrame) -> pl.DataFrame | None:
        """The hits of the list for these rows; ``None`` where there is no answer to be had."""
        try:
            asked = io.BytesIO()
            frame.write_ipc_stream(asked)
            self._ask(folder, asked.getbuffer())
            return self._answer()
        except (OSError, ValueError, pl.exceptions.PolarsError):
            self.close()
            return None

    def close(self) -> None:
        """Ends the process, which has nothing that could be lost."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with suppress(OSError), process:  # what it was asked and did not read is let go
                process.wait()

    def _ask(self, folder: Path, rows: bytes | memoryview) -> None:
        if self._process is None or self._process.stdin is None:
            raise BrokenPipeError
        head = json.dumps({"list": str(folder.absolute()), "bytes": len(rows)})
        self._process.stdin.write(head.encode() + b"\n")
        self._process.stdin.write(rows)
        self._process.stdin.flush()

    def _answer(self) -> pl.DataFrame:
        if self._process is None or self._process.stdout is None:
            raise BrokenPipeError
        size = int(self._process.stdout.readline())  # nothing, of a process that is gone, is no number
        return pl.read_ipc_stream(self._process.stdout.read(size))


@dataclass(frozen=True, slots=True)
class AskedBeside:
    """A list that is asked in the second process, and here where that gives no answer."""

    screener: Answering
    folder: Path
    beside: Beside

    @property
    def version(self) -> str:
        """The digest of the list."""
        return self.screener.version

    def hits(self, frame: pl.DataFrame) -> pl.DataFrame:
        """As :meth:`~pratique.flow.screening.Screener.hits`."""
        found = self.beside.hits(self.folder, frame)
        return self.screener.hits(frame) if found is None else found
