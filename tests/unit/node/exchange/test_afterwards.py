"""After a message: it is taken back, destroyed and certified, answered with feedback, and not passed on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from nodes import ANNA
from partner_nodes import AGREEMENT, Clock, alert, two
from pratique.node import Node
from pratique.node.exchange.clocks import ClocksDone, carry_out_clocks, carry_out_if_over
from pratique.node.exchange.disclosing import Disclosed
from pratique.node.exchange.share import Circumstances, Share
from pratique.node.handlers.disclosures import Disclose, ShowDisclosure
from pratique.node.handlers.feedback import GiveFeedback
from pratique.node.handlers.inbox import ShowMessage
from pratique.node.handlers.inbox_line import ReceiveEnvelopes
from pratique.node.handlers.ledger import MakeCheckpoint
from pratique.node.handlers.ledger_verify import VerifyLedger
from pratique.node.handlers.partners import StatePartnerFact
from pratique.node.handlers.retractions import DestroyMessage, ListShareDue, Retract
from pratique.node.handlers.share_retention import CertifyDestruction
from pratique.vocabulary.errors import PratiqueError


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def nodes(tmp_path: Path, clock: Clock) -> tuple[Node, Node]:
    return two(tmp_path, clock)


def hand(one: Node, other: Node, done: Disclosed) -> str:
    """The message as it goes from one hand to the other."""
    assert done.message is not None, done.explanation
    return carry(one, other, done.message)


def carry(one: Node, other: Node, message: str) -> str:
    """The same by its id."""
    out = one.ask(ShowDisclosure(message), actor=ANNA).out
    assert out is not None
    (taken,) = other.execute(ReceiveEnvelopes((out.envelope,)), actor=ANNA)
    assert taken.course == "accepted"
    return message


def test_retracted_message_is_destroyed_and_certified(nodes: tuple[Node, Node]) -> None:
    one, other = nodes
    message = hand(one, other, one.execute(Disclose(alert()), actor=ANNA))
    hand(one, other, one.execute(Retract(message, "wrong"), actor=ANNA))
    assert next((each.duty, each.message) for each in other.ask(ListShareDue(), actor=ANNA)) == (
        "destroy_retracted",
        message,
    )
    assert [each.duty for each in one.ask(ListShareDue(), actor=ANNA)] == ["certificate"]
    destroyed = other.execute(DestroyMessage(message, "retraction"), actor=ANNA)
    hand(other, one, destroyed.certificate)
    shown = other.ask(ShowMessage(message), actor=ANNA)
    assert shown.fields == ()
    assert [each.event for each in shown.events] == ["retracted", "destroyed"]
    events = one.ask(ShowDisclosure(message), actor=ANNA).events
    assert [each.event for each in events] == ["retracted", "certified"]
    assert one.ask(ListShareDue(), actor=ANNA) == []
    with pytest.raises(PratiqueError) as refused:
        other.execute(DestroyMessage(message, "retraction"), actor=ANNA)
    assert refused.value.code == "share.destroyed_already"


def test_feedback_comes_back_to_the_alert(nodes: tuple[Node, Node]) -> None:
    one, other = nodes
    message = hand(one, other, one.execute(Disclose(alert()), actor=ANNA))
    hand(other, one, other.execute(GiveFeedback(message, "found"), actor=ANNA))
    assert [(each.event, each.note) for each in one.ask(ShowDisclosure(message), actor=ANNA).events] == [
        ("feedback", "found")
    ]


def test_third_party_gets_nothing_without_the_originator(nodes: tuple[Node, Node]) -> None:
    one, other = nodes
    red = replace(alert(), circumstances=replace(alert().circumstances, tlp="red"))
    message = hand(one, other, one.execute(Disclose(red), actor=ANNA))
    back = replace(alert("xa-customs"), passes_on=(message,))
    assert other.execute(Disclose(back), actor=ANNA).message is not None, "back to the originator is no passing on"


def test_retracted_message_is_not_passed_on(nodes: tuple[Node, Node]) -> None:
    one, other = nodes
    message = hand(one, other, one.execute(Disclose(alert()), actor=ANNA))
    hand(one, other, one.execute(Retract(message, "wrong_person"), actor=ANNA))
    with pytest.raises(PratiqueError) as refused:
        other.execute(Disclose(replace(alert("xa-customs"), passes_on=(message,))), actor=ANNA)
    assert refused.value.code == "share.source_retracted"


def test_retention_that_is_over_is_due_here_and_at_the_sender(nodes: tuple[Node, Node], clock: Clock) -> None:
    one, other = nodes
    hand(one, other, one.execute(Disclose(alert()), actor=ANNA))
    clock.now += timedelta(days=1096)
    assert [(each.duty, each.overdue) for each in other.ask(ListShareDue(), actor=ANNA)] == [("destroy", True)]
    assert [(each.duty, each.overdue) for each in one.ask(ListShareDue(), actor=ANNA)] == [("certificate", True)]


def test_clocks_erase_on_both_sides_and_certify_by_themselves(nodes: tuple[Node, Node], clock: Clock) -> None:
    one, other = nodes
    message = hand(one, other, one.execute(Disclose(automatic()), actor=ANNA))
    assert carry_out_if_over(other, actor=ANNA) is None, "not before its time"
    for node in nodes:
        node.execute(MakeCheckpoint(), actor=ANNA)
    clock.now += timedelta(days=366)
    assert carry_out_clocks(one, actor=ANNA) == ClocksDone(0, 1, 0, 0)
    assert carry_out_clocks(other, actor=ANNA) == ClocksDone(1, 0, 1, 0)
    assert carry_out_clocks(other, actor=ANNA) == ClocksDone(0, 0, 0, 0), "a second time finds nothing"
    shown = other.ask(ShowMessage(message), actor=ANNA)
    assert (shown.fields, [each.event for each in shown.events]) == ((), ["destroyed"])
    assert shown.events[0].by_message is not None
    assert one.ask(ShowDisclosure(message), actor=ANNA).fields == ()
    carry(other, one, shown.events[0].by_message)
    assert [each.event for each in one.ask(ShowDisclosure(message), actor=ANNA).events] == ["certified"]
    assert one.ask(ListShareDue(), actor=ANNA) == other.ask(ListShareDue(), actor=ANNA) == []
    for node in nodes:
        assert node.execute(VerifyLedger(), actor=ANNA).holds


def test_certificate_that_the_gate_stops_waits_for_a_person(nodes: tuple[Node, Node], clock: Clock) -> None:
    one, other = nodes
    message = hand(one, other, one.execute(Disclose(automatic()), actor=ANNA))
    other.execute(StatePartnerFact("xa-customs", "barred", "yes", "Measure of 2 October."), actor=ANNA)
    clock.now += timedelta(days=366)
    assert carry_out_clocks(other, actor=ANNA) == ClocksDone(1, 0, 0, 1), "erased all the same"
    assert carry_out_clocks(other, actor=ANNA) == ClocksDone(0, 0, 0, 0), "and not tried every night"
    assert [(each.duty, each.message) for each in other.ask(ListShareDue(), actor=ANNA)] == [("certify", message)]
    other.execute(StatePartnerFact("xa-customs", "barred", "no", "Lifted."), actor=ANNA)
    assert other.execute(CertifyDestruction(message), actor=ANNA).message is not None
    assert other.ask(ListShareDue(), actor=ANNA) == []


def automatic() -> Share:
    """Cargo data under the clause that lets it be kept for a year."""
    fields = {"reference": "2026-0001", "urgency": "routine", "equipment": [{"id": "MSCU1234566"}]}
    return Share(
        "xb-customs", "alert/1", fields, AGREEMENT, "automatic", Circumstances("risk_analysis", mode="automatic")
    )
