"""What a page costs does not grow with the run: counted in calls of functions, for a clock says little in a test."""

import sys
from collections.abc import Callable, Iterator
from types import FrameType

import pytest

from nodes import ANNA, new_node, write_manifest
from pratique.node import Node
from pratique.node.acts import Query
from pratique.node.handlers.arrivals import ListArrivals
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.capacity import PreviewCapacity
from pratique.node.handlers.queue_page import QueuePage

FEW, MANY = 100, 1_000


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


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, Node]]:
    """A node with a run of few bills and one with a run of many."""
    folder = tmp_path_factory.mktemp("cost")
    with new_node(folder / "few") as few, new_node(folder / "many") as many:
        for node, bills in ((few, FEW), (many, MANY)):
            path = write_manifest(folder / f"{bills}.csv", bills=bills)
            node.execute(AssessMessages((path,), capacity={"open": 5, "scan": 5, "documents": 5}), actor=ANNA)
        yield few, many


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
def test_what_is_asked_often_costs_the_same_on_ten_times_the_rows(
    nodes: tuple[Node, Node], query: Query[object]
) -> None:
    few, many = (_second_time(node, query) for node in nodes)
    assert many < 1.25 * few, f"{few} calls on {FEW} rows, {many} on {MANY}"


def _second_time(node: Node, query: Query[object]) -> int:
    node.ask(query, actor=ANNA)
    return calls_of(lambda: node.ask(query, actor=ANNA))
