"""Capacity and approval: a new selection of the same run, and a list frozen as it was seen."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from control_lists import page, two_ships
from nodes import ANNA, BEN, copied, open_node
from pratique.node import Node
from pratique.node.acts import Command
from pratique.node.canonical import digest
from pratique.node.handlers.approvals import ApproveControls
from pratique.node.handlers.arrivals import ListArrivals
from pratique.node.handlers.capacity import CapacityShown, ChangeCapacity, PreviewCapacity
from pratique.node.handlers.control_list import SelectConsignment, WaiveConsignment
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.runs import ReplayRun
from pratique.node.handlers.undoing import UndoAct
from pratique.node.storage.approvals import StoredApproval
from pratique.node.storage.journal import JournalEntry
from pratique.vocabulary.errors import Category, PratiqueError


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with open_node(copied(two_ships, tmp_path) / "node") as made:
        yield made


def preview(node: Node, **slots: int) -> CapacityShown:
    return node.ask(PreviewCapacity(capacity=slots), actor=ANNA)


def change(node: Node, **slots: int) -> CapacityShown:
    return node.execute(ChangeCapacity(page(node).run.id, slots), actor=ANNA)


def approve(node: Node, call: str, expected: str | None = None) -> StoredApproval:
    shown = page(node, call=call)
    command = ApproveControls(shown.run.id, call, shown.list_sha256 if expected is None else expected)
    return node.execute(command, actor=BEN).approval


def refusal(node: Node, command: Command[Any]) -> tuple[str, Category]:
    with pytest.raises(PratiqueError) as refused:
        node.execute(command, actor=ANNA)
    return refused.value.code, refused.value.category


def controls(node: Node, call: str | None = None) -> set[tuple[str, str, str]]:
    return {(row.consignment_id, row.control, row.basis) for row in page(node, call=call).rows}


def test_a_preview_shows_what_the_change_then_gives_and_changes_nothing(node: Node) -> None:
    before = page(node)
    shown = preview(node, open=3, scan=4)
    assert page(node) == before
    done = change(node, open=3, scan=4)
    assert (done.uses, done.curve, done.reached_permille) == (shown.uses, shown.curve, shown.reached_permille)
    assert done.run.selection == 1
    assert {use.control: use.slots for use in page(node).uses} == {"open": 3, "scan": 4, "documents": 3}


def test_the_curve_rises_from_nothing_through_what_is_reached_and_lot_is_never_better(node: Node) -> None:
    shown = preview(node)
    reached = [point.by_value_permille for point in shown.curve]
    assert (shown.curve[0].controls, reached[0]) == (0, 0)
    assert reached == sorted(reached)
    assert (shown.controls, shown.reached_permille) in {
        (point.controls, point.by_value_permille) for point in shown.curve
    }
    assert shown.next_permille >= shown.reached_permille >= shown.by_lot_permille


def test_what_is_above_the_line_without_control_is_named(node: Node) -> None:
    shown = preview(node, open=0, scan=0, documents=0)
    assert {each.bill for each in shown.left_out} == {"BILL0001", "BILL0004"}
    assert shown.left_out_count == 2
    assert (shown.controls, shown.drawn, shown.reached_permille) == (0, 0, 0)


def test_the_same_capacity_has_the_same_draw_and_the_run_can_still_be_replayed(node: Node) -> None:
    first = controls(node)
    change(node, scan=5)
    change(node, scan=2)
    assert controls(node) == first
    assert node.ask(ReplayRun(page(node).run.id), actor=ANNA).same_output


def test_a_change_of_capacity_is_undone_newest_first(node: Node) -> None:
    first = controls(node)
    change(node, scan=5)
    change(node, scan=6)
    older, newer = (entry.seq for entry in _entries(node, "control.capacity_changed"))
    assert refusal(node, UndoAct(older)) == ("capacity.not_newest", Category.CONFLICT)
    node.execute(UndoAct(newer), actor=ANNA)
    node.execute(UndoAct(older), actor=ANNA)
    assert controls(node) == first


def test_a_capacity_that_is_none_or_is_so_already_is_refused(node: Node) -> None:
    here = page(node).run.id
    assert refusal(node, ChangeCapacity(here, {})) == ("capacity.is_so_already", Category.CONFLICT)
    assert refusal(node, ChangeCapacity(here, {"boats": 1}))[0] == "settings.no_resource"
    assert refusal(node, ChangeCapacity(here, {"open": -1}))[0] == "settings.unfit"


def test_an_approved_list_is_what_was_seen_and_says_who_approved_it(node: Node) -> None:
    call = page(node).rows[0].call_id or ""
    shown = page(node, call=call)
    approval = approve(node, call)
    assert (approval.by, approval.list_sha256, approval.control_count) == (
        BEN.name,
        shown.list_sha256,
        shown.control_count,
    )
    frozen = next((node.folder.root / "lake").rglob("approved-*.parquet"))
    rows = pl.read_parquet(frozen)
    assert digest(
        [list(row) for row in rows.select("rank", "consignment_id", "control", "basis", "waived").rows()]
    ) == (shown.list_sha256)
    card = next(each for each in node.ask(ListArrivals(None), actor=ANNA).calls if each.call.id == call)
    assert (card.readiness.approved_by, card.readiness.moved_since_approval) == (BEN.name, False)


def test_a_list_that_moved_since_it_was_seen_is_not_approved(node: Node) -> None:
    row = page(node).rows[-1]
    call = row.call_id or ""
    seen = page(node, call=call).list_sha256
    node.execute(SelectConsignment(page(node).run.id, row.consignment_id, "open"), actor=ANNA)
    with pytest.raises(PratiqueError) as refused:
        approve(node, call, seen)
    assert (refused.value.code, refused.value.category) == ("control.list_moved", Category.CONFLICT)
    assert page(node, call=call).approval is None


def test_a_list_is_not_approved_while_a_row_above_the_line_is_open(node: Node) -> None:
    change(node, open=0, scan=0, documents=0)
    listed = [row for row in page(node, view="above_line").rows if row.left_open]
    call = listed[0].call_id or ""
    with pytest.raises(PratiqueError) as refused:
        approve(node, call)
    assert refused.value.code == "control.left_open"
    assert all(row.consignment_id in refused.value.happened for row in listed)
    node.execute(SelectConsignment(page(node).run.id, listed[0].consignment_id, "open"), actor=ANNA)
    for row in listed[1:]:
        node.execute(WaiveConsignment(page(node).run.id, row.consignment_id, "no_means"), actor=ANNA)
    assert approve(node, call).control_count == 1


def test_a_list_is_approved_once(node: Node) -> None:
    call = page(node).rows[0].call_id or ""
    approve(node, call)
    with pytest.raises(PratiqueError) as refused:
        approve(node, call)
    assert (refused.value.code, refused.value.category) == ("control.approved_already", Category.CONFLICT)
    assert BEN.name in refused.value.happened


def test_a_change_of_capacity_leaves_an_approved_list_as_it_is(node: Node) -> None:
    call = page(node).rows[0].call_id or ""
    approve(node, call)
    before = controls(node, call)
    change(node, open=4, scan=4, documents=4)
    assert controls(node, call) == before
    assert not page(node, call=call).moved_since_approval
    total = {use.control: use.by_value + use.at_random for use in page(node).uses}
    assert all(total[name] <= 4 for name in total)


def test_a_change_of_capacity_before_an_approval_can_no_longer_be_undone(node: Node) -> None:
    change(node, scan=3)
    seq = _entries(node, "control.capacity_changed")[0].seq
    approve(node, page(node).rows[0].call_id or "")
    assert refusal(node, UndoAct(seq)) == ("capacity.approved_since", Category.CONFLICT)


def test_an_act_after_the_approval_says_so_and_so_does_the_undoing_of_one_before_it(node: Node) -> None:
    rows = page(node).rows
    first, here = rows[0], rows[0].call_id or ""
    run = page(node).run.id
    early = node.execute(
        SelectConsignment(run, [row for row in rows if row.call_id == here][-1].consignment_id, "open"), actor=ANNA
    )
    approve(node, here)
    late = node.execute(WaiveConsignment(run, first.consignment_id, "no_means"), actor=ANNA)
    assert (early.act.after_approval, late.act.after_approval) == (0, 1)
    shown = page(node, call=here)
    assert (shown.acts_after_approval, shown.moved_since_approval) == (1, True)
    node.execute(UndoAct(late.act.seq), actor=ANNA)
    assert not page(node, call=here).moved_since_approval
    node.execute(UndoAct(early.act.seq), actor=ANNA)
    assert page(node, call=here).moved_since_approval


def _entries(node: Node, entry: str) -> list[JournalEntry]:
    return [each for each in node.ask(ReadJournal(100), actor=ANNA) if each.entry == entry]
