"""What is remembered of a list hit: a pair answered different stays quiet until something changes, and says what."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from control_lists import assessed, page, write_ships
from nodes import ANNA, BEN, NOON, OWN_HEADINGS, copied, new_node, open_node
from pratique.node import Node
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.dispositions import DisposeHit
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.hits import HitShown, ListHits, ShowHit
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.runs import CompareRuns, ReplayRun
from pratique.node.handlers.settings import ChangeSetting
from pratique.node.handlers.undoing import UndoAct

pytestmark = pytest.mark.long

NEVER = "1001"


def two_ships_for_one_person(folder: Path) -> None:
    with new_node(folder / "node") as node:
        node.execute(ChangeSetting("hit_second_person_permille", NEVER), actor=ANNA)
        assessed(node, folder)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with open_node(copied(two_ships_for_one_person, tmp_path) / "node") as made:
        yield made


def answer(node: Node, number: int, given: str, *, run: str | None = None, by: object = ANNA) -> int:
    reasons = {"different": "common_name", "same": "details_agree", "cannot_tell": "filer_asked"}
    command = DisposeHit(run or page(node).run.id, number, given, reasons[given])
    return node.execute(command, actor=by).act  # type: ignore[arg-type]


def again(node: Node, tmp_path: Path, *, reference: str = "REF2", **replaced: str) -> str:
    """Assesses the ships once more, with other words in place of some; gives the run."""
    path = write_ships(tmp_path / f"{reference}.csv", reference=reference)
    text = path.read_text()
    for name, words in replaced.items():
        before, now = words.split(" => ")
        assert before in text, name
        text = text.replace(before, now)
    path.write_text(text)
    return node.execute(AssessMessages((path,)), actor=ANNA).run.id


def show(node: Node, number: int, run: str) -> HitShown:
    return node.ask(ShowHit(run, number), actor=ANNA)


def list_points(node: Node, bill: str) -> int:
    return page(node, text=bill).rows[0].points.list


def told(shown: HitShown) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    return [(each.side, each.field, each.gone, each.come) for each in shown.changes]


def load(node: Node, path: Path, *rows: str) -> None:
    path.write_text("\n".join((OWN_HEADINGS, *rows)) + "\n", encoding="utf-8")
    node.execute(LoadList("own", (path,)), actor=ANNA)


def test_a_pair_answered_different_adds_no_points_any_more_and_is_shown_as_quiet(node: Node, tmp_path: Path) -> None:
    assert list_points(node, "BILL0001") > 0
    seq = answer(node, 0, "different")
    run = again(node, tmp_path)
    assert list_points(node, "BILL0001") == 0
    assert list_points(node, "BILL0004") > 0
    (quiet,) = node.ask(ListHits(view="quiet"), actor=ANNA).hits
    assert (quiet.number, quiet.quiet_by, quiet.answered.state) == (0, seq, "different")
    because = show(node, 0, run).quiet_because
    assert because is not None
    assert (because.by, because.reason, because.seq) == (ANNA.name, "common_name", seq)


@pytest.mark.parametrize("given", ["same", "cannot_tell"])
def test_any_other_answer_stays_loud(node: Node, tmp_path: Path, given: str) -> None:
    before = list_points(node, "BILL0001")
    answer(node, 0, given)
    again(node, tmp_path)
    assert list_points(node, "BILL0001") == before > 0
    assert node.ask(ListHits(view="quiet"), actor=ANNA).total == 0


def test_an_answer_that_waits_for_a_second_person_keeps_nothing_quiet(node: Node, tmp_path: Path) -> None:
    node.execute(ChangeSetting("hit_second_person_permille", "900"), actor=ANNA)
    answer(node, 0, "different")
    run = again(node, tmp_path)
    assert list_points(node, "BILL0001") > 0
    assert node.ask(ListHits(view="second"), actor=ANNA).total == 0
    assert [hit.number for hit in node.ask(ListHits(view="second"), actor=BEN).hits] == [0]
    answer(node, 0, "different", run=run, by=BEN)
    again(node, tmp_path, reference="REF3")
    assert list_points(node, "BILL0001") == 0


def test_an_answer_taken_back_or_corrected_is_loud_again_and_both_stay_in_the_trail(node: Node, tmp_path: Path) -> None:
    first = answer(node, 0, "different")
    second = answer(node, 1, "different")
    node.execute(UndoAct(first), actor=BEN)
    answer(node, 1, "same")
    run = again(node, tmp_path)
    assert list_points(node, "BILL0001") > 0 < list_points(node, "BILL0004")
    assert [each.undone_by for each in show(node, 0, run).earlier] == [BEN.name]
    assert [each.answer for each in show(node, 1, run).earlier] == ["same", "different"]
    assert second in [each.seq for each in show(node, 1, run).earlier]


def test_another_spelling_of_the_same_letters_stays_quiet_and_another_address_comes_back(
    node: Node, tmp_path: Path
) -> None:
    load(node, tmp_path / "consignees.csv", "9,SOUTHGATE IMPORT 2,organisation,,,,,TEST,")
    first = again(node, tmp_path)
    answer(node, 0, "different", run=first)
    again(node, tmp_path, reference="REF3", case="SOUTHGATE IMPORT 2, => Southgate-Import 2,")
    assert [hit.quiet_by is None for hit in node.ask(ListHits(), actor=ANNA).hits] == [False]
    moved = again(node, tmp_path, reference="REF4", address="2 HARBOUR ROAD => 77 STATION SQUARE")
    shown = show(node, 0, moved)
    assert (shown.line.answered.state, shown.line.answered.changed, shown.line.quiet_by) == ("open", ("party",), None)
    assert told(shown) == [("party", "address_line", ("2 HARBOUR ROAD",), ("77 STATION SQUARE",))]


def test_a_party_declared_in_two_ways_is_asked_about_once_for_each(node: Node, tmp_path: Path) -> None:
    load(node, tmp_path / "consignees.csv", "9,SOUTHGATE IMPORT 2,organisation,,,,,TEST,")
    moved = {"address": "2 HARBOUR ROAD => 77 STATION SQUARE"}
    answer(node, 0, "different", run=again(node, tmp_path))
    answer(node, 0, "different", run=again(node, tmp_path, reference="REF3", **moved))
    for reference, how in (("REF4", {}), ("REF5", moved)):
        run = again(node, tmp_path, reference=reference, **how)
        assert show(node, 0, run).line.answered.state == "different"
        assert show(node, 0, run).line.quiet_by is not None


def test_a_changed_entry_comes_back_and_says_exactly_what_changed(node: Node, tmp_path: Path) -> None:
    answer(node, 0, "different")
    answer(node, 1, "different")
    load(
        node,
        tmp_path / "newer.csv",
        "1,NORTHWIND EXPORT 1,organisation,~NWX,AE,,tax:77,ARMS,",
        "2,NORTHWIND EXPORT 4,organisation,,,,,TEST,",
    )
    run = again(node, tmp_path)
    shown = show(node, 0, run)
    assert (shown.line.answered.state, shown.line.answered.changed) == ("open", ("entry", "list"))
    assert told(shown) == [
        ("entry", "name", (), ("NWX",)),
        ("entry", "country", (), ("AE",)),
        ("entry", "identifier", (), ("tax:77",)),
        ("entry", "programme", ("TEST",), ("ARMS",)),
    ]
    assert list_points(node, "BILL0001") > 0
    assert (show(node, 1, run).line.answered.state, told(show(node, 1, run))) == ("different", [])
    assert list_points(node, "BILL0004") == 0


def later(tmp_path: Path, days: int) -> Node:
    moment: datetime = NOON + timedelta(days=days)
    return open_node(tmp_path / "node", moment=moment)


def test_no_answer_lives_for_ever(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        node.execute(ChangeSetting("hit_second_person_permille", NEVER), actor=ANNA)
        node.execute(ChangeSetting("hit_different_days", "30"), actor=ANNA)
        assessed(node, tmp_path)
        answer(node, 0, "different")
    with later(tmp_path, 29) as node:
        quiet = again(node, tmp_path)
        assert show(node, 0, quiet).line.answered.state == "different"
    with later(tmp_path, 30) as node:
        line = show(node, 0, quiet).line
        assert (line.answered.state, line.answered.changed) == ("open", ("expired",))
        loud = again(node, tmp_path, reference="REF3")
        assert show(node, 0, loud).line.quiet_by is None
        assert node.ask(ReplayRun(quiet), actor=ANNA).same_output


def test_a_run_is_replayed_with_the_answers_of_then(node: Node, tmp_path: Path) -> None:
    before = page(node).run.id
    act = answer(node, 0, "different")
    quiet = again(node, tmp_path)
    node.execute(UndoAct(act), actor=ANNA)
    answer(node, 1, "different")
    for run in (before, quiet):
        assert node.ask(ReplayRun(run), actor=ANNA).same_output
    names = [each.name for each in node.ask(CompareRuns(before, quiet), actor=ANNA).inputs]
    assert "answers to list hits" in names


def test_doctor_sees_an_answer_that_was_changed_behind_the_nodes_back(node: Node) -> None:
    answer(node, 0, "different")
    undone = answer(node, 1, "different")
    node.execute(UndoAct(undone), actor=ANNA)
    assert state_of(node, "answers") == "ok"
    with node._stores.main.writing() as connection:
        connection.exec_driver_sql(f"UPDATE disposition SET until = NULL, undone_seq = NULL WHERE seq = {undone}")
    assert state_of(node, "answers") == "fail"


def state_of(node: Node, name: str) -> str:
    return next(each.state for each in node.ask(Doctor(), actor=ANNA) if each.name == name)
