"""A partner's warning counts: what it names is compared with what is assessed, and what comes of it goes back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from control_days import finished
from nodes import ANNA, write_manifest
from partner_nodes import AGREEMENT, Clock, alert, two
from pratique.flow.controls.outcomes import ControlFinding
from pratique.node import Node
from pratique.node.controls.outcome_checks import Result
from pratique.node.exchange.by_itself import done_by_itself
from pratique.node.exchange.disclosing import Disclosed
from pratique.node.exchange.share import Circumstances, Share
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.disclosures import Disclose, ShowDisclosure
from pratique.node.handlers.feedback import AskForFeedback, GiveFeedback
from pratique.node.handlers.feedback_standing import Proposed, ProposeFeedback, ShowFeedback
from pratique.node.handlers.inbox_line import ReceiveEnvelopes
from pratique.node.handlers.orders import OrderControl
from pratique.node.handlers.queue import ListQueue
from pratique.node.handlers.retractions import Retract
from pratique.node.handlers.warnings import ShowWarnings
from pratique.vocabulary.errors import PratiqueError


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def nodes(tmp_path: Path, clock: Clock) -> tuple[Node, Node]:
    return two(tmp_path, clock)


def hand(one: Node, other: Node, done: Disclosed) -> str:
    assert done.message is not None, done.explanation
    out = one.ask(ShowDisclosure(done.message), actor=ANNA).out
    assert out is not None
    (taken,) = other.execute(ReceiveEnvelopes((out.envelope,)), actor=ANNA)
    assert taken.course == "accepted"
    return done.message


@pytest.mark.long
def test_a_box_that_a_partner_warned_of_is_selected_controlled_and_reported(
    nodes: tuple[Node, Node], tmp_path: Path, clock: Clock
) -> None:
    one, other = nodes
    message = hand(one, other, one.execute(Disclose(warning()), actor=ANNA))
    assert done_by_itself(other, actor=ANNA).warned == 1
    assert done_by_itself(other, actor=ANNA).warned is None, "nothing has changed since"
    run, consignment = assessed_with_the_box(other, tmp_path)
    assert other.ask(ProposeFeedback(message), actor=ANNA) is None

    order = other.execute(OrderControl(run, consignment, "dog", "other_authority"), actor=ANNA)
    find = ControlFinding("narcotics", mass_g=40_000, seized=True)
    finished(other, order, Result("seizure", findings=(find,), legal_basis="Customs Act, s. 12"))
    proposed = other.ask(ProposeFeedback(message), actor=ANNA)
    assert proposed == Proposed(
        "found", "2026-10-05", (consignment,), ({"what": "narcotics", "threat": "narcotics", "mass_g": 40_000},)
    )
    fields = {"at": proposed.day, "found": list(proposed.found)}
    hand(other, one, other.execute(GiveFeedback(message, proposed.outcome, fields), actor=ANNA))

    (line,) = one.ask(ShowFeedback(), actor=ANNA).lines
    assert (line.direction, line.outcome, line.overdue) == ("sent", "found", False)
    (rates,) = one.ask(ShowFeedback(), actor=ANNA).partners
    assert (rates.given.name, rates.given.permille, rates.hit.found, rates.hit.controlled) == ("xb-customs", 1000, 1, 1)
    assert rates.hit.low_permille < 1000, "one find proves little, and the interval says so"
    clock.now += timedelta(days=30)
    assert one.ask(ShowFeedback(), actor=ANNA).owed == ()
    with pytest.raises(PratiqueError) as refused:
        one.execute(AskForFeedback(message), actor=ANNA)
    assert refused.value.code == "feedback.came"


def test_silence_is_overdue_on_both_sides_and_the_partner_is_reminded(nodes: tuple[Node, Node], clock: Clock) -> None:
    one, other = nodes
    message = hand(one, other, one.execute(Disclose(alert()), actor=ANNA))
    assert one.ask(ShowFeedback(), actor=ANNA).owed == ()
    clock.now += timedelta(days=15)
    for node, direction in ((one, "sent"), (other, "received")):
        (line,) = node.ask(ShowFeedback(), actor=ANNA).owed
        assert (line.message, line.direction, line.reminded) == (message, direction, False)
    hand(one, other, one.execute(AskForFeedback(message), actor=ANNA))
    for node in nodes:
        assert node.ask(ShowFeedback(), actor=ANNA).owed[0].reminded


def warning() -> Share:
    """A container warning, as port control units send them."""
    said = {
        "reference": "PCU-26-7",
        "urgency": "urgent",
        "container": {"id": "MSCU1234566"},
        "destination": "KEMBA",
        "reason": "The seal was changed at transhipment.",
    }
    return Share("xb-customs", "container_warning/1", said, AGREEMENT, "spontaneous", Circumstances("prevention"))


def assessed_with_the_box(node: Node, folder: Path) -> tuple[str, str]:
    """A run in which one bill has the box; the reason says who warned, under which clause and for which use."""
    manifest = write_manifest(folder / "a.csv", bills=2)
    manifest.write_text(manifest.read_text().replace(",,NORTHWIND EXPORT 1", ",MSCU1234566,NORTHWIND EXPORT 1"))
    run = node.execute(AssessMessages((manifest,)), actor=ANNA).run.id
    first = node.ask(ListQueue(), actor=ANNA).rows[0]
    told = next(each for each in first.reasons if each.profile_id == "lists.identifier").params
    assert first.bill == "BILL0001"
    limits = (
        "Container warning of xa-customs, for prevention of offences only, TLP:AMBER, customs-bilateral/spontaneous"
    )
    assert told["hits.programme"] == limits
    return run, first.consignment_id


@pytest.mark.long
def test_what_is_taken_back_or_over_selects_no_more(nodes: tuple[Node, Node], clock: Clock) -> None:
    one, other = nodes
    message = hand(one, other, one.execute(Disclose(alert()), actor=ANNA))
    done_by_itself(other, actor=ANNA)
    clock.now += timedelta(days=91)
    assert done_by_itself(other, actor=ANNA).warned == 0
    clock.now -= timedelta(days=91)
    hand(one, other, one.execute(Retract(message, "wrong"), actor=ANNA))
    assert other.ask(ShowWarnings(), actor=ANNA).warned == ()
