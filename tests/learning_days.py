"""Days on which a node assesses, controls and records, to learn from its own past; a few importers cheat."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from control_days import Clock, approve_all, finished, orders
from nodes import ANNA
from pratique.flow.controls.outcomes import ControlFinding
from pratique.flow.learning.columns import Brought, brought, fitting
from pratique.flow.learning.files import keep
from pratique.flow.learning.labels import Labels, labels_of_table
from pratique.flow.learning.model import Model
from pratique.flow.learning.training import train
from pratique.node import Node
from pratique.node.controls.outcome_checks import Result
from pratique.node.handlers.assessments import AssessMessages, MessagesAssessed
from pratique.node.handlers.models import MODELS, KeepModel
from pratique.node.handlers.past_declarations import ListPastDeclarations
from pratique.node.handlers.queue_page import QueuePage
from pratique.node.handlers.results import ListControlResults
from pratique.node.handlers.settings import ChangeSetting
from pratique.node.learning.tables import denoted
from pratique.node.runs.queue_lines import QueueLine

FIRST = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
HEADINGS = (
    "bill_number,description,hs_code,packages,gross_weight_kg,net_weight_kg,value,currency,origin_country,shipper_name,"
    "consignee_name,port_of_loading,port_of_discharge,sender,vessel_name,imo_number,voyage,arrival_port,eta,"
    "departure_port,message_reference,function"
)
GOODS = (("BRAKE PADS", "870830", 4), ("COTTON SHIRTS", "620520", 15), ("PHONE PARTS", "851779", 90))
IMPORTERS = 30
CHEATS = frozenset({3, 11, 17, 23, 28})
NEW_CHEAT = 5  # nothing was ever found there, until a test says so
FOUND = Result(
    "discrepancy",
    findings=(ControlFinding("undervaluation"),),
    duty_recovered_minor=250_000,
    duty_currency="EUR",
)
SLOTS = {"open": 0, "scan": 0, "documents": 40}


def write_day(path: Path, *, day: int, bills: int = 60) -> Path:
    """The manifest of one ship: who cheats declares a third of the usual price."""
    rng = np.random.default_rng(day)
    rows = [HEADINGS]
    for number in range(bills):
        importer = int(rng.integers(0, IMPORTERS))
        words, code, price = GOODS[int(rng.integers(0, len(GOODS)))]
        mass = int(rng.integers(500, 5000))
        value = price * mass * float(np.exp(rng.normal(0, 0.1))) * (0.35 if importer in CHEATS else 1)
        rows.append(
            f"D{day:02}B{number:04},{words},{code},{mass // 20},{mass + 50},{mass},{value:.2f},EUR,CN,"
            f"EXPORTER {importer % 9},IMPORTER {importer},CNSHA,KEMBA,LINE,LADY SUNNIVA,9074729,{day:03}W,KEMBA,"
            f"2026-12-01T08:00,CNSHA,REF{day},original"
        )
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def assess_day(node: Node, folder: Path, day: int, *, slots: dict[str, int] | None = None) -> MessagesAssessed:
    """Assesses the ship of a day."""
    file = write_day(folder / f"day{day}.csv", day=day)
    return node.execute(AssessMessages((file,), capacity=slots or SLOTS, seed=day), actor=ANNA)


def control_day(node: Node, *, cheats: frozenset[int] = CHEATS) -> int:
    """Approves the newest list and takes every order of it to its outcome; gives how many."""
    run = approve_all(node)
    importers = {line.consignment_id: line.consignee for line in _lines(node, run)}
    mine = [order for order in orders(node) if order.run == run]
    for order in mine:
        importer = int(str(importers[order.consignment_id]).rpartition(" ")[2])
        finished(node, order, FOUND if importer in cheats else Result("conform"))
    return len(mine)


def controlled_days(folder: Path, clock: Clock, *, days: int = 5) -> Node:
    """A demonstration node, open, after some days of controls drawn by lot; the clock stands on the morning after."""
    node = Node.create(folder / "node", actor=ANNA, clock=clock, randomness=lambda: 1, demonstration=True)
    node.execute(ChangeSetting("random_share_permille", "1000"), actor=ANNA)
    for day in range(1, days + 1):
        assess_day(node, folder, day)
        control_day(node)
        clock.later(days=1)
    node.execute(ChangeSetting("random_share_permille", "100"), actor=ANNA)
    return node


def learned_days(folder: Path) -> None:
    """A node after five days that keeps a model of its own past in shadow; what :func:`nodes.copied` copies.

    Beside it lie the digest of the model and the moment of the next morning.
    """
    clock = Clock(FIRST)
    with controlled_days(folder, clock) as node:
        digest = keep(model_of(node), folder / "node" / MODELS)
        node.execute(KeepModel(digest), actor=ANNA)
    (folder / "digest").write_text(digest)
    (folder / "moment").write_text(clock.moment.isoformat())


def next_morning(folder: Path) -> tuple[Clock, str]:
    """The clock of the morning after, and the digest of the model."""
    return Clock(datetime.fromisoformat((folder / "moment").read_text())), (folder / "digest").read_text()


def lesson_of(node: Node) -> tuple[Brought, Labels]:
    """What the node assessed and what its controls found, as a model learns from it."""
    past = node.ask(ListPastDeclarations(), actor=ANNA).rows
    results = node.ask(ListControlResults(), actor=ANNA).results
    data = brought(past, fitting(past.columns), denoted)
    return data, labels_of_table(results, data, denoted)


def model_of(node: Node) -> Model:
    """The model that the node's own past gives."""
    return train(*lesson_of(node))


def _lines(node: Node, run: str) -> list[QueueLine]:
    lines: list[QueueLine] = []
    after = None
    while True:
        page = node.ask(QueuePage(run=run, limit=200, after=after), actor=ANNA)
        lines += page.rows
        if page.next is None:
            return lines
        after = page.next
