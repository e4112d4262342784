"""Grades of sources on a node: of a list by setting, of an entry by the list, seen on hits and by rules."""

from pathlib import Path

import pytest

from control_lists import CAPACITY, page, write_ships
from nodes import ANNA, OWN_HEADINGS, new_node
from pratique.node import Node
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.dispositions import DisposeHit
from pratique.node.handlers.hits import ListHits, ShowHit
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.runs import ReplayRun
from pratique.node.handlers.settings import ChangeSetting, ListSettings
from pratique.vocabulary.errors import PratiqueError

pytestmark = pytest.mark.long


def load(node: Node, folder: Path, *rows: str) -> None:
    path = folder / "graded.csv"
    path.write_text("\n".join((f"{OWN_HEADINGS},grade,report", *rows)) + "\n", encoding="utf-8")
    node.execute(LoadList("own", (path,)), actor=ANNA)


def assess(node: Node, folder: Path, reference: str = "REF1") -> str:
    ships = write_ships(folder / f"{reference}.csv", reference=reference)
    return node.execute(AssessMessages((ships,), capacity=CAPACITY), actor=ANNA).run.id


ROWS = (
    "1,NORTHWIND EXPORT 1,organisation,,,,,TEST,,e5,Report 77/2026",
    "2,NORTHWIND EXPORT 4,organisation,,,,,TEST,,,",
)


def test_a_low_grade_gives_few_points_and_no_mandatory_control(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        load(node, tmp_path, *ROWS)
        run = assess(node, tmp_path)
        low, full = page(node, text="BILL0001").rows[0], page(node, text="BILL0004").rows[0]
        assert [reason.profile_id for reason in low.reasons if reason.source == "list"] == ["lists.low_grade"]
        assert (low.mandatory, full.mandatory) == (False, True)
        assert 0 < low.points.list < full.points.list
        shown = node.ask(ShowHit(run, 0), actor=ANNA)
        assert (shown.entry.source_grade, shown.entry.information_grade) == ("E", "5")
        assert shown.entry.report == "Report 77/2026"


def test_the_grade_of_a_list_is_a_setting_and_a_replay_grades_as_then(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        node.execute(ChangeSetting("list_grade.own", "B2"), actor=ANNA)
        load(node, tmp_path, *ROWS)
        run = assess(node, tmp_path)
        assert [hit.source_grade for hit in node.ask(ListHits(), actor=ANNA).hits] == ["E", "B"]
        node.execute(ChangeSetting("list_grade.own", "F6"), actor=ANNA)
        assert node.ask(ReplayRun(run), actor=ANNA).same_output
        assess(node, tmp_path, "REF2")
        assert [hit.source_grade for hit in node.ask(ListHits(), actor=ANNA).hits] == ["E", "F"]
        assert page(node, text="BILL0004").rows[0].mandatory is False
        assert "list_grade.own" in [each.name for each in node.ask(ListSettings(), actor=ANNA)]


def test_raised_hits_are_graded_too_and_a_new_grade_opens_no_answered_pair(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        node.execute(ChangeSetting("hit_second_person_permille", "1001"), actor=ANNA)
        run = assess(node, tmp_path)
        load(node, tmp_path, *ROWS)
        assert [hit.source_grade for hit in node.ask(ListHits(view="raised"), actor=ANNA).hits] == ["E", None]
        node.execute(DisposeHit(run, 0, "different", "common_name"), actor=ANNA)
        load(node, tmp_path, ROWS[0].replace("e5", "A1"), ROWS[1])
        assert [hit.answered.state for hit in node.ask(ListHits(), actor=ANNA).hits] == ["different", "open"]


@pytest.mark.parametrize("grade", ["B", "7", "G1", "B2C3"])
def test_what_is_no_grade_is_refused_with_its_place(tmp_path: Path, grade: str) -> None:
    with new_node(tmp_path / "node") as node:
        with pytest.raises(PratiqueError, match="line 2"):
            load(node, tmp_path, f"1,NORTHWIND EXPORT 1,organisation,,,,,TEST,,{grade},")
        with pytest.raises(PratiqueError) as refused:
            node.execute(ChangeSetting("list_grade.own", grade), actor=ANNA)
        assert refused.value.code == "settings.unfit"
