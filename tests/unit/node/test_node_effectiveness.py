"""What controls came to, by what spoke for them: lists, rules, information of others; and what equipment did."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from control_days import CONFORM, DAY, Clock, approve_all, finished, open_day, orders, put_team
from control_lists import page
from nodes import ANNA, BEN
from pratique.flow.controls.outcomes import ControlFinding
from pratique.node import Node
from pratique.node.controls.outcome_checks import Result
from pratique.node.handlers.effectiveness import Measured, MeasureEffectiveness
from pratique.node.handlers.orders import AssignControl, OrderControl

FOUND = Result("discrepancy", findings=(ControlFinding("undervaluation", value_minor=90_000, currency="EUR"),))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def node(tmp_path: Path, clock: Clock) -> Iterator[Node]:
    with open_day(tmp_path, clock) as made:
        approve_all(made)
        yield made


def measured(node: Node) -> Measured:
    return node.ask(MeasureEffectiveness(), actor=ANNA)


def test_finds_are_attributed_to_the_list_that_was_hit_and_to_what_spoke_for_the_control(node: Node) -> None:
    hit = {line.consignment_id for line in page(node, limit=50).rows if any(r.source == "list" for r in line.reasons)}
    for order in orders(node):
        finished(node, order, FOUND if order.consignment_id in hit else CONFORM)
    told = measured(node)
    controlled = {order.consignment_id for order in orders(node)}
    assert len(hit & controlled) > 0
    (own,) = told.by_list
    assert (own.name, own.controlled, own.found) == ("own", len(hit & controlled), len(hit & controlled))
    by_source = {each.name: each for each in told.by_source}
    assert by_source["list"].found == len(hit & controlled)
    assert by_source["rules"].controlled >= by_source["list"].controlled
    assert "information" not in by_source


def test_a_control_ordered_because_of_information_is_attributed_to_it(node: Node) -> None:
    busy = {order.consignment_id for order in orders(node)}
    free = next(line for line in page(node, limit=50).rows if line.consignment_id not in busy)
    run = orders(node)[0].run
    node.execute(OrderControl(run, free.consignment_id, "documents", "information"), actor=ANNA)
    mine = next(order for order in orders(node) if order.consignment_id == free.consignment_id)
    finished(node, mine, FOUND)
    told = {each.name: (each.controlled, each.found) for each in measured(node).by_source}
    assert told["information"] == (1, 1)


def test_gain_waves_and_the_yield_of_equipment_follow_from_the_results(node: Node, clock: Clock) -> None:
    put_team(node)
    opening = next(each for each in orders(node) if each.control == "open")
    clock.later(hours=1)
    node.execute(AssignControl(opening.id, "team-a", DAY, "early"), actor=ANNA)
    finished(node, opening, FOUND, by=BEN)
    clock.later(hours=1)
    told = measured(node)
    (team,) = told.equipment
    assert node.ask(MeasureEffectiveness(date.min, date.max), actor=ANNA) == replace(
        told, since=date.min, until=date.max
    )
    assert (team.id, team.finds.controlled, team.finds.found, team.on_duty_s) == ("team-a", 1, 1, 2 * 3600)
    (wave,) = told.waves
    assert (wave.threat, wave.finds, wave.days_to_third) == ("undervaluation", 1, None)
    assert told.gain is not None
    assert (told.gain.results, told.gain.finds, told.gain.curve[-1].found_permille) == (1, 1, 1000)


def test_without_results_nothing_is_told(node: Node) -> None:
    told = measured(node)
    assert (told.by_source, told.by_list, told.gain, told.waves, told.equipment) == ((), (), None, (), ())
