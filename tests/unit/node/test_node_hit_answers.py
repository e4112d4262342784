"""List hits side by side, and what an answer is remembered for."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from control_lists import page, two_ships, write_ships
from nodes import ANNA, BEN, OWN_HEADINGS, copied, open_node
from pratique.flow.screening.calibrate import LOWEST_OF_SHORT
from pratique.node import Node
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.dispositions import DisposeHit, HitAnswered
from pratique.node.handlers.hits import HitShown, ListHits, ShowHit
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.settings import ChangeSetting
from pratique.node.handlers.undoing import UndoAct
from pratique.vocabulary.errors import Category, PratiqueError

pytestmark = pytest.mark.long


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with open_node(copied(two_ships, tmp_path) / "node") as made:
        made.execute(ChangeSetting("hit_second_person_permille", "1001"), actor=ANNA)
        yield made


def answer(
    node: Node, number: int, given: str = "different", *, run: str | None = None, by: object = ANNA
) -> HitAnswered:
    reasons = {"different": "common_name", "same": "details_agree", "cannot_tell": "filer_asked"}
    command = DisposeHit(run or page(node).run.id, number, given, reasons.get(given, "other"))
    return node.execute(command, actor=by)  # type: ignore[arg-type]


def show(node: Node, number: int, run: str | None = None) -> HitShown:
    return node.ask(ShowHit(run or page(node).run.id, number), actor=ANNA)


def counts(node: Node) -> dict[str, int]:
    states = ("open", "same", "different", "cannot_tell")
    return {state: n for state, n in node.ask(ListHits(), actor=ANNA).counts.items() if n and state in states}


def test_a_hit_is_shown_with_both_names_every_field_and_the_entry(node: Node) -> None:
    shown = show(node, 0)
    assert [(pair.declared, pair.listed, pair.how) for pair in shown.words] == [
        ("NORTHWIND", "NORTHWIND", "equal"),
        ("EXPORT", "EXPORT", "equal"),
        ("1", "1", "equal"),
    ]
    assert sum(pair.share_permille for pair in shown.words) in range(997, 1001)
    assert [field.field for field in shown.fields] == ["name", "number", "country", "address", "birth_date"]
    assert sum(field.points for field in shown.fields) == shown.line.score_permille
    assert shown.entry.names == (("NORTHWIND EXPORT 1", "primary"),)
    assert shown.party["name"] == shown.line.screened_value == "NORTHWIND EXPORT 1"
    assert shown.alert_line.threshold_permille == LOWEST_OF_SHORT  # no ordinary name is like any of so short a list
    (kind,) = shown.alert_line.kinds  # the list holds organisations alone
    assert (kind, kind.kind, kind.ordinary_count) == (shown.alert_line.of(shown.entry.kind), "organisation", 1000)
    assert kind.threshold_permille >= shown.alert_line.threshold_permille
    assert (kind.seen_names, kind.seen_alerts, kind.seen_per_1000) == (24, 2, 83.3)
    assert shown.consignment.bill == "BILL0001"
    assert shown.list_points == shown.consignment.points.list
    assert (shown.line.answered.state, shown.earlier, shown.entry_hits) == ("open", (), 1)
    assert shown.next_open == (shown.run.id, 1)


def test_hits_stand_in_order_of_work_and_open_ones_can_be_asked_for_alone(node: Node) -> None:
    found = node.ask(ListHits(), actor=ANNA)
    assert [each.number for each in found.hits] == [0, 1]
    answer(node, 0)
    left = node.ask(ListHits(view="open"), actor=ANNA)
    assert ([each.number for each in left.hits], left.total, left.counts["different"]) == ([1], 1, 1)
    assert node.ask(ListHits(call=page(node, text="BILL0100").rows[0].call_id), actor=ANNA).total == 0


def test_an_answer_counts_in_the_queue_and_can_be_undone(node: Node) -> None:
    done = answer(node, 0, "same")
    row = page(node, text="BILL0001").rows[0]
    assert (row.hits.open, row.hits.same) == (0, 1)
    node.execute(UndoAct(done.act), actor=ANNA)
    assert page(node, text="BILL0001").rows[0].hits.open == 1
    assert [each.undone_by for each in show(node, 0).earlier] == [ANNA.name]


def test_an_answer_is_remembered_for_the_pair_in_a_later_run(node: Node, tmp_path: Path) -> None:
    answer(node, 0)
    later = node.execute(AssessMessages((write_ships(tmp_path / "later.csv", reference="REF2"),)), actor=ANNA).run.id
    shown = show(node, 0, later)
    assert (shown.line.answered.state, shown.line.answered.changed) == ("different", ())
    assert counts(node) == {"open": 1, "different": 1}


def test_a_new_list_with_the_same_entry_is_told_and_a_changed_entry_is_open_again(node: Node, tmp_path: Path) -> None:
    answer(node, 0)
    answer(node, 1)
    newer = tmp_path / "newer.csv"
    newer.write_text(
        f"{OWN_HEADINGS}\n1,NORTHWIND EXPORT 1,organisation,,,,,TEST,\n2,NORTHWIND EXPORT 4,organisation,,,,,ARMS,\n"
    )
    node.execute(LoadList("own", (newer,)), actor=ANNA)
    later = node.execute(AssessMessages((tmp_path / "ships.csv",)), actor=ANNA).run.id
    states = [show(node, number, later).line.answered for number in (0, 1)]
    assert [(each.state, each.changed) for each in states] == [("different", ("list",)), ("open", ("entry", "list"))]


def test_another_address_of_the_party_opens_the_hit_again(node: Node, tmp_path: Path) -> None:
    text = (tmp_path / "ships.csv").read_text()
    listed = tmp_path / "consignees.csv"
    listed.write_text(f"{OWN_HEADINGS}\n9,SOUTHGATE IMPORT 2,organisation,,,,,TEST,\n")
    node.execute(LoadList("own", (listed,)), actor=ANNA)
    first = node.execute(AssessMessages((tmp_path / "ships.csv",)), actor=ANNA).run.id
    answer(node, 0, run=first)
    moved = tmp_path / "moved.csv"
    moved.write_text(text.replace("2 HARBOUR ROAD", "77 STATION SQUARE"))
    later = node.execute(AssessMessages((moved,)), actor=ANNA).run.id
    found = show(node, 0, later).line.answered
    assert (found.state, found.changed) == ("open", ("party",))
    assert found.disposition is not None


def test_different_for_a_sure_hit_needs_a_second_person(node: Node) -> None:
    node.execute(ChangeSetting("hit_second_person_permille", "900"), actor=ANNA)
    first = answer(node, 0)
    assert (first.stands, counts(node)) == (False, {"open": 2})
    assert show(node, 0).line.answered.awaiting is not None
    with pytest.raises(PratiqueError) as refused:
        answer(node, 0)
    assert (refused.value.code, refused.value.category) == ("hits.second_person", Category.CONFLICT)
    assert answer(node, 0, by=BEN).stands
    assert counts(node) == {"open": 1, "different": 1}


def test_another_answer_of_the_second_person_counts_at_once(node: Node) -> None:
    node.execute(ChangeSetting("hit_second_person_permille", "900"), actor=ANNA)
    answer(node, 0)
    assert answer(node, 0, "same", by=BEN).stands
    assert counts(node) == {"open": 1, "same": 1}


def test_an_answer_that_cannot_be_is_refused(node: Node) -> None:
    run = page(node).run.id
    answer(node, 0)
    for command, code in (
        (DisposeHit(run, 0, "perhaps", "other", "x"), "hits.no_answer"),
        (DisposeHit(run, 0, "same", "common_name"), "control.no_reason"),
        (DisposeHit(run, 99, "same", "details_agree"), "hits.not_found"),
        (DisposeHit(run, -1, "same", "details_agree"), "hits.not_found"),
        (DisposeHit(run, 0, "different", "common_name"), "hits.answered_already"),
    ):
        with pytest.raises(PratiqueError) as refused:
            node.execute(command, actor=ANNA)
        assert refused.value.code == code


def test_the_journal_names_the_hit_and_no_name(node: Node) -> None:
    answer(node, 0)
    entry = node.ask(ReadJournal(1), actor=ANNA)[-1]
    assert json.loads(entry.command)["hit"] == 0
    assert "NORTHWIND" not in entry.command


def test_a_listed_ship_is_asked_about_once_however_many_consignments_it_carries(node: Node, tmp_path: Path) -> None:
    listed = tmp_path / "ships-listed.csv"
    listed.write_text(f"{OWN_HEADINGS}\n7,LADY SUNNIVA,vessel,,,,imo:9074729,TEST,\n")
    node.execute(LoadList("own", (listed,)), actor=ANNA)
    run = node.execute(AssessMessages((tmp_path / "ships.csv",)), actor=ANNA).run.id
    found = node.ask(ListHits(run), actor=ANNA)
    assert [(line.subject, line.also) for line in found.hits] == [("vessel", 5)]
    assert found.counts["open"] == 1
    assert show(node, found.hits[0].number, run).next_open is None
    assert answer(node, found.hits[0].number, "same", run=run).also_answers == 5
    assert node.ask(ListHits(run), actor=ANNA).counts["same"] == 1
