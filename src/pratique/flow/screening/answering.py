"""Lists asked in a process of their own, so that names are compared while another process reads and weighs facts.

Started as a program it answers the process that started it, which holds both its streams, until the input ends. A
question is a line of JSON, ``{"lists": [FOLDER, ...], "bytes": N}``, and N bytes of an Arrow stream: the rows that
:meth:`Screener.hits` takes. Each list answers in turn: the number of bytes on a line, and its hits in the same form. A
question of no bytes only makes the lists ready and has no answer. Whatever goes wrong ends it: who asked then asks the
lists itself, and meets the fault there.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

import polars as pl

from pratique.flow.screening.screener import Screener

LINEAR_ALGEBRA: Final = "scipy"
_ANYBODY = pl.DataFrame({"id": ["1"], "name": ["ANY NAME"], "kind": ["person"]})


def answer(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answers every question, in order. Raises where one is not of the form above or its list is not whole."""
    while line := questions.readline():
        asked = json.loads(line)
        screeners = [_screener(Path(folder)) for folder in asked["lists"]]
        if not asked["bytes"]:
            for screener in screeners:
                screener.screen(_ANYBODY)
            continue
        rows = pl.read_ipc_stream(questions.read(asked["bytes"]))
        for screener in screeners:
            told = io.BytesIO()
            screener.hits(rows).write_ipc_stream(told)
            answers.write(b"%d\n" % told.tell() + told.getbuffer())
            answers.flush()


@lru_cache(maxsize=64)
def _screener(folder: Path) -> Screener:
    return Screener.open(folder)


def main() -> None:
    """Answers what comes in; leaves at once when nothing more can come."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it is told, and ends it
    # The compiler looks for what numbers are multiplied with in bulk, which takes longer to load than itself.
    sys.modules[LINEAR_ALGEBRA] = None  # type: ignore[assignment]
    from pratique.flow.screening import kernel  # noqa: F401 loaded before anybody asks

    with suppress(Exception):
        answer(sys.stdin.buffer, sys.stdout.buffer)
    os._exit(0)


if __name__ == "__main__":
    main()
