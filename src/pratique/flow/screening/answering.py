"""Lists asked from another process, so that names are compared while that one weighs facts.

A question is ``{"lists": [FOLDER, ...], "bytes": N}`` and N bytes of an Arrow stream: the rows that
:meth:`Screener.hits` takes. Each list answers in turn: the number of bytes on a line, and its hits in the same form. A
question of no bytes only makes the lists ready and has no answer.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from pratique.flow.screening.screener import Screener


def answer_lists(
    asked: Mapping[str, Any], questions: BinaryIO, answers: BinaryIO, *, ahead: pl.DataFrame | None = None
) -> None:
    """Answers one question; lists that are made ready compare the names of ``ahead``, which will be asked next.

    Raises where the question is not of the form above or a list is not whole.
    """
    screeners = [_screener(Path(folder)) for folder in asked["lists"]]
    if not asked["bytes"]:
        for screener in screeners:
            if ahead is not None:
                screener.compare_ahead(ahead)
        return
    rows = pl.read_ipc_stream(questions.read(asked["bytes"]))
    for screener in screeners:
        told = io.BytesIO()
        screener.hits(rows).write_ipc_stream(told)
        answers.write(b"%d\n" % told.tell() + told.getbuffer())
        answers.flush()


@lru_cache(maxsize=64)
def _screener(folder: Path) -> Screener:
    return Screener.open(folder)
