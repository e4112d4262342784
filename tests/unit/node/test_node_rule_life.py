"""A rule from its back-test to the proposal that it leaves: what is foretold happens, and a person decides."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from control_days import CONFORM, Clock, approve_all, finished, open_day, orders
from control_lists import write_ships
from nodes import ANNA, BEN
from pratique.flow.controls.outcomes import ControlFinding
from pratique.flow.controls.rule_life import Ground
from pratique.node import Node, lake
from pratique.node.controls.outcome_checks import Result
from pratique.node.frame_cache import MEBIBYTE, FrameCache
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.drift import NoteDrift
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.profiles import ActivateProfile, AddProfile, RetireProfile
from pratique.node.handlers.rule_life import BackTestProfile, BackTestVersion, ReviewProfile, ShowActivationTest
from pratique.node.handlers.runs import ReplayRun
from pratique.node.handlers.scorecards import ListScorecards, MakeScorecards, ShowScorecards
from pratique.node.handlers.settings import ChangeSetting
from pratique.node.profiles import back_testing
from pratique.vocabulary.errors import Category, PratiqueError

pytestmark = pytest.mark.long

PROFILE = """id: test.second_ship
sentence: "{consignee_name} receives {gross_mass_g}."
rule: vessel_name == "CORMORANT BAY" && gross_mass_g > 901000
owner: test
legal_basis: test
risk_type: security
points: 70
valid_from: 2026-01-01
control: scan
"""
FOUND = Result("discrepancy", findings=(ControlFinding("undervaluation", value_minor=90_000, currency="EUR"),))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def node(tmp_path: Path, clock: Clock) -> Iterator[Node]:
    with open_day(tmp_path, clock) as made:
        yield made


def in_force(node: Node, text: str = PROFILE) -> None:
    draft = node.execute(AddProfile(text), actor=ANNA)
    node.execute(ActivateProfile(draft.id, draft.version), actor=BEN)


def assessed_again(node: Node, folder: Path) -> str:
    """The two ships once more, in other words so that they are other messages; gives the run's id."""
    path = write_ships(folder / "again.csv", reference="AGAIN")
    return node.execute(AssessMessages((path,)), actor=ANNA).run.id


def test_a_back_test_counts_what_it_fires_on_and_what_controls_of_that_found(node: Node) -> None:
    approve_all(node)
    results = {}
    for number, order in enumerate(orders(node)):
        results[order.bill] = number % 2 == 0
        finished(node, order, FOUND if number % 2 == 0 else CONFORM)
    tested = node.ask(BackTestProfile(PROFILE), actor=ANNA)
    hit = {"BILL0102", "BILL0103", "BILL0104", "BILL0105"}
    known = {bill: found for bill, found in results.items() if bill in hit}
    assert (tested.runs, tested.unreadable, tested.beyond, tested.card.consignments) == (1, 0, 0, 12)
    assert tested.card.fires == 4
    assert (tested.card.finds.controlled, tested.card.finds.found) == (len(known), sum(known.values()))
    assert known


@pytest.mark.long
def test_what_a_back_test_says_of_the_selection_is_what_the_next_one_does(node: Node, tmp_path: Path) -> None:
    for name, slots in {"open": 2, "scan": 2, "documents": 3}.items():
        node.execute(ChangeSetting(f"capacity.{name}", str(slots)), actor=ANNA)
    before = node.execute(AssessMessages((write_ships(tmp_path / "one.csv", reference="ONE"),)), actor=ANNA)
    told = node.ask(BackTestProfile(PROFILE), actor=ANNA).effect
    assert told is not None
    assert (told.run, told.fires, told.capacity) == (before.run.id, 4, {"open": 2, "scan": 2, "documents": 3})
    in_force(node)
    after = node.ask(ReplayRun(before.run.id), actor=ANNA)  # the old run stays what it was
    assert after.same_output
    new = node.execute(AssessMessages((write_ships(tmp_path / "two.csv", reference="TWO"),)), actor=ANNA).assessment
    chosen = [
        set(
            each.decisions.filter(
                (each.decisions["control"].is_in(["open", "scan", "documents"])) & (each.decisions["basis"] != "random")
            )["consignment"]
        )
        for each in (before.assessment, new)
    ]
    assert (told.chosen, told.enters, told.leaves) == (
        len(chosen[0]),
        len(chosen[1] - chosen[0]),
        len(chosen[0] - chosen[1]),
    )
    assert told.enters > 0


def test_what_was_known_when_a_version_was_put_in_force_is_kept(node: Node, tmp_path: Path, clock: Clock) -> None:
    foretold = node.ask(BackTestProfile(PROFILE), actor=ANNA)
    in_force(node)
    clock.later(days=1)
    assessed_again(node, tmp_path)
    assert node.ask(ShowActivationTest("test.second_ship", 1), actor=ANNA) == foretold
    now = node.ask(BackTestVersion("test.second_ship", 1), actor=ANNA)
    assert (foretold.runs, now.runs) == (1, 2)
    assert node.ask(ShowActivationTest("seals.missing", 1), actor=ANNA) is None


def test_a_rule_has_one_scorecard_a_day_however_often_the_night_comes(node: Node, tmp_path: Path) -> None:
    in_force(node)
    assessed_again(node, tmp_path)
    first = node.execute(MakeScorecards(), actor=ANNA)
    again = node.execute(MakeScorecards(), actor=ANNA)
    assert first.made == len(first.rules) > 1
    assert (again.made, again.rules) == (0, first.rules)
    (mine,) = node.ask(ShowScorecards("test.second_ship"), actor=ANNA)
    assert (mine.card.fires, mine.version) == (4, 1)
    assert [each.entry for each in node.ask(ReadJournal(), actor=ANNA)].count("profiles.scored") == 2


def test_a_rule_that_never_fires_is_proposed_and_stays_where_a_person_says_so(node: Node, clock: Clock) -> None:
    in_force(node, PROFILE.replace("gross_mass_g > 901000", "gross_mass_g > 900000000"))
    clock.later(days=181)
    node.execute(MakeScorecards(), actor=ANNA)

    def proposed() -> dict[str, list[Ground]]:
        found = node.ask(ListScorecards(proposed=True), actor=ANNA)
        return {each.profile_id: [ground.ground for ground in each.open_grounds] for each in found}

    assert proposed()["test.second_ship"] == [Ground.SILENT]
    with pytest.raises(PratiqueError) as refused:
        node.execute(ReviewProfile("test.second_ship", "because"), actor=BEN)
    assert refused.value.code == "control.no_reason"
    node.execute(ReviewProfile("test.second_ship", "in_season"), actor=BEN)
    assert "test.second_ship" not in proposed()
    clock.later(days=1)
    assert "test.second_ship" not in {each.profile_id for each in node.execute(MakeScorecards(), actor=ANNA).proposals}
    clock.later(days=400)
    node.execute(MakeScorecards(), actor=ANNA)  # nothing came in for a year: silence says nothing of a rule
    assert set(map(tuple, proposed().values())) == {(Ground.REVIEW_DUE,)}
    node.execute(RetireProfile("test.second_ship"), actor=BEN)
    with pytest.raises(PratiqueError) as refused:
        node.execute(ReviewProfile("test.second_ship", "in_season"), actor=BEN)
    assert refused.value.code == "profiles.not_active"


def test_a_rule_that_has_ended_stops_and_says_so(node: Node, tmp_path: Path, clock: Clock) -> None:
    in_force(node, PROFILE + "valid_to: 2026-10-20\n")
    clock.later(days=20)
    told = node.execute(AssessMessages((write_ships(tmp_path / "late.csv", reference="LATE"),)), actor=ANNA)
    assert "test.second_ship" not in set(told.assessment.reasons["profile_id"])
    assert [each.params["profile"] for each in told.warnings if each.rule == "profiles.has_ended"] == [
        "test.second_ship"
    ]
    found = {each.profile_id: each for each in node.execute(MakeScorecards(), actor=ANNA).proposals}
    assert [each.ground for each in found["test.second_ship"].open_grounds] == [Ground.ENDED]
    node.execute(ReviewProfile("test.second_ship", "still_right"), actor=BEN)
    assert "test.second_ship" in {each.profile_id for each in node.ask(ListScorecards(proposed=True), actor=ANNA)}
    node.execute(AddProfile(PROFILE + "valid_to: 2026-10-20\n"), actor=ANNA)
    with pytest.raises(PratiqueError) as refused:
        node.execute(ActivateProfile("test.second_ship", 2), actor=BEN)
    assert (refused.value.code, refused.value.category) == ("profiles.ended", Category.CONFLICT)


def test_a_clock_that_went_back_makes_no_scorecards(node: Node, clock: Clock) -> None:
    node.execute(MakeScorecards(), actor=ANNA)
    clock.later(days=-2)
    with pytest.raises(PratiqueError) as refused:
        node.execute(MakeScorecards(), actor=ANNA)
    assert refused.value.code == "rules.clock_back"


def test_a_run_that_cannot_be_read_hides_nothing_of_the_others(
    node: Node, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.later(days=1)
    assessed_again(node, tmp_path)
    for module in (lake, back_testing):
        monkeypatch.setattr(module, "FRAMES", FrameCache(most_bytes=MEBIBYTE))
    kept = sorted((node.folder.root / "lake").rglob("known_bills-*"), key=lambda each: each.stat().st_size)
    kept[-1].write_bytes(b"damaged")
    tested = node.ask(BackTestProfile(PROFILE, days=30), actor=ANNA)
    assert (tested.runs, tested.unreadable, tested.card.consignments) == (1, 1, 12)


@pytest.mark.parametrize("days", [0, 5000])
def test_days_that_cannot_be_are_refused(node: Node, days: int) -> None:
    with pytest.raises(PratiqueError) as refused:
        node.ask(BackTestProfile(PROFILE, days=days), actor=ANNA)
    assert refused.value.code == "rules.days"


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("rule_scorecard", "figures"),
        ("rule_back_test", "figures"),
        ("rule_review", "reason"),
        ("drift_day", "figures"),
    ],
)
def test_the_doctor_sees_what_somebody_wrote_beside_the_node(node: Node, table: str, column: str) -> None:
    in_force(node)
    node.execute(MakeScorecards(), actor=ANNA)
    node.execute(NoteDrift(), actor=ANNA)
    node.execute(ReviewProfile("test.second_ship", "in_season"), actor=BEN)

    def state() -> str:
        return next(each.state for each in node.ask(Doctor(), actor=ANNA) if each.name == "rule_rows")

    assert state() == "ok"
    path = node.folder.root / "pratique.db"
    with sqlite3.connect(path) as connection:
        before = connection.execute(f"SELECT rowid, {column} FROM {table} LIMIT 1").fetchone()
        connection.execute(f"UPDATE {table} SET {column} = '{{}}' WHERE rowid = ?", before[:1])
    assert state() == "fail"
    with sqlite3.connect(path) as connection:
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", before[::-1])
    assert state() == "ok"
    with sqlite3.connect(path) as connection:
        connection.execute(f"DELETE FROM {table} WHERE rowid = ?", before[:1])
    assert state() == "fail"
