"""A list weighed with the node's own traffic, as it is kept: the table, the lines of the list with it, and which list.

It lies beside the list, whose index it does not repeat.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import polars as pl

from pratique.flow.screening.calibrate import Calibration
from pratique.flow.screening.traffic import Traffic

WHOLE: Final = "weighed.json"
_COUNTS: Final = "traffic.parquet"


@dataclass(frozen=True, slots=True)
class Weighing:
    """The list of that ``version`` (the name of its folder), the ``traffic``, and the ``lines`` it has with it."""

    version: str
    traffic: Traffic
    lines: Calibration


def save_weighing(weighing: Weighing, folder: Path) -> None:
    """Writes it into ``folder``, which exists; what says that it is whole comes last."""
    weighing.traffic.counts.write_parquet(folder / _COUNTS, statistics=False)
    told = {
        "version": weighing.version,
        "parties": weighing.traffic.parties,
        "words": weighing.traffic.words,
        **asdict(weighing.lines),
    }
    (folder / WHOLE).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def weighing_in(folder: Path) -> Weighing | None:
    """What lies in ``folder``; ``None`` where that is a list itself, or nothing.

    Raises ``OSError``, ``ValueError``, ``KeyError`` or ``TypeError`` where it is not whole.
    """
    try:
        written = (folder / WHOLE).stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(folder, written)


@lru_cache(maxsize=32)
def _read(folder: Path, written: int) -> Weighing:
    """Read once by each process: what lies under a digest does not change. ``written`` is when it was put there."""
    told = json.loads((folder / WHOLE).read_text(encoding="utf-8"))
    try:
        counts = pl.read_parquet(folder / _COUNTS)
        traffic = Traffic(counts, parties=told["parties"], words=told["words"])
    except pl.exceptions.PolarsError as error:
        raise ValueError(str(error)) from error
    return Weighing(told["version"], traffic, Calibration.told(told))
