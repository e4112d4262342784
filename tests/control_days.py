"""A day of controls to test on: the two ships with their lists approved, resources, and orders taken to their end."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from control_lists import page, two_ships
from nodes import ANNA, BEN, copied
from pratique.flow.controls.catalogue import catalogue
from pratique.flow.controls.shifts import Shift
from pratique.node import Actor, Node
from pratique.node.controls.order_lines import OrderLine
from pratique.node.controls.outcome_checks import Result
from pratique.node.handlers.approvals import ApproveControls
from pratique.node.handlers.arrivals import ListArrivals
from pratique.node.handlers.control_list import WaiveConsignment
from pratique.node.handlers.orders import AnswerSteps, ListControls, StartControl, StepAnswer
from pratique.node.handlers.outcomes import OutcomeRecord, RecordOutcome
from pratique.node.handlers.queue_page import QueuePage
from pratique.node.handlers.resources import PutResource

START = datetime(2026, 10, 6, 6, 0, tzinfo=UTC)
DAY = date(2026, 10, 6)
EARLY = Shift("early", time(6), time(14), 2, (1, 2, 3, 4, 5, 6, 7))
CONFORM = Result("conform")


class Clock:
    """A clock that a test moves."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def later(self, **by: int) -> None:
        """Moves it on."""
        self.moment += timedelta(**by)


class Seed:
    """The node's randomness, which a test chooses."""

    def __init__(self, seed: int = 7) -> None:
        self.value = seed

    def __call__(self) -> int:
        return self.value


def open_day(folder: Path, clock: Clock, seed: Seed | None = None) -> Node:
    """A copy of the node with the two ships, whose clock a test moves."""
    return Node.open(copied(two_ships, folder) / "node", clock=clock, randomness=seed or Seed())


def approve_all(node: Node) -> str:
    """Approves the list of every call, waiving what is open above the line; gives the run's id."""
    shown = page(node, limit=200)
    for line in shown.rows:
        if line.above_line and line.control not in ("open", "scan", "documents"):
            node.execute(WaiveConsignment(shown.run.id, line.consignment_id, "controlled_before"), actor=ANNA)
    for call in {line.call_id for line in shown.rows if line.call_id}:
        seen = node.ask(QueuePage(run=shown.run.id, call=call, limit=1), actor=ANNA)
        node.execute(ApproveControls(shown.run.id, call, seen.list_sha256), actor=ANNA)
    return shown.run.id


def orders(node: Node, *, by: Actor = ANNA) -> tuple[OrderLine, ...]:
    """Every order, as ``by`` sees it."""
    return node.ask(ListControls(), actor=by).orders


def put_team(node: Node, kind: str = "opening_team", ref: str = "team-a", capacity: int = 2) -> None:
    """A resource of that kind with one early shift."""
    shift = Shift("early", EARLY.starts, EARLY.ends, capacity, EARLY.days)
    node.execute(PutResource(ref, kind, ref.title(), "UTC", (shift,)), actor=ANNA)


def worked(node: Node, order: OrderLine, *, by: Actor = BEN) -> None:
    """Starts an order and answers every step."""
    node.execute(StartControl(order.id), actor=by)
    steps = catalogue().types[order.control].steps
    answers = tuple(StepAnswer(step.code, "done", "seen" if step.answer == "text" else "") for step in steps)
    node.execute(AnswerSteps(order.id, answers), actor=by)


def finished(node: Node, order: OrderLine, result: Result = CONFORM, *, by: Actor = BEN) -> OutcomeRecord:
    """Takes an order from its start to its outcome."""
    worked(node, order, by=by)
    return node.execute(RecordOutcome(order.id, result), actor=by)


def approve_first_call(node: Node) -> None:
    """Approves the list of the first ship of the sample port, waiving what is open above the line; adds resources."""
    call = node.ask(ListArrivals(hours=None), actor=ANNA).calls[0]
    run, ship = call.run.id, call.call.id
    for line in node.ask(QueuePage(run=run, call=ship, view="above_line", limit=200), actor=ANNA).rows:
        if line.left_open:
            node.execute(WaiveConsignment(run, line.consignment_id, "controlled_before"), actor=ANNA)
    seen = node.ask(QueuePage(run=run, call=ship, limit=1), actor=ANNA)
    node.execute(ApproveControls(run, ship, seen.list_sha256), actor=ANNA)
    put_team(node)
    put_team(node, "scanner", "scanner-1", capacity=12)
