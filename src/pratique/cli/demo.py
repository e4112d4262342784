"""``demo``: the main job on the sample port, and how well it did against the truth that only the demonstration has."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pratique.cli.export import FileKind, write_queue
from pratique.cli.output import say, table
from pratique.cli.runs import show_queue, summary
from pratique.cli.units import counted
from pratique.vocabulary.errors import Category, PratiqueError

if TYPE_CHECKING:
    from pratique.flow.assess import Assessment

ACTOR: Final = "demo"
MARK: Final = ".pratique-demo"
MORNING: Final = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
CONTROLS: Final = ("open", "scan", "documents")


@dataclass(frozen=True, slots=True)
class Gain:
    """How much of the planted wrongdoing lies in the chosen part, and what chance would find there."""

    chosen: int
    consignments: int
    caught: int
    planted: int

    @property
    def share(self) -> float:
        """Of the planted cases, the part that was chosen."""
        return self.caught / self.planted if self.planted else 0.0

    @property
    def by_chance(self) -> float:
        """The part that a random choice of the same size would be expected to hold."""
        return self.chosen / self.consignments if self.consignments else 0.0


def run_demo(out: Path, *, seed: int) -> None:
    """Everything ``make demo`` shows; the folder is made anew each time."""
    from pratique.node import Node, local_operator
    from pratique.node.handlers.assessments import AssessMessages
    from pratique.node.handlers.lists import LoadList
    from pratique_world import write_port

    make_anew(out)
    actor = local_operator(ACTOR)
    say("1. Writing the sample port: three vessels arriving within 36 hours, a watchlist, and the truth.")
    port = write_port(out / "port", seed=seed)
    vessels = [out / "port" / vessel.file for vessel in port.vessels]
    for vessel in port.vessels:
        say(f"   {vessel.file}: {vessel.name}, due {vessel.arrival}, {vessel.written.containers:,} containers")
    with Node.create(out / "node", actor=actor, clock=lambda: MORNING) as node:
        say("2. Loading the watchlist.")
        node.execute(LoadList("own", (out / "port" / "watchlist.csv",)), actor=actor)
        say(f"3. Assessing the three vessels as of {MORNING:%Y-%m-%d %H:%M} UTC.")
        found = node.execute(AssessMessages(tuple(vessels), seed=seed), actor=actor)
        told = summary(found)
        say(
            f"   run {told['run']}: {counted(told['consignments'], 'consignment')}, {counted(told['hits'], 'list hit')}"
        )
        show_queue(node, ACTOR, limit=15)
        _say_gain(found.assessment, out / "port" / "truth.csv")
        sheet = out / "control-list.xlsx"
        lines = write_queue(node, ACTOR, sheet, kind=FileKind.XLSX)
    say(f"The whole list ({lines:,} lines) as a spreadsheet: {sheet}")
    say(f"Ask further: pratique explain CONSIGNMENT --node {out / 'node'}")


def gains(assessment: Assessment, truth: Path) -> list[tuple[str, Gain]]:
    """The gain at the whole capacity and at its first parts, ranked as the officer sees them."""
    import polars as pl

    illicit = _illicit(truth)
    decided = assessment.decisions.join(
        assessment.manifest.consignments.select("consignment", "transport_contract_document_id"), on="consignment"
    ).with_columns(pl.col("transport_contract_document_id").is_in(illicit).alias("illicit"))
    chosen = decided.filter(pl.col("control").is_in(CONTROLS)).sort("rank")
    by_risk = chosen.filter(pl.col("basis") != "random")
    parts = [
        *((f"first {count} by rank", by_risk.head(count)) for count in (12, 72) if by_risk.height > count),
        ("all chosen by risk", by_risk),
        ("drawn at random", chosen.filter(pl.col("basis") == "random")),
        ("whole list", chosen),
    ]
    planted = int(decided["illicit"].sum())
    return [(name, Gain(part.height, decided.height, int(part["illicit"].sum()), planted)) for name, part in parts]


def _illicit(truth: Path) -> list[str]:
    with truth.open(encoding="utf-8", newline="") as file:
        return [row["consignment"] for row in csv.DictReader(file) if row["illicit"].lower() in ("1", "true", "yes")]


def _say_gain(assessment: Assessment, truth: Path) -> None:
    rows: list[tuple[Any, ...]] = []
    for name, gain in gains(assessment, truth):
        times = f"{gain.share / gain.by_chance:.1f}" if gain.by_chance else ""
        caught = f"{gain.caught} of {gain.planted}"
        rows.append((name, gain.chosen, caught, f"{gain.share:.0%}", f"{gain.by_chance:.1%}", times))
    columns = ["controlled", "consignments", "planted cases in it", "share", "by chance", "times chance"]
    table("Gain: planted wrongdoing in the selected part, against chance", columns, rows, right=columns[1:])


def make_anew(out: Path) -> None:
    """Empties the folder of an earlier demonstration; anything else in the way is left alone and refused."""
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        happened = f"{out} holds something that no demonstration wrote."
        todo = "Give another folder with --out."
        raise PratiqueError("demo.not_ours", happened, category=Category.CONFLICT, kept="Nothing changed.", todo=todo)
    if out.exists():
        shutil.rmtree(out)
    out.mkdir(parents=True)
    (out / MARK).write_text("Made by pratique demo; removed when it runs again.\n", encoding="utf-8")
