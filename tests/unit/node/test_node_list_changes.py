"""A list that changes: what is different, and which hits that raises on consignments that are not released."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from control_lists import CAPACITY, page, write_ships
from nodes import ANNA, NOON, OWN_HEADINGS, copied, new_node, open_node
from pratique.node import Node
from pratique.node.handlers.approvals import ApproveControls
from pratique.node.handlers.arrivals import ListArrivals
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.capacity import ChangeCapacity
from pratique.node.handlers.consignments import ExplainConsignment
from pratique.node.handlers.control_list import WaiveConsignment
from pratique.node.handlers.dispositions import DisposeHit
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.hits import ListHits, ShowHit
from pratique.node.handlers.list_changes import ListListChanges, ShowListChange
from pratique.node.handlers.lists import ListLoaded, LoadList
from pratique.node.handlers.queue import ListQueue
from pratique.node.handlers.queue_page import QueueView
from pratique.node.handlers.runs import ReplayRun
from pratique.node.handlers.settings import ChangeSetting
from pratique.node.handlers.undoing import UndoAct
from pratique.node.hits.lines import HitLine
from pratique.vocabulary.errors import PratiqueError

pytestmark = pytest.mark.long

FIRST = "1,NORTHWIND EXPORT 1,organisation,,,,,TEST,"
FOURTH = "4,NORTHWIND EXPORT 4,organisation,,,,,TEST,"
SHIP = datetime(2026, 10, 6, 8, tzinfo=NOON.tzinfo)


def load(node: Node, folder: Path, *rows: str, list_id: str | None = None) -> ListLoaded:
    path = folder / "list.csv"
    path.write_text("\n".join((OWN_HEADINGS, *rows)) + "\n", encoding="utf-8")
    return node.execute(LoadList("own", (path,), list_id), actor=ANNA)


def hits(node: Node, view: str = "all") -> tuple[HitLine, ...]:
    return node.ask(ListHits(view=view), actor=ANNA).hits


def one_hit(folder: Path) -> None:
    """Two ships assessed against a list with one name, which gives one hit."""
    with new_node(folder / "node") as node:
        node.execute(ChangeSetting("hit_second_person_permille", "1001"), actor=ANNA)
        load(node, folder, FIRST)
        node.execute(AssessMessages((write_ships(folder / "ships.csv"),), capacity=CAPACITY), actor=ANNA)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with open_node(copied(one_hit, tmp_path) / "node") as made:
        yield made


def test_an_entry_added_raises_hits_on_what_is_assessed_already_and_on_nothing_else(node: Node, tmp_path: Path) -> None:
    loaded = load(node, tmp_path, FIRST, FOURTH)
    assert json.loads(loaded.change.counts) == {"added": 1, "changed": 0, "removed": 0}
    assert (loaded.change.screened_count, loaded.change.raised_count) == (12, 1)
    (raised,) = hits(node, "raised")
    assert (raised.screened_value, raised.number, raised.raised_by) == ("NORTHWIND EXPORT 4", 1, loaded.change.seq)
    assert raised.answered.state == "open"
    shown = node.ask(ShowHit(raised.run_id, raised.number), actor=ANNA)
    assert shown.raised_by == loaded.change
    assert shown.entry.list_version == loaded.version.digest


def test_raised_hits_are_on_the_queue_and_the_arrivals_and_do_not_touch_the_run(node: Node, tmp_path: Path) -> None:
    before = page(node, text="BILL0004").rows[0]
    load(node, tmp_path, FIRST, FOURTH)
    row = page(node, text="BILL0004").rows[0]
    assert (before.hits.open, row.hits.open, row.hits.raised) == (0, 1, 1)
    assert (row.score, row.control) == (before.score, before.control)
    assert (row.raised_points, row.score_now, row.above_line, row.left_open) == (60, before.score + 60, True, True)
    assert [each.bill for each in page(node, view=QueueView.LIST_HITS.value).rows] == ["BILL0001", "BILL0004"]
    assert sum(call.hits_open for call in node.ask(ListArrivals(), actor=ANNA).calls) == 2
    assert node.ask(ReplayRun(page(node).run.id), actor=ANNA).same_output


def test_raised_points_move_a_row_and_must_be_controlled_or_waived(node: Node, tmp_path: Path) -> None:
    was = [row.bill for row in page(node).rows if row.group == "below"]
    load(node, tmp_path, FIRST, FOURTH)
    rows = [row for row in page(node).rows if row.group == "below"]
    assert was.index("BILL0004") == 2
    assert [row.bill for row in rows] == ["BILL0004", *(bill for bill in was if bill != "BILL0004")]
    first = page(node, limit=1)
    assert page(node, after=first.next, limit=200).rows == page(node).rows[1:]
    with pytest.raises(PratiqueError) as refused:
        approve(node, "BILL0004")
    assert refused.value.code == "control.left_open"
    node.execute(WaiveConsignment(page(node).run.id, "BILL0004", "documents_suffice"), actor=ANNA)
    approve(node, "BILL0004")


def test_raised_points_count_for_the_filter_by_risk_type_and_for_a_new_selection(node: Node, tmp_path: Path) -> None:
    load(node, tmp_path, FIRST, FOURTH)
    (raised,) = node.ask(ExplainConsignment("BILL0004"), actor=ANNA).raised
    kind = raised.reasons[0].risk_type
    assert "BILL0004" in [row.bill for row in page(node, risk_type=kind).rows]
    before = page(node, text="BILL0004").rows[0]
    node.execute(ChangeCapacity(page(node).run.id, {"open": 2, "scan": 0, "documents": 0}), actor=ANNA)
    after = page(node, text="BILL0004").rows[0]
    assert (before.control, after.control, after.basis) == ("none", "open", "mandatory")
    assert (after.score, after.raised_points, after.left_open) == (before.score, 60, False)


def test_what_a_list_adds_is_told_with_its_reasons_in_every_way(node: Node, tmp_path: Path) -> None:
    change = load(node, tmp_path, FIRST, FOURTH).change.seq
    explained = node.ask(ExplainConsignment("BILL0004"), actor=ANNA)
    (raised,) = explained.raised
    assert (raised.change, raised.list_id, raised.points) == (change, "own", 60)
    assert [(each.profile_id, each.points, each.fires) for each in raised.reasons] == [("lists.name_strong", 60, True)]
    assert explained.score_now == explained.score["score"] + 60
    assert explained.score["score"] == sum(each.reason.points for each in explained.reasons)
    (row,) = [each for each in node.ask(ListQueue(), actor=ANNA).rows if each.bill == "BILL0004"]
    assert (row.unplaced, row.raised, row.raised_points) == (True, (raised,), 60)


def test_a_raised_hit_answered_different_takes_its_points_with_it_until_the_answer_is_undone(
    node: Node, tmp_path: Path
) -> None:
    load(node, tmp_path, FIRST, FOURTH)
    done = node.execute(DisposeHit(page(node).run.id, 1, "different", "common_name"), actor=ANNA)
    row = page(node, text="BILL0004").rows[0]
    assert (row.raised_points, row.raised, row.above_line) == (0, (), False)
    node.execute(UndoAct(done.act), actor=ANNA)
    assert page(node, text="BILL0004").rows[0].raised_points == 60


def test_a_rule_that_holds_no_more_takes_its_points_off_and_a_changed_entry_adds_nothing_twice(
    node: Node, tmp_path: Path
) -> None:
    load(node, tmp_path, FIRST, "5,NORTHWIND IMPORT 4,organisation,,,,,TEST,")  # alike
    likely = page(node, text="BILL0004").rows[0]
    load(node, tmp_path, FIRST, "5,NORTHWIND IMPORT 4,organisation,,,,,TEST,", FOURTH)
    strong = page(node, text="BILL0004").rows[0]
    told = [(one.profile_id, one.points, one.fires) for each in strong.raised for one in each.reasons]
    assert likely.raised_points == 15
    assert told == [
        ("lists.name_likely", 15, True),
        ("lists.name_strong", 60, True),
        ("lists.name_likely", -15, False),
    ]
    load(node, tmp_path, FIRST, "5,NORTHWIND IMPORT 4,organisation,,,,,TEST,", FOURTH.replace("TEST", "ARMS"))
    assert page(node, text="BILL0004").rows[0].raised_points == strong.raised_points == 60


def test_what_did_not_change_raises_nothing(node: Node, tmp_path: Path) -> None:
    loaded = load(node, tmp_path, FIRST)
    assert (loaded.change.raised_count, loaded.change.screened_count) == (0, 0)
    changed = load(node, tmp_path, FIRST.replace("TEST", "ARMS"))
    assert (json.loads(changed.change.counts)["changed"], changed.change.raised_count) == (1, 0)  # open already


def test_a_changed_entry_raises_a_pair_that_was_answered_and_replaces_the_hit_before(
    node: Node, tmp_path: Path
) -> None:
    run = page(node).run.id
    node.execute(DisposeHit(run, 0, "different", "common_name"), actor=ANNA)
    loaded = load(node, tmp_path, FIRST.replace(",TEST,", ",ARMS,"))
    assert loaded.change.raised_count == 1
    (line,) = hits(node)
    assert (line.number, line.answered.state, line.answered.changed) == (1, "open", ("entry", "list"))
    changes = node.ask(ShowHit(run, 1), actor=ANNA).changes
    assert [(each.field, each.gone, each.come) for each in changes] == [("programme", ("TEST",), ("ARMS",))]
    node.execute(DisposeHit(run, 1, "different", "common_name"), actor=ANNA)
    back = load(node, tmp_path, FIRST)
    assert (back.change.raised_count, hits(node, "open")) == (0, ())  # answered as it was then


def test_a_pair_answered_the_same_is_not_raised_again_but_told_as_changed(node: Node, tmp_path: Path) -> None:
    node.execute(DisposeHit(page(node).run.id, 0, "same", "details_agree"), actor=ANNA)
    assert load(node, tmp_path, FIRST.replace(",TEST,", ",ARMS,")).change.raised_count == 0
    (line,) = hits(node)
    assert (line.answered.state, line.entry_now) == ("same", "changed")


def test_an_open_hit_says_that_its_entry_is_gone_from_the_list(node: Node, tmp_path: Path) -> None:
    loaded = load(node, tmp_path, FOURTH)
    assert json.loads(loaded.change.counts) == {"added": 1, "changed": 0, "removed": 1}
    assert {line.screened_value: line.entry_now for line in hits(node)} == {
        "NORTHWIND EXPORT 1": "removed",
        "NORTHWIND EXPORT 4": "same",
    }


def test_a_new_list_raises_hits_too_and_two_loads_number_them_on(node: Node, tmp_path: Path) -> None:
    load(node, tmp_path, FOURTH, list_id="other")
    load(node, tmp_path, "9,SOUTHGATE IMPORT 4,organisation,,,,,TEST,", list_id="third")
    assert [(line.list_id, line.number) for line in hits(node, "raised")] == [("other", 1), ("third", 2)]


def test_a_later_run_finds_the_hit_itself(node: Node, tmp_path: Path) -> None:
    load(node, tmp_path, FIRST, FOURTH)
    node.execute(AssessMessages((write_ships(tmp_path / "again.csv", reference="REF2"),)), actor=ANNA)
    assert hits(node, "raised") == ()
    assert [line.raised_by for line in hits(node)] == [None, None]


def approve(node: Node, bill: str) -> None:
    row = page(node, text=bill).rows[0]
    shown = page(node, call=row.call_id)
    node.execute(ApproveControls(shown.run.id, row.call_id or "", shown.list_sha256), actor=ANNA)


@pytest.mark.parametrize(
    ("days", "approved", "raised"),
    [(0, False, 1), (0, True, 1), (2, False, 1), (2, True, 0), (29, False, 1), (32, False, 0)],
)
def test_what_is_released_is_for_audit_and_gets_no_points(
    tmp_path: Path, days: int, approved: bool, raised: int
) -> None:
    with new_node(tmp_path / "node") as node:
        node.execute(ChangeSetting("random_share_permille", "0"), actor=ANNA)
        slots = {"open": 0, "scan": 0, "documents": 0}
        node.execute(AssessMessages((write_ships(tmp_path / "s.csv", ships=(0,)),), capacity=slots), actor=ANNA)
        if approved:
            approve(node, "BILL0004")
    with open_node(tmp_path / "node", moment=SHIP + timedelta(days=days, hours=-1)) as node:
        loaded = load(node, tmp_path, FOURTH)
        assert (loaded.change.raised_count, loaded.audit_count) == (raised, int(days < 30) - raised)
        assert [len(hits(node, view)) for view in ("raised", "audit")] == [raised, loaded.audit_count]
        assert page(node, text="BILL0004").rows[0].raised_points == 60 * raised


def test_doctor_sees_a_raised_hit_that_was_taken_away(node: Node, tmp_path: Path) -> None:
    load(node, tmp_path, FIRST, FOURTH)
    assert state_of(node) == "ok"
    with node._stores.main.writing() as connection:
        connection.exec_driver_sql("DELETE FROM raised_hit")
    assert state_of(node) == "fail"


def test_doctor_sees_points_that_somebody_took_away_beside_the_run(node: Node, tmp_path: Path) -> None:
    load(node, tmp_path, FIRST, FOURTH)
    with node._stores.main.writing() as connection:
        connection.exec_driver_sql("UPDATE raised_reason SET points = 0")
    assert state_of(node) == "fail"


def state_of(node: Node) -> str:
    return next(each.state for each in node.ask(Doctor(), actor=ANNA) if each.name == "list_changes")


def test_a_change_is_told_entry_by_entry_with_the_hits_it_raised(node: Node, tmp_path: Path) -> None:
    number = load(node, tmp_path, FIRST.replace(",TEST,", ",ARMS,"), FOURTH).change.seq
    shown = node.ask(ShowListChange(number), actor=ANNA)
    assert [(each.change, each.name, len(each.fields)) for each in shown.entries] == [
        ("added", "NORTHWIND EXPORT 4", 0),
        ("changed", "NORTHWIND EXPORT 1", 1),
    ]
    assert (shown.entries[1].fields[0].gone, shown.entries[1].fields[0].come) == (("TEST",), ("ARMS",))
    assert [line.screened_value for line in shown.raised] == ["NORTHWIND EXPORT 4"]
    only = node.ask(ShowListChange(number, "changed", limit=1), actor=ANNA)
    assert (only.total, [each.change for each in only.entries]) == (1, ["changed"])
    assert node.ask(ListListChanges("own"), actor=ANNA)[0].seq == number


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (ShowListChange(999), "lists.no_change"),
        (ShowListChange(2, "renamed"), "lists.no_change_kind"),
        (ShowListChange(2, limit=0), "queue.limit"),
    ],
)
def test_a_change_that_there_is_none_of_is_refused(node: Node, query: ShowListChange, code: str) -> None:
    with pytest.raises(PratiqueError) as refused:
        node.ask(query, actor=ANNA)
    assert refused.value.code == code
