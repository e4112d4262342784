"""What a page costs does not grow with the run: counted in calls of functions, for a clock says little in a test."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from nodes import ANNA, new_node, write_manifest
from pratique.node import Node
from pratique.node.acts import Query
from pratique.node.handlers.arrivals import ListArrivals
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.capacity import PreviewCapacity
from pratique.node.handlers.queue_page import QueuePage

FEW, MANY = 100, 2_000


def calls_of(ask: Callable[[], object]) -> int:
    """How many functions are called while ``ask`` runs."""
    count = 0

    def noticed(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(noticed)
    try:
        ask()
    finally:
        sys.setprofile(before)
    return count


def cost(folder: Path, bills: int, query: Query[object]) -> int:
    """Calls of the second time the query is asked on a run with so many bills."""
    folder.mkdir()

    def ask(node: Node) -> object:
        return node.ask(query, actor=ANNA)

    with new_node(folder / "node") as node:
        path = write_manifest(folder / "manifest.csv", bills=bills)
        node.execute(AssessMessages((path,), capacity={"open": 5, "scan": 5, "documents": 5}), actor=ANNA)
        ask(node)
        return calls_of(lambda: ask(node))


@pytest.mark.parametrize(
    "query",
    [
        QueuePage(),
        QueuePage(text="machine"),
        QueuePage(view="proposed"),
        QueuePage(after="2.60"),
        ListArrivals(None),
        PreviewCapacity(capacity={"scan": 6}),
    ],
    ids=lambda query: type(query).__name__,
)
def test_what_is_asked_often_costs_the_same_on_twenty_times_the_rows(tmp_path: Path, query: Query[object]) -> None:
    few, many = cost(tmp_path / "few", FEW, query), cost(tmp_path / "many", MANY, query)
    assert many < 1.25 * few, f"{few} calls on {FEW} rows, {many} on {MANY}"
