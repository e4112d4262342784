"""The second process of a large assessment: reads the file and compares its names, while the first does all else.

Started with the file it reads that at once, as written and with nothing checked, and then answers the process that
started it, which holds both its streams, until the input ends. A question is a line of JSON:

- ``{"reading": SHA256, "file_name": NAME}``: the answer is the line ``1`` and the reading
  (:mod:`~pratique.flow.intake.handing_over`) where it read these very bytes under this name, else the line ``0``;
- ``{"lists": [FOLDER, ...], "bytes": N}``: see :mod:`pratique.flow.screening.answering`.

Whatever goes wrong ends it, or leaves it without a reading: who asked then does the work itself, and meets the fault
there.
"""

from __future__ import annotations

import gc
import hashlib
import io
import json
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import polars as pl

    from pratique.flow.intake.format import Reading


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as it was read: its digest and name, and what it says."""

    sha256: str
    file_name: str
    reading: Reading


def read_file(path: Path) -> ReadFile | None:
    """The file read as written; ``None`` where that is not possible."""
    from pratique.flow.intake.format import ReadContext
    from pratique.flow.intake.read import read_as_written
    from pratique.vocabulary.errors import PratiqueError

    try:
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        context = ReadContext(file_name=path.name, raw_sha256=sha256)
        return ReadFile(sha256, path.name, read_as_written(io.BytesIO(content), context=context))
    except (OSError, PratiqueError):
        return None


def answer(questions: BinaryIO, answers: BinaryIO, read: ReadFile | None) -> None:
    """Answers every question, in order. Raises where one is not of the form above or cannot be answered."""
    ahead = None
    while line := questions.readline():
        asked = json.loads(line)
        if "reading" not in asked:
            _answer_lists(asked, questions, answers, ahead)
            ahead = None
        elif read is not None and (read.sha256, read.file_name) == (asked["reading"], asked["file_name"]):
            _hand_over(read.reading, answers)
            ahead, read = _named(read.reading), None  # while who asked takes it over
        else:
            answers.write(b"0\n")
            answers.flush()


def _hand_over(reading: Reading, answers: BinaryIO) -> None:
    from pratique.flow.intake.handing_over import hand_over

    answers.write(b"1\n")
    hand_over(reading, answers)
    answers.flush()


def _named(reading: Reading) -> pl.DataFrame:
    from pratique.flow.screening import named_subjects

    return named_subjects(reading.manifest)


def _answer_lists(asked: Mapping[str, Any], questions: BinaryIO, answers: BinaryIO, ahead: pl.DataFrame | None) -> None:
    from pratique.flow.screening.answering import answer_lists

    answer_lists(asked, questions, answers, ahead=ahead)


def main() -> None:
    """Answers what comes in; leaves at once when nothing more can come."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it is told, and ends it
    gc.disable()  # rows hold no cycles, and it ends with what it was begun for
    with suppress(Exception):
        answer(sys.stdin.buffer, sys.stdout.buffer, read_file(Path(sys.argv[1])))
    os._exit(0)


if __name__ == "__main__":
    main()
