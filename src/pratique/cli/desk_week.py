"""The week before on the demonstration node: a ship that was controlled, so that every page has something to show.

Officers did on it what officers do, by the node's own commands and at the moments of that week. What a control finds
follows from the truth that the sample port tells.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pratique.flow.controls.catalogue import catalogue
from pratique.flow.controls.outcomes import ControlFinding
from pratique.flow.controls.shifts import Shift
from pratique.flow.learning.headings import learn_headings
from pratique.node import local_operator
from pratique.node.controls.outcome_checks import Result
from pratique.node.handlers.approvals import ApproveControls
from pratique.node.handlers.arrivals import ListArrivals
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.control_list import WaiveConsignment
from pratique.node.handlers.dispositions import DisposeHit
from pratique.node.handlers.hits import ListHits
from pratique.node.handlers.ledger import MakeCheckpoint
from pratique.node.handlers.ledger_keys import MakeKeys
from pratique.node.handlers.models import KeepModel, PromoteModel
from pratique.node.handlers.orders import AnswerSteps, AssignControl, ListControls, StartControl, StepAnswer
from pratique.node.handlers.outcomes import RecordOutcome
from pratique.node.handlers.past_declarations import ListPastDeclarations
from pratique.node.handlers.queue_page import QueuePage
from pratique.node.handlers.resources import Cost, PutResource
from pratique.node.learning.headings import described_of, keep_learned
from pratique.node.learning.speakers import MODELS
from pratique_world import write_port

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pratique.node import Node
    from pratique.node.controls.order_lines import OrderLine

SEED: Final = 2
OWNER: Final = "customs.example"
CHIEF, TARGETING, INSPECTOR = (local_operator(name) for name in ("demo", "demo-targeting", "demo-inspection"))
CAPACITY: Final = {"open": 8, "scan": 24, "documents": 40}
APPROVED_AFTER: Final = timedelta(hours=2)
EACH_TAKES: Final = timedelta(minutes=20)
ROUND_THE_CLOCK: Final = (Shift("day", time(6), time(18), 60), Shift("night", time(18), time(6), 60))
RESOURCES: Final = {
    "scanner-1": ("scanner", "Scanner, gate 2", 4_000),
    "dogs-1": ("dog_team", "Dogs, north quay", 2_500),
    "team-a": ("opening_team", "Opening team A", 18_000),
    "desk-1": ("documents_desk", "Papers, first floor", 1_200),
    "lab-1": ("laboratory", "Customs laboratory", 30_000),
}
THREATS: Final = {
    "false_origin": "origin",
    "heavy_empty": "undeclared",
    "listed_party": "sanctions",
    "misclassification": "misclassification",
    "prohibited_goods": "narcotics",
    "rip_on_rip_off": "narcotics",
    "shell_importers": "undervaluation",
    "split_consignment": "undervaluation",
    "undeclared_dangerous_goods": "undeclared",
    "undervaluation": "undervaluation",
}
SEIZED: Final = {"narcotics": 12_500_000, "sanctions": 4_000_000}  # worth, in minor units
OWED: Final = 240_000  # duty recovered for any other find, in minor units


@dataclass
class Week:
    """The clock of that week, which the officers' work moves on."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment


def week_before(node: Node, week: Week, out: Path) -> None:
    """Assesses a ship, answers its hits, approves its list, records what each control came to, and learns headings."""
    node.execute(MakeKeys(OWNER), actor=CHIEF)
    node.execute(MakeCheckpoint(), actor=CHIEF)
    for name, (kind, said, cost) in RESOURCES.items():
        node.execute(
            PutResource(name, kind, said, "UTC", ROUND_THE_CLOCK, Cost("EUR", per_control_minor=cost)), actor=CHIEF
        )
    start = week.moment.replace(tzinfo=None)
    port = write_port(out / "week-before", seed=SEED, base=start)
    ship = out / "week-before" / port.vessels[0].file
    run = node.execute(AssessMessages((ship,), CAPACITY, seed=SEED), actor=CHIEF).run.id
    week.moment += APPROVED_AFTER
    _answer_hits(node, run)
    _approve(node, run)
    wrongs = _wrongs(out / "week-before" / "truth.csv")
    for order in node.ask(ListControls(), actor=CHIEF).orders:
        _control(node, week, order, _result(wrongs.get(order.bill or "")))
    _learn_headings(node)
    node.execute(MakeCheckpoint(), actor=CHIEF)


def _learn_headings(node: Node) -> None:
    """Which headings the descriptions of that ship stood under; two officers put it in force."""
    rows = described_of(node.ask(ListPastDeclarations(), actor=CHIEF).rows)
    learned = learn_headings(rows.select("description", "heading"), until=str(rows["lodged_on"].max()))
    digest, _ = keep_learned(learned, rows, node.folder.root / MODELS)
    node.execute(KeepModel(digest), actor=TARGETING)
    node.execute(PromoteModel(digest), actor=CHIEF)


def _answer_hits(node: Node, run: str) -> None:
    for hit in node.ask(ListHits(run), actor=CHIEF).hits:
        answer = ("same", "details_agree") if hit.score_permille >= 900 else ("different", "common_name")
        node.execute(DisposeHit(run, hit.number, *answer), actor=TARGETING)


def _approve(node: Node, run: str) -> None:
    call = next(each.call.id for each in node.ask(ListArrivals(None), actor=CHIEF).calls if each.run.id == run)
    for line in node.ask(QueuePage(run=run, call=call, view="above_line", limit=200), actor=CHIEF).rows:
        if line.left_open:
            node.execute(WaiveConsignment(run, line.consignment_id, "documents_suffice"), actor=TARGETING)
    seen = node.ask(QueuePage(run=run, call=call, limit=1), actor=CHIEF)
    node.execute(ApproveControls(run, call, seen.list_sha256), actor=TARGETING)


def _control(node: Node, week: Week, order: OrderLine, result: Result) -> None:
    needed = catalogue().types[order.control].resource
    resource = next(name for name, (kind, _, _) in RESOURCES.items() if kind == needed)
    shift = next(
        each for each in ROUND_THE_CLOCK if each.starts <= week.moment.time() < each.ends or each.ends < each.starts
    )
    node.execute(AssignControl(order.id, resource, _day_of(shift, week.moment), shift.name), actor=CHIEF)
    node.execute(StartControl(order.id), actor=INSPECTOR)
    steps = catalogue().types[order.control].steps
    answers = tuple(StepAnswer(step.code, "done", "as declared" if step.answer == "text" else "") for step in steps)
    node.execute(AnswerSteps(order.id, answers), actor=INSPECTOR)
    week.moment += EACH_TAKES
    node.execute(RecordOutcome(order.id, result), actor=INSPECTOR)


def _day_of(shift: Shift, moment: datetime) -> date:
    """The day on which the shift began that is at work then."""
    over_midnight = shift.ends < shift.starts and moment.time() < shift.ends
    return moment.date() - timedelta(days=1) if over_midnight else moment.date()


def _result(wrong: str | None) -> Result:
    """What a control comes to that finds what is there."""
    if wrong is None:
        return Result("conform")
    threat = THREATS[wrong]
    if worth := SEIZED.get(threat):
        found = ControlFinding(threat, "among_goods", value_minor=worth, currency="EUR", seized=True)
        return Result("seizure", findings=(found,), legal_basis="Customs Act (demonstration), section 1")
    found = ControlFinding(threat, "false_papers", value_minor=4 * OWED, currency="EUR")
    return Result("discrepancy", findings=(found,), duty_recovered_minor=OWED, duty_currency="EUR")


def _wrongs(truth: Path) -> Mapping[str, str]:
    """The mechanism of each bill that is wrong."""
    with truth.open(encoding="utf-8", newline="") as file:
        return {row["consignment"]: row["mechanism"] for row in csv.DictReader(file) if row["mechanism"]}
