"""A page of the queue: what it shows, counts, filters and hides."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from control_lists import page, two_ships
from nodes import ANNA, copied, open_node
from pratique.node import Actor, Node
from pratique.node.handlers.queue import ListQueue
from pratique.node.handlers.queue_page import QueuePage
from pratique.vocabulary.errors import Category, PratiqueError

INSPECTOR = Actor("officer:ivo", roles=frozenset({"inspection"}), purpose="customs_control")


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with open_node(copied(two_ships, tmp_path) / "node") as made:
        yield made


def test_points_of_a_line_add_up_to_its_score_by_source(node: Node) -> None:
    rows = page(node).rows
    assert len(rows) == 12
    for row in rows:
        points = row.points
        assert points.list + points.rules + points.history + points.model + points.trust == row.score
        assert all(reason.points >= after.points for reason, after in zip(row.reasons, row.reasons[1:], strict=False))
    listed = [row for row in rows if row.hits.open]
    assert {row.bill for row in listed} == {"BILL0001", "BILL0004"}
    assert all(row.points.list >= 60 and row.reasons[0].source == "list" for row in listed)


def test_rows_stand_by_value_then_at_random_then_below_the_cut_each_by_rank(node: Node) -> None:
    shown = page(node)
    groups = [row.group for row in shown.rows]
    assert groups == sorted(groups, key=["listed", "random", "below"].index)
    for group in shown.groups:
        part = shown.rows[group.start : group.start + group.count]
        assert {row.group for row in part} == {group.group}
        assert [row.rank for row in part] == sorted(row.rank for row in part)
    assert sum(group.count for group in shown.groups) == shown.total == 12


def test_pages_by_cursor_are_the_whole_list_in_order_and_without_repeats(node: Node) -> None:
    whole = [row.consignment_id for row in page(node).rows]
    paged, after = [], None
    while True:
        part = page(node, limit=5, after=after)
        paged += [row.consignment_id for row in part.rows]
        after = part.next
        if after is None:
            break
    assert paged == whole


def test_counts_of_the_views_are_the_totals_of_the_views(node: Node) -> None:
    counts = page(node).counts
    for view, count in counts.items():
        assert page(node, view=view).total == count
    assert counts["list_hits"] == 2
    assert counts["proposed"] == page(node).control_count


def test_filters_keep_what_they_say(node: Node) -> None:
    assert {row.bill for row in page(node, text="southgate import 10").rows} >= {"BILL0100", "BILL0101"}
    assert [row.bill for row in page(node, text="bill0004").rows] == ["BILL0004"]
    yellow = page(node, channel="yellow")
    assert {row.channel for row in yellow.rows} == {"yellow"}
    assert yellow.total == page(node).channels["yellow"]
    call = page(node).rows[0].call_id
    assert {row.call_id for row in page(node, call=call).rows} == {call}
    assert page(node, call=call).total == 6
    fired = {row.bill for row in page(node).rows if any(each.risk_type == "identity" for each in row.reasons)}
    assert {row.bill for row in page(node, risk_type="identity").rows} >= fired


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"view": "mine"}, "queue.no_filter"),
        ({"channel": "purple"}, "queue.no_filter"),
        ({"risk_type": "luck"}, "queue.no_filter"),
        ({"limit": 0}, "queue.limit"),
        ({"limit": 201}, "queue.limit"),
        ({"text": "x" * 101}, "queue.text_too_long"),
        ({"after": "yesterday"}, "queue.no_cursor"),
        ({"after": "1.²"}, "queue.no_cursor"),
    ],
)
def test_a_filter_that_cannot_be_is_refused_by_name(node: Node, asked: dict[str, object], code: str) -> None:
    with pytest.raises(PratiqueError) as refused:
        page(node, **asked)
    assert (refused.value.code, refused.value.category) == (code, Category.REJECTED)


def test_a_run_or_a_call_that_is_none_is_not_found(node: Node) -> None:
    for asked, code in (({"run": "NONE"}, "runs.not_found"), ({"call": "NONE"}, "calls.not_found")):
        with pytest.raises(PratiqueError) as refused:
            page(node, **asked)
        assert refused.value.code == code


def test_who_inspects_is_not_told_of_the_draw_and_sees_the_same_controls(node: Node) -> None:
    told = page(node)
    assert any(row.is_random for row in told.rows)
    hidden = node.ask(QueuePage(), actor=INSPECTOR)
    assert all(row.is_random is None and row.basis != "random" and row.probability is None for row in hidden.rows)
    assert {(row.consignment_id, row.control) for row in hidden.rows} == {
        (row.consignment_id, row.control) for row in told.rows
    }
    assert "random" not in [group.group for group in hidden.groups]
    assert all(use.at_random == 0 for use in hidden.uses)


def test_a_page_is_the_list_that_the_command_line_prints(node: Node) -> None:
    listed = node.ask(ListQueue(channel="all"), actor=ANNA).rows
    assert {(row.consignment_id, row.channel, row.control) for row in listed} == {
        (row.consignment_id, row.channel, row.control) for row in page(node).rows
    }
