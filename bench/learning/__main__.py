"""What learning reaches, with seeds and intervals: public declarations, the port world at rest and in a closed loop.

Small by default, so that it ends in minutes; ``--full`` is the whole of it and takes hours.
"""

from __future__ import annotations

import argparse

import polars as pl

from bench.learning.described import described_rows
from bench.learning.headings import headings
from bench.learning.loop import OFFICES, loop
from bench.learning.public import public
from bench.learning.speed import speed
from bench.learning.static import one_declaration, static
from bench.learning.ways import ways
from bench.learning.worlds import data_of, labels_for, scene
from pratique.flow.learning.labels import results_of
from pratique.flow.learning.training import train

PARTS = ("public", "headings", "described", "one", "speed", "static", "ways", "loop")
WAVES = ("misclassification", "splitting", "sanctions-evasion")


def main() -> None:
    """Runs the parts asked for."""
    asked = argparse.ArgumentParser(prog="python -m bench.learning", description=__doc__)
    asked.add_argument("--seeds", type=int, nargs="+", default=None, help="seeds of the worlds")
    asked.add_argument("--rows", type=int, default=None, help="declarations of a world at rest")
    asked.add_argument("--days", type=int, default=None)
    asked.add_argument("--mixes", nargs="+", default=None, help="shipped mixes or files")
    asked.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    asked.add_argument("--offices", nargs="+", choices=OFFICES, default=tuple(OFFICES), help="in the closed loop")
    asked.add_argument("--full", action="store_true", help="ten seeds, a million declarations")
    given = asked.parse_args()
    seeds = given.seeds or (list(range(101, 111)) if given.full else [101])
    rows = given.rows or (1_000_000 if given.full else 60_000)
    days = given.days or (1095 if given.full else 730)
    mixes = given.mixes or (["default", "calm", "new-wave"] if given.full else ["default"])
    if "public" in given.parts:
        public()
    if "headings" in given.parts:
        headings(range(5))
    if "described" in given.parts:
        described_rows(seeds, rows, days)
    if {"one", "speed"} & set(given.parts):
        at = scene(seeds[0], min(rows, 300_000), days, mixes[0])
        data = data_of(at.early)
        model = train(data, labels_for(at.labels.filter(pl.col("known_on") < at.cut), data))
        if "one" in given.parts:
            one_declaration(model, at.late)
        if "speed" in given.parts:
            speed(model, at.late, results_of(labels_for(at.labels, data_of(at.late))))
    if "static" in given.parts:
        print(f"port world at rest: {rows:,} declarations of {days:,} days, seeds {seeds}, mixes {mixes}")
        static(seeds, rows, days, mixes)
    if "ways" in given.parts:
        many = ["calm", "new-wave", *(f"bench/learning/mixes/wave-{name}.yaml" for name in WAVES)]
        print(f"known ways that rise: {rows:,} declarations of {days:,} days, seeds {seeds}")
        ways(seeds, min(rows, 250_000), days, given.mixes or many)
    if "loop" in given.parts:
        rows = min(rows, 250_000 if given.full else 40_000)
        print(f"closed loop: {rows:,} declarations of {days:,} days, seeds {seeds}, a tenth controlled each week")
        loop(seeds, rows, days, given.mixes or ["new-wave", "calm"], given.offices)


if __name__ == "__main__":
    main()
