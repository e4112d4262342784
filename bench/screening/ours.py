"""The product through its public door: pairs by ``compare`` and in a screener, lists in processes of their own.

One configuration for quality and speed: a screener built with an alert budget of ``BUDGET``. Only the labelled pairs
are asked of a screener with the largest budget, because they need scores below any threshold too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from bench.screening.lists import as_listings
from pratique.flow.screening import Screener, compare

BUDGET: Final = 50
"""Alerts per 1,000 ordinary names: the largest budget of which recall is told."""

EVERYTHING: Final = 1000
ONE_THREAD: Final = dict.fromkeys(
    ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)


def compared(pairs: pl.DataFrame) -> tuple[list[float], float]:
    """The score of each bare pair, where every word is as rare as any, and pairs per processor second."""
    started = time.process_time()
    scores = [compare(right, left, kind).score for left, right, kind in pairs.select(_PAIR).iter_rows()]
    return scores, len(scores) / max(1e-9, time.process_time() - started)


_PAIR: Final = ("left", "right", "kind")


def screened(pairs: pl.DataFrame) -> list[float]:
    """The score of each pair in a screener of all left names, so that it is known how rare their words are.

    0 where the screener does not tell the pair.
    """
    lefts = pairs.select("left", "kind").unique(maintain_order=True)
    lefts = lefts.with_columns(entity_id=pl.int_range(pl.len()).cast(pl.String))
    listed = as_listings(lefts["entity_id"].to_list(), lefts["left"].to_list(), lefts["kind"].to_list())
    asked = pairs.select(id=pl.int_range(pl.len()).cast(pl.String), left="left", name="right", kind="kind")
    hits = Screener.build(listed, budget=EVERYTHING).screen(asked.select("id", "name", "kind"))
    wanted = asked.join(lefts, on=["left", "kind"], how="left", maintain_order="left")
    best = hits.group_by("id", "entity_id").agg(pl.col("score").max())
    scores = wanted.join(best, on=["id", "entity_id"], how="left", maintain_order="left")["score"]
    return scores.fill_null(0.0).to_list()


@dataclass(frozen=True, slots=True)
class Run:
    """A list that was built, and asked by one process or two. Seconds of processor unless said otherwise.

    ``rate`` is names per second of all processes together: all names by the processor seconds of the slower one.
    """

    names: int
    build: Mapping[str, float]
    processes: Sequence[Mapping[str, float]]
    hits: pl.DataFrame

    @property
    def rate(self) -> float:
        return self.names / max(process["seconds"] for process in self.processes)

    @property
    def build_seconds(self) -> float:
        """The smaller of clock and processor: the clock runs on while others use the machine, threads add up."""
        return min(self.build["seconds"], self.build["wall"])

    @property
    def memory_mb(self) -> float:
        """The most that building held, or that the asking processes held together, what they share counted once."""
        shared = (len(self.processes) - 1) * min(process["mapped_mb"] for process in self.processes)
        return max(self.build["peak_mb"], sum(process["peak_mb"] for process in self.processes) - shared)


def run(listed: pl.DataFrame, asked: pl.DataFrame, folder: Path, *, processes: int = 1) -> Run:
    """Builds ``listed`` and asks all of ``asked`` (``id, name, kind``) with nothing cached, in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    listed.write_parquet(folder / "listed.parquet")
    built = {"task": "build", "listed": str(folder / "listed.parquet"), "index": str(folder / "index")}
    threads = {} if processes > 1 else ONE_THREAD
    figures = _ended(_started({**built, "budget": BUDGET}, threads, cores=range(processes)))
    started = []
    for part in range(processes):
        names, hits = folder / f"asked-{part}.parquet", folder / f"hits-{part}.parquet"
        asked.gather_every(processes, part).write_parquet(names)
        task = {"task": "screen", "index": str(folder / "index"), "asked": str(names), "hits": str(hits)}
        started.append(_started(task, ONE_THREAD, cores=[part]))
    done = [_ended(process) for process in started]
    hits_told = pl.concat([pl.read_parquet(folder / f"hits-{part}.parquet") for part in range(processes)])
    return Run(len(asked), figures, done, hits_told)


def latency(asked: pl.DataFrame, folder: Path) -> Mapping[str, float]:
    """Milliseconds for one name at a time in a warm process, by clock and by processor, of the list in ``folder``."""
    asked.write_parquet(folder / "single.parquet")
    task = {"task": "latency", "index": str(folder / "index"), "asked": str(folder / "single.parquet")}
    return _ended(_started(task, ONE_THREAD, cores=[0]))


def _started(task: Mapping[str, Any], environment: Mapping[str, str], *, cores: Sequence[int]) -> subprocess.Popen[str]:
    """The worker on these cores (numbers among those that this process may use)."""
    allowed = sorted(os.sched_getaffinity(0))
    chosen = {allowed[core % len(allowed)] for core in cores}
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.screening.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **environment},
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, chosen),
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(task))
    process.stdin.close()
    return process


def _ended(process: subprocess.Popen[str]) -> dict[str, float]:
    assert process.stdout is not None
    with process:
        told = process.stdout.read()
    if process.returncode != 0:
        raise SystemExit(f"A process of the bench ended with exit code {process.returncode}; what it said is above.")
    figures: dict[str, float] = json.loads(told)
    return figures
