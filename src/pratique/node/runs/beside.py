"""Lists in force, asked in a second process: two processors compare names and weigh facts at the same time.

Only a process that a person started for one large file has such a second one. A server has everything loaded.
"""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pratique.flow.screening import Answering

BROKEN = (OSError, ValueError, pl.exceptions.PolarsError)


class Beside:
    """The process that answers (:mod:`pratique.flow.screening.answering`); one that fails once is asked no more.

    It is never asked while it still has answers to give: both would wait for the other to read.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process: subprocess.Popen[bytes] | None = process
        self._asked = b""  # the rows that were asked last
        self._due: list[Path] = []  # the lists whose answer was not read yet, in order
        self._answered: dict[Path, pl.DataFrame] = {}

    def make_ready(self, lists: Sequence[Path]) -> None:
        """Has it open the lists in these folders, and does not wait for that."""
        with suppress(*BROKEN):
            self._send(lists, b"")

    def ask_ahead(self, lists: Sequence[Path], frame: pl.DataFrame) -> None:
        """Asks lists for the hits of these rows, and does not wait for them."""
        try:
            self._ask(lists, _packed(frame))
        except BROKEN:
            self.close()

    def hits(self, folder: Path, frame: pl.DataFrame) -> pl.DataFrame | None:
        """The hits of the list for these rows; ``None`` where there is no answer to be had."""
        rows = _packed(frame)
        try:
            while self._due:
                self._answered[self._due.pop(0)] = self._answer()
            if rows != self._asked or folder not in self._answered:
                self._ask([folder], rows)
                self._answered = {self._due.pop(): self._answer()}
            return self._answered[folder]
        except BROKEN:
            self.close()
            return None

    def close(self) -> None:
        """Ends the process, which has nothing that could be lost."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with suppress(OSError), process:  # what it was asked and did not read is let go
                process.wait()

    def _ask(self, lists: Sequence[Path], rows: bytes) -> None:
        self._send(lists, rows)
        self._asked, self._due = rows, [*lists]

    def _send(self, lists: Sequence[Path], rows: bytes) -> None:
        if self._process is None or self._process.stdin is None:
            raise BrokenPipeError
        head = {"lists": [str(folder.absolute()) for folder in lists], "bytes": len(rows)}
        self._process.stdin.write(json.dumps(head).encode() + b"\n" + rows)
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


def _packed(frame: pl.DataFrame) -> bytes:
    rows = io.BytesIO()
    frame.write_ipc_stream(rows)
    return rows.getvalue()
