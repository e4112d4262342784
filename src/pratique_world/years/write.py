"""The files of a world of years."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import polars as pl

from pratique_world.years.mix import Mix, day_number
from pratique_world.years.plan import FIRST_DAY, Plan
from pratique_world.years.policy import first_labels
from pratique_world.years.world import Told, build_world

_README: Final = """A synthetic port world, written by `pratique world write`. Everything in it is invented.

declarations.parquet  one row a consignment, by day of lodging
labels.parquet        results of the controls of the world's own customs office: {random:.1%} of all consignments at
                      random, {rules:.1%} by simple rules; late, and sometimes wrong
truth.parquet         what is true of each consignment; whoever scores must not read it
events.json           what changes in the course of the years, and when
mix.json              the mix of wrongdoing; give it to `--mix` to write the like again
world.json            what was asked for: seed, days, rows, shares

Seed {seed}, {days:,} days from {first}, {rows:,} consignments, {illicit:.2%} of them false.
docs/port-world.md tells how it is made and what it must not be taken for.
"""


@dataclass(frozen=True, slots=True)
class YearsSummary:
    """What was written."""

    seed: int
    days: int
    rows: int
    illicit_asked: int
    illicit: int
    mechanisms: Mapping[str, int]
    duty_lost_minor: int
    controlled: int
    found: int


def write_years(out: Path, plan: Plan, told: Told = lambda stage: None) -> YearsSummary:
    """Write the world of a plan to a folder, which is made where there is none; the same plan gives the same bytes."""
    out.mkdir(parents=True, exist_ok=True)
    world = build_world(plan, told)
    told("controls")
    labels = first_labels(world.declarations, world.truth, plan)
    told("files")
    text = _README.format(
        seed=plan.seed, days=plan.days, rows=plan.rows, illicit=plan.illicit, first=FIRST_DAY,
        random=plan.random_share, rules=plan.rule_share,
    )  # fmt: skip
    with _all_or_none(out) as part:
        for name, frame in (("declarations", world.declarations), ("labels", labels), ("truth", world.truth)):
            frame.write_parquet(part / f"{name}.parquet", compression_level=3)
        _write_json(part / "mix.json", plan.mix.described())
        _write_json(part / "world.json", _asked(plan))
        _write_json(part / "events.json", events(plan.mix, plan.days))
        (part / "README.txt").write_text(text, encoding="utf-8")
    return _summary(plan, world.truth, labels)


@contextmanager
def _all_or_none(out: Path) -> Iterator[Path]:
    """A folder beside the files, whose own are moved over them once all are written; else none is."""
    with TemporaryDirectory(prefix=".part-", dir=out) as folder:
        yield Path(folder)
        for file in sorted(Path(folder).iterdir()):
            file.replace(out / file.name)


def events(mix: Mix, days: int) -> list[dict[str, Any]]:
    """What changes and when, by day: mechanisms that start or end on the way, and the events of the mix."""
    told: list[dict[str, Any]] = [
        {"event": what, "mechanism": name, "day": day}
        for name, part in mix.mechanisms.items()
        for what, day in (("starts", day_number(part.start, days)), ("ends", day_number(part.end, days)))
        if 0 < day < days and part.share > 0
    ]
    for event in mix.described()["drift"]:
        dated = {"event": event["event"], **{name: event[name] for name in event if name not in {"start", "end"}}}
        dated["day"] = day_number(event["start"], days)
        if event["event"] == "wave":
            dated["last_day"] = max(dated["day"], day_number(event["end"], days) - 1)
        told.append(dated)
    for event in told:
        event["date"] = str(FIRST_DAY + timedelta(days=event["day"]))
    return sorted(told, key=lambda event: (event["day"], event["event"], event.get("mechanism", "")))


def _write_json(path: Path, document: object) -> None:
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _asked(plan: Plan) -> dict[str, Any]:
    return {
        "seed": plan.seed,
        "first_day": str(FIRST_DAY),
        "days": plan.days,
        "rows": plan.rows,
        "illicit": plan.illicit,
        "random_share": plan.random_share,
        "rule_share": plan.rule_share,
    }


def _summary(plan: Plan, truth: pl.DataFrame, labels: pl.DataFrame) -> YearsSummary:
    false = truth.filter("illicit")
    counts = false["mechanism"].value_counts(sort=True).sort("count", "mechanism", descending=[True, False])
    return YearsSummary(
        seed=plan.seed,
        days=plan.days,
        rows=len(truth),
        illicit_asked=round(plan.rows * plan.illicit),
        illicit=len(false),
        mechanisms=dict(counts.iter_rows()),
        duty_lost_minor=int(false["duty_lost_minor"].sum()),
        controlled=len(labels),
        found=int(labels["found"].sum()),
    )
