"""How many declarations a second get their history, features and score: on one core, and by two processes at once."""

from __future__ import annotations

from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from time import perf_counter, process_time

import numpy as np
import polars as pl

from bench.learning.worlds import data_of
from pratique.flow.learning.looks import Results
from pratique.flow.learning.model import Model

TIMES = 7
Measured = tuple[float, float]  # seconds of processor, the median; seconds on the wall, of all


def speed(model: Model, rows: pl.DataFrame, results: Results) -> None:
    """Prints rows by second of processor, alone and beside a second process that scores as much.

    The first call, in which what is compiled is loaded, stands apart. Two processes on two cores that nobody else uses
    are done when the slower one is: its seconds of processor count; the wall, which other work lengthens, is beside it.
    """
    late = data_of(rows)
    began = process_time()
    model.score(late, results)
    first = rows.height / (process_time() - began)
    alone = rows.height / _measure(model, rows, results)[0]
    print(f"    history, features, score: {alone:,.0f} rows/CPU-s (the first time {first:,.0f}), {rows.height:,} rows")
    context = get_context("spawn")
    with context.Manager() as manager:
        together = manager.Barrier(2)
        with context.Pool(2) as pool:
            told = pool.starmap(_together, [(together, model, rows, results)] * 2)
    slower, wall = (max(values) for values in zip(*told, strict=True))
    print(
        f"    two processes at once: {2 * rows.height / slower:,.0f} rows/s by seconds of processor of the slower one, "
        f"{2 * TIMES * rows.height / wall:,.0f} on the wall"
    )


def _together(begin: Barrier, model: Model, rows: pl.DataFrame, results: Results) -> Measured:
    """One of two processes, which begin when both are ready."""
    model.score(data_of(rows), results)
    begin.wait()
    return _measure(model, rows, results)


def _measure(model: Model, rows: pl.DataFrame, results: Results) -> Measured:
    late = data_of(rows)
    taken, start = [], perf_counter()
    for _ in range(TIMES):
        began = process_time()
        model.score(late, results)
        taken.append(process_time() - began)
    return float(np.median(taken)), perf_counter() - start
