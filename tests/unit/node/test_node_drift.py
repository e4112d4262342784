"""Drift on a node: what stays is not said to move, what moves is named, and a night is noted once."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from control_days import CONFORM, Clock, approve_all, finished, orders
from learning_days import FOUND
from nodes import ANNA, BEN, copied, new_node, write_manifest
from pratique.flow.learning.watching import DRIFTED
from pratique.node import Node
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.drift import ListDriftDays, MeasureDrift, NoteDrift
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.profiles import ActivateProfile, AddProfile
from pratique.node.handlers.runs import ListRuns, ReplayRun
from pratique.node.handlers.settings import ChangeSetting
from pratique.node.runs.manifest import manifest_of
from pratique.vocabulary.errors import PratiqueError

BILLS = 80
SLOTS = {"open": 2, "scan": 4, "documents": 8}
HEAVY = """id: own.heavy
sentence: "The bill weighs {gross_mass_g}."
rule: gross_mass_g > 5000000
owner: north
legal_basis: "own instruction 7"
risk_type: security
points: 9
valid_from: 2026-01-01
control: scan
"""


def first_run(folder: Path) -> None:
    """A node with one run of bills of some 900 kg."""
    with new_node(folder / "node") as node:
        node.execute(ChangeSetting("random_share_permille", "500"), actor=ANNA)
        path = write_manifest(folder / "first.csv", bills=BILLS, reference="FIRST")
        node.execute(AssessMessages((path,), capacity=SLOTS), actor=ANNA)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def node(tmp_path: Path, clock: Clock) -> Iterator[Node]:
    clock.later(days=40)
    with Node.open(copied(first_run, tmp_path) / "node", clock=clock, randomness=lambda: 7) as made:
        yield made


def assessed(node: Node, folder: Path, *, mass_kg: int) -> None:
    """Other bills, of some other mass."""
    path = write_manifest(folder / "now.csv", bills=BILLS, mass_kg=mass_kg, reference="NOW")
    path.write_text(path.read_text().replace("BILL0", "OTHER0"))
    node.execute(AssessMessages((path,), capacity=SLOTS), actor=ANNA)


def test_what_is_declared_as_before_has_not_moved(node: Node, tmp_path: Path) -> None:
    assessed(node, tmp_path, mass_kg=900)
    told = node.ask(MeasureDrift(), actor=ANNA)
    assert (told.before, told.now) == (BILLS, BILLS)
    assert {each.name for each in told.inputs if each.index_permille} == set()
    assert told.model is None


def test_what_has_moved_is_named_first(node: Node, tmp_path: Path) -> None:
    assessed(node, tmp_path, mass_kg=9000)
    told = node.ask(MeasureDrift(), actor=ANNA)
    assert told.inputs[0].name == "gross_mass_g"
    assert told.inputs[0].alarm
    assert told.inputs[0].index_permille > 1000 * DRIFTED
    assert "gross_mass_g" in told.alarms
    assert [each.name for each in told.inputs if each.alarm] == ["gross_mass_g"]


def test_a_rule_that_fires_otherwise_than_before_is_named(node: Node, tmp_path: Path) -> None:
    node.execute(AddProfile(HEAVY), actor=ANNA)
    node.execute(ActivateProfile("own.heavy", 1), actor=BEN)
    assessed(node, tmp_path, mass_kg=9000)
    told = node.ask(MeasureDrift(), actor=ANNA)
    found = next(each for each in told.rules if each.name == "own.heavy")
    assert (found.before.found, found.now.found, found.alarm) == (0, BILLS, True)
    assert "own.heavy" in told.alarms


def test_the_random_part_of_both_periods_is_told_with_its_interval(node: Node, tmp_path: Path) -> None:
    approve_all(node)
    drawn = [each for each in orders(node) if each.drawn_at_random]
    for each in drawn:
        finished(node, each, CONFORM)
    assessed(node, tmp_path, mass_kg=900)
    told = node.ask(MeasureDrift(), actor=ANNA)
    assert (told.random_before.controlled, told.random_before.found) == (len(drawn), 0)
    assert len(drawn) > 0
    assert (told.random_now.controlled, told.random_now.permille, told.random_alarm) == (0, None, False)


def test_a_night_is_noted_once_and_later_ones_follow(node: Node, tmp_path: Path, clock: Clock) -> None:
    assessed(node, tmp_path, mass_kg=9000)
    first = node.execute(NoteDrift(), actor=ANNA)
    assert node.execute(NoteDrift(), actor=ANNA) == first
    clock.later(days=1)
    node.execute(NoteDrift(), actor=ANNA)
    days = node.ask(ListDriftDays(), actor=ANNA)
    assert [each.day for each in days] == [date(2026, 11, 15), date(2026, 11, 16)]
    assert "gross_mass_g" in days[0].alarms
    assert [each.entry for each in node.ask(ReadJournal(), actor=ANNA)].count("drift.noted") == 3
    clock.later(days=-1)
    with pytest.raises(PratiqueError) as refused:
        node.execute(NoteDrift(), actor=ANNA)
    assert refused.value.code == "rules.clock_back"


def test_a_rule_put_in_force_moves_the_score_and_is_no_sign(node: Node, tmp_path: Path) -> None:
    node.execute(AddProfile(HEAVY), actor=ANNA)
    node.execute(ActivateProfile("own.heavy", 1), actor=BEN)
    assessed(node, tmp_path, mass_kg=9000)
    told = node.ask(MeasureDrift(), actor=ANNA)
    assert told.score.index_permille > 1000 * DRIFTED
    assert (told.score_comparable, told.score.alarm) == (False, False)
    signed = node.execute(NoteDrift(), actor=ANNA)
    assert "score" not in signed.alarms
    assert signed.explored_permille == 20


def test_a_score_under_the_same_rules_is_compared(node: Node, tmp_path: Path) -> None:
    assessed(node, tmp_path, mass_kg=9000)
    assert node.ask(MeasureDrift(), actor=ANNA).score_comparable


def test_the_share_that_explores_rises_after_a_night_with_a_sign_and_stands_in_the_record(
    node: Node, tmp_path: Path, clock: Clock
) -> None:
    approve_all(node)
    for each in orders(node):
        finished(node, each, CONFORM)
    assessed(node, tmp_path, mass_kg=900)
    run = approve_all(node)
    for each in orders(node):
        if each.run == run:
            finished(node, each, FOUND)
    signed = node.execute(NoteDrift(), actor=ANNA)
    assert "random" in signed.alarms
    assert signed.explored_permille == 30
    path = write_manifest(tmp_path / "later.csv", bills=5, reference="LATER")
    later = node.execute(AssessMessages((path,)), actor=ANNA).run
    shares = [manifest_of(each)["settings"]["unsure_share_permille"] for each in node.ask(ListRuns(), actor=ANNA)]
    assert sorted(shares) == ["20", "20", "30"]
    assert node.ask(ReplayRun(later.id), actor=ANNA).same_output
    node.execute(ChangeSetting("unsure_most_permille", "25"), actor=ANNA)
    assert node.ask(ListDriftDays(), actor=ANNA)[-1].explored_permille == 25


def test_days_without_anything_have_not_moved(node: Node) -> None:
    told = node.ask(MeasureDrift(until=date(2020, 1, 1)), actor=ANNA)
    assert (told.before, told.now, told.alarms) == (0, 0, ())
    for query, code in ((MeasureDrift(days=0), "rules.days"), (MeasureDrift(until=date.min), "rules.until")):
        with pytest.raises(PratiqueError) as refused:
            node.ask(query, actor=ANNA)
        assert refused.value.code == code
    assert node.ask(MeasureDrift(until=date.max), actor=ANNA).now == 0
