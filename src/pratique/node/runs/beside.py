"""A second process, which read the file and is asked lists: two processors compare names and weigh facts at a time.

Only a process that a person started for one large file has such a second one. A server has everything loaded.
"""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import BinaryIO, cast

import polars as pl

from pratique.flow.intake.format import Reading
from pratique.flow.intake.handing_over import taken_over
from pratique.flow.screening import Answering

BROKEN = (OSError, ValueError, pl.exceptions.PolarsError)


class Beside:
    """The process that answers (:mod:`pratique.cli.second`); one that fails once is asked no more.

    It is never asked while it still has answers to give: both would wait for the other to read.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process: subprocess.Popen[bytes] | None = process
        self._asked = pl.DataFrame()  # the rows that were asked last
        self._asking: Thread | None = None
        self._due: list[Path] = []  # the lists whose answer was not read yet, in order
        self._answered: dict[Path, pl.DataFrame] = {}

    def reading(self, sha256: str, file_name: str) -> Reading | None:
        """What it read, as written, of the file with this digest and name; ``None`` where it read no such file."""
        try:
            self._send({"reading": sha256, "file_name": file_name})
            answers = self._answers
            return taken_over(answers) if int(answers.readline()) else None
        except (*BROKEN, KeyError, TypeError):
            self.close()
            return None

    def make_ready(self, lists: Sequence[Path]) -> None:
        """Has it open the lists in these folders and compare the names that it read; does not wait for that."""
        with suppress(*BROKEN):
            self._send(_lists(lists))

    def ask_ahead(self, lists: Sequence[Path], frame: pl.DataFrame) -> None:
        """Asks lists for the hits of these rows; waits neither for them nor until the process has time to listen."""
        self._asked, self._due = frame, [*lists]
        own = frame.clone()  # whoever looks at a frame while it is written waits for that, and it for him
        self._asking = Thread(target=self._ask, args=(own,), name="asking-beside")
        self._asking.start()

    def hits(self, folder: Path, frame: pl.DataFrame) -> pl.DataFrame | None:
        """The hits of the list for these rows; ``None`` where there is no answer to be had."""
        try:
            self._take_answers()
            if folder not in self._answered or not (frame is self._asked or frame.equals(self._asked)):
                self._answered = {}
                self.ask_ahead([folder], frame)
                self._take_answers()
            return self._answered[folder]
        except BROKEN:
            self.close()
            return None

    def let_go(self) -> None:
        """Nothing more will be asked: the process may end, and give back its memory, while other work goes on."""
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """Ends the process, which has nothing that could be lost."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            self._heard()
            with suppress(OSError), process:  # what it was asked and did not read is let go
                process.wait()

    def _ask(self, frame: pl.DataFrame) -> None:
        rows = io.BytesIO()
        frame.write_ipc_stream(rows)
        with suppress(*BROKEN):  # whoever wants the answer will see that there is none
            self._send(_lists(self._due, rows.tell()), rows.getbuffer())

    def _heard(self) -> None:
        """Waits until the process has heard what it was asked last, or is gone."""
        if self._asking is not None:
            self._asking.join()

    def _take_answers(self) -> None:
        while self._due:
            self._heard()
            self._answered[self._due.pop(0)] = self._answer()

    def _send(self, question: Mapping[str, object], rows: memoryview | bytes = b"") -> None:
        if self._process is None or self._process.stdin is None:
            raise BrokenPipeError
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        self._process.stdin.write(rows)
        self._process.stdin.flush()

    @property
    def _answers(self) -> BinaryIO:
        if self._process is None or self._process.stdout is None:
            raise BrokenPipeError
        return cast(BinaryIO, self._process.stdout)

    def _answer(self) -> pl.DataFrame:
        size = int(self._answers.readline())  # nothing, of a process that is gone, is no number
        return pl.read_ipc_stream(self._answers.read(size))


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


def _lists(lists: Sequence[Path], size: int = 0) -> dict[str, object]:
    return {"lists": [str(folder.absolute()) for folder in lists], "bytes": size}
