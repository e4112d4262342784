"""Controls: ordered by an approval, taken to exactly one outcome, corrected by a second person, and reconciled."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from control_days import CONFORM, DAY, Clock, approve_all, finished, open_day, orders, put_team, worked
from nodes import ANNA, BEN
from pratique.flow.controls.outcomes import ControlFinding
from pratique.node import Actor, Node
from pratique.node.acts import Command
from pratique.node.controls.outcome_checks import Result
from pratique.node.handlers.control_list import OverrideDecision, SelectConsignment, WaiveConsignment
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.orders import (
    AnswerSteps,
    AssignControl,
    ListControls,
    OrderControl,
    ReferControl,
    StartControl,
    StepAnswer,
)
from pratique.node.handlers.outcomes import CorrectOutcome, RecordOutcome, ShowOrder
from pratique.node.handlers.reconciling import ReconcileControls, ReleaseConsignment
from pratique.node.handlers.undoing import UndoAct
from pratique.vocabulary.errors import PratiqueError

DRUGS = ControlFinding("narcotics", "cooling_unit", quantity_milli=214_000, unit="KGM", mass_g=214_000, seized=True)
SEIZED = Result("seizure", findings=(DRUGS,), legal_basis="Customs Act, s. 85")
WRONG_VALUE = Result(
    "discrepancy",
    findings=(ControlFinding("undervaluation", value_minor=90_000, currency="EUR"),),
    duty_recovered_minor=18_000,
    duty_currency="EUR",
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def node(tmp_path: Path, clock: Clock) -> Iterator[Node]:
    with open_day(tmp_path, clock) as made:
        approve_all(made)
        yield made


def refused(node: Node, command: Command[Any], *, by: Actor = BEN) -> str:
    before = orders(node)
    with pytest.raises(PratiqueError) as told:
        node.execute(command, actor=by)
    assert orders(node) == before
    assert told.value.happened
    return told.value.code


def run(node: Node) -> str:
    return orders(node)[0].run


def test_an_approval_orders_every_control_of_the_list_in_its_one_journal_entry(node: Node) -> None:
    found = orders(node)
    proof = node.ask(ReconcileControls(), actor=ANNA).proof
    assert {each.state for each in found} == {"ordered"}
    assert [each.gap.value for each in proof.open] == ["no_outcome"] * len(found) != []
    entries = [each for each in node.ask(ReadJournal(), actor=ANNA) if each.entry == "control.approved"]
    assert all(len(json.loads(each.command)["recorded"]) == 64 for each in entries)


def test_a_random_control_keeps_its_probability_and_who_only_inspects_is_not_told(node: Node) -> None:
    inspector = Actor("officer:jonas", frozenset({"inspection"}))
    drawn = [each for each in orders(node) if each.drawn_at_random]
    assert drawn
    assert all(0 < (each.probability_ppm or 0) <= 1_000_000 for each in drawn)
    shown = node.ask(ListControls(), actor=inspector).orders
    assert {(each.drawn_at_random, each.probability_ppm, each.basis, each.by) for each in shown} == {
        (None, None, "selection", "")
    }


def test_every_order_that_ends_makes_the_reconciliation_whole(node: Node, clock: Clock) -> None:
    found = orders(node)
    for number, each in enumerate(found):
        clock.later(minutes=1)
        finished(node, each, SEIZED if number == 0 else CONFORM)
    proof = node.ask(ReconcileControls(), actor=ANNA).proof
    assert proof.is_whole
    assert proof.outcomes["seizure"] == 1
    assert sum(proof.outcomes.values()) == proof.selected >= len(found)


def test_a_second_outcome_is_refused_and_a_correction_needs_a_second_person(node: Node, clock: Clock) -> None:
    order = orders(node)[0]
    first = finished(node, order)
    assert refused(node, RecordOutcome(order.id, SEIZED)) == "controls.second_outcome"
    assert refused(node, CorrectOutcome(order.id, SEIZED, "wrong_entry"), by=BEN) == "controls.same_person"
    clock.later(minutes=5)
    corrected = node.execute(CorrectOutcome(order.id, SEIZED, "wrong_entry"), actor=ANNA)
    assert (corrected.supersedes, corrected.controlled_at) == (first.seq, first.controlled_at)
    shown = node.ask(ShowOrder(order.id), actor=ANNA)
    assert [each.outcome for each in shown.records] == ["conform", "seizure"]
    assert shown.line.outcome == "seizure"


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (Result("fine"), "controls.no_outcome"),
        (Result("seizure"), "controls.findings_missing"),
        (Result("conform", findings=(DRUGS,)), "controls.findings_contradict"),
        (Result("discrepancy", findings=(DRUGS,)), "controls.seizure_contradicts"),
        (Result("seizure", findings=(DRUGS,)), "controls.legal_basis_missing"),
        (Result("conform", legal_basis="s. 85"), "controls.legal_basis_contradicts"),
        (Result("not_controlled"), "controls.reason_missing"),
        (Result("not_controlled", reason="bored"), "control.no_reason"),
        (Result("conform", reason="left_port"), "controls.reason_contradicts"),
        (Result("conform", duty_recovered_minor=1, duty_currency="EUR"), "controls.duty_contradicts"),
        (Result("discrepancy", findings=(ControlFinding("ghosts"),)), "controls.no_such_code"),
        (Result("discrepancy", findings=(ControlFinding("origin", hs="00"),)), "controls.no_heading"),
        (Result("discrepancy", findings=(ControlFinding("origin", mass_g=-5),)), "controls.amount"),
        (Result("discrepancy", findings=(ControlFinding("origin", unit="KGM"),)), "controls.quantity_and_unit"),
        (Result("discrepancy", findings=(ControlFinding("origin", value_minor=5),)), "controls.value_and_currency"),
    ],
)
def test_an_outcome_that_contradicts_itself_is_refused(node: Node, result: Result, code: str) -> None:
    order = orders(node)[0]
    worked(node, order)
    assert refused(node, RecordOutcome(order.id, result)) == code


def test_no_outcome_without_a_start_and_every_step_answered(node: Node) -> None:
    order = next(each for each in orders(node) if each.control == "open")
    assert refused(node, RecordOutcome(order.id, CONFORM)) == "controls.not_now"
    assert refused(node, RecordOutcome("ZZZZZZZZ", CONFORM)) == "controls.no_order"
    node.execute(StartControl(order.id), actor=BEN)
    assert refused(node, RecordOutcome(order.id, CONFORM)) == "controls.steps_open"
    assert refused(node, AnswerSteps(order.id, (StepAnswer("nonsense"),))) == "controls.no_step"
    assert refused(node, AnswerSteps(order.id, (StepAnswer("radiation"),))) == "controls.step_text_missing"
    steps = node.ask(ShowOrder(order.id), actor=BEN).kind.steps
    node.execute(AnswerSteps(order.id, tuple(StepAnswer(each.code, "not_reached") for each in steps)), actor=BEN)
    assert refused(node, RecordOutcome(order.id, CONFORM)) == "controls.nothing_done"


def test_a_control_that_could_not_be_made_ends_with_its_coded_reason(node: Node) -> None:
    order = orders(node)[0]
    node.execute(RecordOutcome(order.id, Result("not_controlled", reason="left_port")), actor=BEN)
    proof = node.ask(ReconcileControls(), actor=ANNA).proof
    assert proof.outcomes["not_controlled"] == 1
    assert order.consignment_id not in {each.consignment_id for each in proof.open}


def test_a_waiver_cancels_the_order_and_undone_the_order_stands_again(node: Node) -> None:
    order = orders(node)[0]
    act = node.execute(WaiveConsignment(order.run, order.consignment_id, "documents_suffice"), actor=ANNA).act
    assert orders(node)[0].state == "cancelled"
    assert refused(node, StartControl(order.id)) == "controls.cancelled"
    assert order.consignment_id not in {
        each.consignment_id for each in node.ask(ReconcileControls(), actor=ANNA).proof.open
    }
    node.execute(UndoAct(act.seq), actor=ANNA)
    assert orders(node)[0].state == "ordered"


def test_once_there_is_an_outcome_the_control_list_no_longer_changes_for_it(node: Node) -> None:
    order = orders(node)[0]
    finished(node, order)
    waive = WaiveConsignment(order.run, order.consignment_id, "documents_suffice")
    assert refused(node, waive) == "controls.concluded"


def test_an_act_after_the_approval_orders_its_control(node: Node) -> None:
    order = next(each for each in orders(node) if each.control == "scan")
    done = node.execute(OverrideDecision(order.run, order.consignment_id, "open", "information"), actor=ANNA)
    mine = [each for each in orders(node) if each.consignment_id == order.consignment_id]
    assert {(each.control, each.state) for each in mine} == {("scan", "cancelled"), ("open", "ordered")}
    node.execute(UndoAct(done.act.seq), actor=ANNA)
    mine = [each for each in orders(node) if each.consignment_id == order.consignment_id]
    assert {(each.control, each.state) for each in mine} == {("scan", "ordered"), ("open", "cancelled")}


def test_an_officer_orders_a_dog_for_a_reason_where_nothing_is_in_force(node: Node) -> None:
    order = orders(node)[0]
    again = OrderControl(order.run, order.consignment_id, "dog", "information")
    assert refused(node, again) == "controls.ordered_already"
    free = next(each for each in _standing(node) if each not in {line.consignment_id for line in orders(node)})
    made = node.execute(OrderControl(order.run, free, "dog", "information"), actor=BEN)
    assert (made.control, made.basis, made.probability_ppm) == ("dog", "officer", None)
    finished(node, made)
    assert node.ask(ReconcileControls(), actor=ANNA).proof.outcomes["conform"] == 1


def test_a_scan_that_shows_something_is_referred_and_the_opening_has_the_outcome(node: Node) -> None:
    scan = next(each for each in orders(node) if each.control == "scan")
    worked(node, scan)
    opening = node.execute(ReferControl(scan.id, "open", "anomaly"), actor=BEN)
    assert (opening.basis, opening.probability_ppm) == ("referral", scan.probability_ppm)
    assert refused(node, RecordOutcome(scan.id, CONFORM)) == "controls.not_now"
    finished(node, opening, SEIZED)
    proof = node.ask(ReconcileControls(), actor=ANNA).proof
    assert proof.outcomes["seizure"] == 1
    assert scan.consignment_id not in {each.consignment_id for each in proof.open}


def test_nothing_is_released_that_is_open_and_nothing_recorded_that_is_released(node: Node) -> None:
    order = orders(node)[0]
    release = ReleaseConsignment(order.run, order.consignment_id)
    assert refused(node, release, by=ANNA) == "controls.release_open"
    finished(node, order)
    node.execute(release, actor=ANNA)
    assert refused(node, release, by=ANNA) == "controls.released"
    free = next(each for each in _standing(node) if each not in {line.consignment_id for line in orders(node)})
    node.execute(ReleaseConsignment(order.run, free), actor=ANNA)
    assert refused(node, SelectConsignment(order.run, free, "open")) == "controls.released"
    assert refused(node, OrderControl(order.run, free, "dog", "information")) == "controls.released"


def test_a_clock_that_goes_back_records_nothing(node: Node, clock: Clock) -> None:
    order = orders(node)[0]
    worked(node, order)
    clock.later(minutes=-90)
    assert refused(node, RecordOutcome(order.id, CONFORM)) == "controls.clock_back"
    clock.later(minutes=90)
    future = Result("conform", controlled_at=clock.moment.replace(year=2030))
    assert refused(node, RecordOutcome(order.id, future)) == "controls.controlled_at"


def test_a_resource_takes_what_it_can_and_no_more(node: Node) -> None:
    put_team(node, "scanner", "scanner-1", capacity=1)
    scans = [each for each in orders(node) if each.control == "scan"]
    opening = next(each for each in orders(node) if each.control == "open")
    assert refused(node, AssignControl(opening.id, "scanner-1", DAY, "early")) == "resources.wrong_kind"
    assert refused(node, AssignControl(scans[0].id, "scanner-1", DAY, "night")) == "resources.no_shift"
    line = node.execute(AssignControl(scans[0].id, "scanner-1", DAY, "early", "ben"), actor=ANNA)
    assert (line.state, line.assigned.officer if line.assigned else "") == ("assigned", "ben")
    assert refused(node, AssignControl(scans[1].id, "scanner-1", DAY, "early")) == "resources.shift_full"


def test_the_doctor_sees_an_order_that_was_changed_behind_the_nodes_back(node: Node) -> None:
    finished(node, orders(node)[0])
    assert _check(node, "control_records") == "ok"
    with node._stores.main.writing() as connection:
        connection.exec_driver_sql("UPDATE control_outcome SET outcome = 'seizure'")
    assert _check(node, "control_records") == "fail"


def _check(node: Node, name: str) -> str:
    return next(each.state for each in node.ask(Doctor(), actor=ANNA) if each.name == name)


def _standing(node: Node) -> list[str]:
    from control_lists import page

    return [each.consignment_id for each in page(node, limit=200).rows if each.control == "none"]
