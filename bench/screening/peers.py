"""The peers on the same input in the same run: rapidfuzz here, nomenklatura's logic-v2 in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process

from bench.screening.lists import words_of

LOGIC_V2: Final = Path(__file__).parents[1] / "peers" / "logic_v2.py"
PYTHON: Final = LOGIC_V2.parent / ".venv" / "bin" / "python"
SCORERS: Final = {
    "rapidfuzz token_sort": fuzz.token_sort_ratio,
    "rapidfuzz token_set": fuzz.token_set_ratio,
    "rapidfuzz WRatio": fuzz.WRatio,
}
ABSENT: Final = "no environment in bench/peers/.venv; `make bench-peers` makes it (it needs a network and libicu-dev)"


class NoPeerError(Exception):
    """The peer is not there, or it failed; its message says why."""


def rapidfuzz_pairs(pairs: pl.DataFrame, name: str) -> tuple[list[float], float]:
    """Scores (0 to 1) of one of ``SCORERS`` on names in capitals without accents, and pairs per processor second."""
    started = time.process_time()
    lefts, rights = ([" ".join(words_of(name)) for name in pairs[side]] for side in ("left", "right"))
    scores = process.cpdist(lefts, rights, scorer=SCORERS[name], workers=1, dtype=np.float32) / 100
    return scores.tolist(), len(pairs) / max(1e-9, time.process_time() - started)


def logic_v2_pairs(pairs: pl.DataFrame) -> tuple[list[float], float]:
    """Scores of logic-v2 and pairs per processor second. Raises :class:`NoPeerError`."""
    told = _logic_v2({"task": "pairs", "pairs": pairs.select("left", "right", "kind").rows()})
    return told["scores"], len(pairs) / told["seconds"]


@dataclass(frozen=True, slots=True)
class PeerRun:
    """A peer end to end: names per processor second of one core, seconds to build, hits (``id, entity_id, score``)."""

    rate: float
    build_seconds: float
    hits: pl.DataFrame
    compared: float


def logic_v2_run(listed: pl.DataFrame, asked: pl.DataFrame) -> PeerRun:
    """Its DuckDB blocker and logic-v2 on one core. Raises :class:`NoPeerError`."""
    told = _logic_v2(
        {
            "task": "screen",
            "listed": listed.select("entity_id", "name", "kind").rows(),
            "asked": asked.select("id", "name", "kind").rows(),
        }
    )
    return PeerRun(
        len(asked) / told["seconds"], told["build_seconds"], _hits(told["hits"]), told["compared"] / len(asked)
    )


def rapidfuzz_run(listed: pl.DataFrame, asked: pl.DataFrame, *, best: int = 20) -> PeerRun:
    """Everything with everything by token_sort on sorted words, one core; the ``best`` of each name are its hits."""
    started = time.process_time()
    names = [" ".join(sorted(words_of(name))) for name in listed["name"]]
    built = time.process_time()
    declared = [" ".join(sorted(words_of(name))) for name in asked["name"]]
    rows: list[tuple[str, str, float]] = []
    ids = listed["entity_id"].to_list()
    for first in range(0, len(declared), 200):
        part = process.cdist(declared[first : first + 200], names, scorer=fuzz.ratio, workers=1, dtype=np.uint8)
        top = np.argpartition(-part.astype(np.int16), min(best, part.shape[1] - 1), axis=1)[:, :best]
        for number, columns in enumerate(top):
            rows += [(asked["id"][first + number], ids[at], part[number, at] / 100) for at in columns]
    return PeerRun(len(asked) / (time.process_time() - built), built - started, _hits(rows), len(names))


def _hits(rows: list[Any]) -> pl.DataFrame:
    schema = {"id": pl.String, "entity_id": pl.String, "score": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row", strict=False)


def _logic_v2(task: dict[str, Any]) -> dict[str, Any]:
    if not PYTHON.exists():
        raise NoPeerError(ABSENT)
    environment = {**os.environ, "NOMENKLATURA_DUCKDB_THREADS": "1", "OMP_NUM_THREADS": "1"}
    run = subprocess.run(
        [PYTHON, LOGIC_V2], input=json.dumps(task), capture_output=True, text=True, env=environment, check=False
    )
    if run.returncode != 0:
        raise NoPeerError(f"it failed: {run.stderr.strip().splitlines()[-1:]}")
    told: dict[str, Any] = json.loads(run.stdout)
    return told
