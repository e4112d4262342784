"""One process of the bench that builds, opens and asks a screener, so that nothing else stands in its time and memory.

Run by :mod:`bench.screening.ours`: a task as JSON on standard input, figures as JSON on standard output. ``seconds``
are processor seconds of the whole process (all its threads), ``wall`` is time on the clock, ``peak_mb`` the most memory
it held, ``mapped_mb`` what of it are pages of files, which processes share.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import psutil

from pratique.flow.screening import Screener

Task = Mapping[str, Any]


def build(task: Task) -> dict[str, Any]:
    """Builds the screener of ``listed`` with an alert ``budget`` and saves it in ``index``."""
    listed = pl.read_parquet(task["listed"])
    timer = Timer()
    screener = Screener.build(listed, budget=task["budget"])
    screener.save(Path(task["index"]))
    return {**timer.told(), "threshold": screener.threshold, "calibrated": screener.calibration.alerts}


def screen(task: Task) -> dict[str, Any]:
    """Asks the screener in ``index`` all names in ``asked`` at once; the hits go to ``hits``."""
    asked = pl.read_parquet(task["asked"]).select("id", "name", "kind")
    timer = Timer()
    hits = Screener.open(Path(task["index"])).screen(asked)
    told = timer.told()
    hits.select("id", "entity_id", "listing_id", "score").write_parquet(task["hits"])
    return {**told, "names": len(asked), "hits": len(hits)}


def latency(task: Task) -> dict[str, Any]:
    """Asks the screener in ``index`` the names in ``asked`` one by one, after a tenth of them to warm up."""
    asked = pl.read_parquet(task["asked"]).select("id", "name", "kind")
    screener = Screener.open(Path(task["index"]))
    on_clock, of_processor = [], []
    for row in asked.iter_slices(1):
        clock, processor = time.perf_counter(), time.process_time()
        screener.screen(row)
        on_clock.append(1000 * (time.perf_counter() - clock))
        of_processor.append(1000 * (time.process_time() - processor))
    warm = len(asked) // 10
    figures = {"clock": on_clock[warm:], "processor": of_processor[warm:]}
    return {f"{of}_p{at}_ms": float(np.percentile(ms, at)) for of, ms in figures.items() for at in (50, 99)}


class Timer:
    """Processor and clock seconds since it was made."""

    def __init__(self) -> None:
        self.started = time.process_time(), time.perf_counter()

    def told(self) -> dict[str, float]:
        """Seconds so far, and memory now."""
        return {
            "seconds": time.process_time() - self.started[0],
            "wall": time.perf_counter() - self.started[1],
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "mapped_mb": getattr(psutil.Process().memory_info(), "shared", 0) / 1_048_576,
        }


TASKS: Mapping[str, Callable[[Task], dict[str, Any]]] = {"build": build, "screen": screen, "latency": latency}


def main() -> None:
    """Does the task on standard input."""
    task = json.load(sys.stdin)
    json.dump(TASKS[task["task"]](task), sys.stdout)


if __name__ == "__main__":
    main()
