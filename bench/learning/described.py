"""What learned headings find in a run, and what that costs: on sample ports, and on worlds of years.

They are learned from what was declared earlier, by honest filers and others (two ports of other seeds; the first part
of a world), and read against what comes after. A finding is right where the truth says misclassification; an honest
mistake of a code counts as wrong.
"""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import polars as pl

from bench.learning.worlds import scene
from bench.risk import facts_of, manifest_in
from pratique.flow.assess import with_headings
from pratique.flow.learning.describing import described
from pratique.flow.learning.headings import Headings, learn_headings
from pratique.flow.risk import Facts, score, shipped_profiles
from pratique.vocabulary.intervals import wilson
from pratique_world import write_manifest, write_port

AT = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
INDICATOR = "description.other_heading"
WRONG = "misclassification"
TEACHERS = (1001, 1002)  # seeds of the ports that are learned from
BILLS = 20_000
RUNS = 3
Result = TypeVar("Result")


def described_rows(seeds: Sequence[int], rows: int, days: int) -> None:
    """Prints findings and how many of them are right, and the CPU seconds that 20,000 bills take more."""
    with tempfile.TemporaryDirectory(prefix="bench-headings-") as folder:
        teachers = [facts for seed in TEACHERS for facts, _ in _port(Path(folder), seed)]
        known = learn_headings(pl.concat([facts.goods.select("description", "heading") for facts in teachers]))
        _of_ports(known, Path(folder), seeds)
        _cost(known, _large(Path(folder)))
    _of_worlds(seeds, rows, days)


def _of_ports(known: Headings, folder: Path, seeds: Sequence[int]) -> None:
    profiles = [each for each in shipped_profiles() if each.id == INDICATOR]
    found, right, there, bills = 0, 0, 0, 0
    for seed in seeds:
        for facts, wrongs in _port(folder, seed):
            fired = score(with_headings(facts, known), profiles).reasons["consignment"]
            numbers = facts.consignment.filter(pl.col("consignment").is_in(fired.implode()))
            by_bill = facts.consignment["transport_contract_document_id"].to_list()
            found, bills = found + numbers.height, bills + facts.consignment.height
            right += sum(wrongs.get(each) == WRONG for each in numbers["transport_contract_document_id"].to_list())
            there += sum(wrongs.get(each) == WRONG for each in by_bill)
    _say(f"sample ports {list(seeds)}: {bills:,} bills, {there} misclassified", found, right)


def _of_worlds(seeds: Sequence[int], rows: int, days: int) -> None:
    found, right, there, late = 0, 0, 0, 0
    for seed in seeds:
        at = scene(seed, rows, days, "default")
        told = at.late.select("consignment", "description", heading=pl.col("hs6").str.slice(0, 4))
        known = learn_headings(at.early.select("description", heading=pl.col("hs6").str.slice(0, 4)))
        said = told.join(described(known, told).filter("heading_contradicted"), on=["description", "heading"])
        wrong = at.world.truth.filter(mechanism=WRONG)["consignment"]
        found, late = found + said.height, late + told.height
        right += int(said["consignment"].is_in(wrong.implode()).sum())
        there += int(told["consignment"].is_in(wrong.implode()).sum())
    _say(f"worlds {list(seeds)}: {late:,} later declarations, {there} misclassified", found, right)


def _say(what: str, found: int, right: int) -> None:
    low, high = wilson(right / found, found) if found else (0.0, 1.0)
    print(f"{what}; {found} described as goods of another heading, {right} of these right ({low:.3f} to {high:.3f})")


def _cost(known: Headings, facts: Facts) -> None:
    """With and without, in turns; the first turn makes tables ready and counts for nothing."""
    profiles = [each for each in shipped_profiles() if each.id.startswith("description.")]
    turns = [(_cpu(lambda: score(facts, profiles)), _cpu(lambda: score(with_headings(facts, known), profiles)))]
    turns += [
        (_cpu(lambda: score(facts, profiles)), _cpu(lambda: score(with_headings(facts, known), profiles)))
        for _ in range(RUNS)
    ]
    more = sorted(told - plain for plain, told in turns[1:])[RUNS // 2]
    texts = facts.goods["description"].n_unique()
    print(f"{facts.consignment.height:,} bills, {texts:,} different descriptions: {more:.2f} CPU seconds more (median)")


def _cpu(work: Callable[[], Result]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _large(folder: Path) -> Facts:
    write_manifest(folder / "large.edi", consignments=BILLS, seed=1)
    return _facts(folder / "large.edi")


def _port(folder: Path, seed: int) -> list[tuple[Facts, Mapping[str, str]]]:
    """The facts of each ship of a port, and what is wrong with each bill."""
    place = folder / str(seed)
    port = write_port(place, seed=seed, base=AT.replace(tzinfo=None))
    with (place / "truth.csv").open(encoding="utf-8", newline="") as file:
        wrongs = {row["consignment"]: row["mechanism"] for row in csv.DictReader(file)}
    return [(_facts(place / vessel.file), wrongs) for vessel in port.vessels]


def _facts(path: Path) -> Facts:
    return facts_of(manifest_in(path), at=AT)
