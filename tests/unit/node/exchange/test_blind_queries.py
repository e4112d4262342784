"""A partner is asked whether it knows something: it learns nothing of what, who asks yes or no, within limits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from nodes import ANNA, OWN_HEADINGS
from partner_nodes import AGREEMENT, Clock, two
from pratique.node import Node
from pratique.node.exchange.following import Under
from pratique.node.exchange.share import Circumstances
from pratique.node.handlers.blind import (
    AskBlindly,
    BlindlyAsked,
    ClearBlind,
    ReadBlindAnswer,
    ShowBlindBudget,
    ShowBlindQuestion,
)
from pratique.node.handlers.blind_asked import AllowBlindQueries, AnswerBlindly, BlindlyAnswered, MarkBlindList
from pratique.node.handlers.blind_standing import ListBlindDue, ShowBlind
from pratique.node.handlers.disclosures import ShowDisclosure
from pratique.node.handlers.inbox import ShowMessage
from pratique.node.handlers.inbox_line import ListNotTaken, ReceiveEnvelopes
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.partners import StatePartnerFact
from pratique.node.handlers.settings import ChangeSetting
from pratique.vocabulary.errors import PratiqueError

UNDER = Under(AGREEMENT, "spontaneous", Circumstances("investigation"))
BOX = "MSCU1234566"
BOXES = [BOX, *(f"QZHU482{number:04}" for number in range(30))]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def nodes(tmp_path: Path, clock: Clock) -> tuple[Node, Node]:
    """xb-customs has a list of boxes and of persons and lets xa-customs ask about it."""
    one, other = two(tmp_path, clock)
    rows = [f"b{number},{box},equipment,,,,,watch,\n" for number, box in enumerate(BOXES)]
    rows += [f"p{number},PERSON {number} EXAMPLE,person,,,1980-02-{number + 1:02},,watch,\n" for number in range(25)]
    (tmp_path / "own.csv").write_text(OWN_HEADINGS + "\n" + "".join(rows))
    other.execute(LoadList("own", (tmp_path / "own.csv",)), actor=ANNA)
    other.execute(MarkBlindList("own", shared=True, basis="decision 7 of 2026"), actor=ANNA)
    allow(other)
    return one, other


def allow(node: Node, per_day: int = 40, clause: str = "on-request", by_itself: bool = True) -> None:
    said = AllowBlindQueries("xa-customs", AGREEMENT, clause, per_day, by_itself, "decision 7 of 2026")
    node.execute(said, actor=ANNA)


def hand(one: Node, other: Node, message: str) -> None:
    out = one.ask(ShowDisclosure(message), actor=ANNA).out
    assert out is not None
    (taken,) = other.execute(ReceiveEnvelopes((out.envelope,)), actor=ANNA)
    assert taken.course == "accepted"


def ask(one: Node, *identifiers: str, kind: str = "container") -> BlindlyAsked:
    return one.execute(AskBlindly("xb-customs", kind, identifiers, UNDER, "case 26/1187"), actor=ANNA)


def round_trip(one: Node, other: Node, *identifiers: str, kind: str = "container") -> tuple[str, BlindlyAnswered]:
    """Asked, answered and read; gives the question and what became of it there."""
    question = ask(one, *identifiers, kind=kind).disclosed.message
    assert question is not None
    hand(one, other, question)
    answered = other.execute(AnswerBlindly(question), actor=ANNA)
    assert answered.message is not None
    hand(other, one, answered.message)
    one.execute(ReadBlindAnswer(question), actor=ANNA)
    return question, answered


def test_asking_side_learns_yes_or_no_and_the_asked_side_only_how_much(nodes: tuple[Node, Node]) -> None:
    one, other = nodes
    question, answered = round_trip(one, other, BOX, "MSCU7654321")
    assert (answered.outcome, answered.elements) == ("answered", 10)
    shown = one.ask(ShowBlindQuestion(question), actor=ANNA)
    assert shown.found == ((BOX, True), ("MSCU7654321", False))
    assert (shown.question.state, shown.question.known, shown.question.secrets) == ("answered", 1, None)
    came = {each.name: each.value for each in other.ask(ShowMessage(question), actor=ANNA).fields}
    assert len(came["elements"]) == 10, "decoys hide how many were asked"
    held = str(other.ask(ShowMessage(question), actor=ANNA))
    assert BOX not in held
    assert "case 26/1187" not in held
    settled = other.ask(ShowBlind(), actor=ANNA).settled
    assert [(each.query_id, each.outcome, each.elements) for each in settled] == [(question, "answered", 10)]
    assert one.ask(ShowBlindBudget("xb-customs"), actor=ANNA).officer_used == 10


def test_the_set_travels_once_for_each_key(nodes: tuple[Node, Node]) -> None:
    one, other = nodes
    for wanted, box in ((True, BOX), (False, BOXES[3])):
        question, answered = round_trip(one, other, box)
        assert answered.message is not None
        fields = {each.name for each in one.ask(ShowMessage(answered.message), actor=ANNA).fields}
        assert ("tokens" in fields) is wanted
        assert one.ask(ShowBlindQuestion(question), actor=ANNA).found == ((box, True),)


def test_an_answer_about_persons_needs_a_clause_that_covers_persons(nodes: tuple[Node, Node]) -> None:
    one, other = nodes
    person = "Example, Person 3;1980-02-04"
    question, answered = round_trip(one, other, person, kind="person")
    assert answered.outcome == "blind.not_covered", "how persons' data is protected there was not stated"
    other.execute(StatePartnerFact("xa-customs", "adequacy", "adequate", "decision 9"), actor=ANNA)
    question, _ = round_trip(one, other, person, kind="person")
    assert one.ask(ShowBlindQuestion(question), actor=ANNA).found == ((person, True),)
    allow(other, clause="urgent-oral")
    question, answered = round_trip(one, other, person, kind="person")
    assert answered.outcome == "blind.not_covered"
    shown = one.ask(ShowBlindQuestion(question), actor=ANNA)
    assert (shown.question.state, shown.question.ground, shown.found) == ("refused", "blind.not_covered", ())


def test_who_asks_more_than_was_agreed_is_refused_and_named(nodes: tuple[Node, Node], clock: Clock) -> None:
    one, other = nodes
    allow(other, per_day=15)
    round_trip(one, other, BOX)
    question, answered = round_trip(one, other, BOXES[1])
    assert answered.outcome == "blind.budget"
    assert one.ask(ShowBlindQuestion(question), actor=ANNA).question.ground == "blind.budget"
    alarms = other.ask(ListNotTaken(alarms_only=True), actor=ANNA)
    assert [(each.code, each.came_from) for each in alarms.lines] == [("blind.budget", "xa-customs")]
    clock.now += timedelta(hours=25)
    assert round_trip(one, other, BOXES[1])[1].outcome == "answered"


def test_own_officers_are_limited_before_anything_leaves(nodes: tuple[Node, Node]) -> None:
    one, _ = nodes
    one.execute(ChangeSetting("blind_officer_day", "15"), actor=ANNA)
    assert ask(one, BOX).budget.left == 5
    with pytest.raises(PratiqueError) as refused:
        ask(one, BOX)
    assert refused.value.code == "blind.over_budget"


def test_nothing_is_answered_without_permission_or_from_a_set_that_says_too_much(
    nodes: tuple[Node, Node], tmp_path: Path
) -> None:
    one, other = nodes
    assert round_trip(one, other, "9074729", kind="vessel")[1].outcome == "blind.too_small"
    other.execute(MarkBlindList("own", shared=False, basis="decision 8"), actor=ANNA)
    assert round_trip(one, other, BOX)[1].outcome == "blind.no_set"
    allow(other, per_day=0)
    assert round_trip(one, other, BOX)[1].outcome == "blind.not_allowed"


def test_a_person_answers_where_it_was_said_so_and_nothing_is_answered_twice(nodes: tuple[Node, Node]) -> None:
    one, other = nodes
    question = ask(one, BOX).disclosed.message
    assert question is not None
    hand(one, other, question)
    assert other.ask(ListBlindDue(), actor=ANNA).to_answer == (question,)
    allow(other, by_itself=False)
    assert other.ask(ListBlindDue(), actor=ANNA).to_answer == ()
    assert [each.id for each in other.ask(ShowBlind(), actor=ANNA).waiting] == [question]
    other.execute(AnswerBlindly(question), actor=ANNA)
    with pytest.raises(PratiqueError) as refused:
        other.execute(AnswerBlindly(question), actor=ANNA)
    assert refused.value.code == "blind.answered_already"


def test_answers_and_secrets_are_gone_when_their_time_is_up(nodes: tuple[Node, Node], clock: Clock) -> None:
    one, other = nodes
    answered, _ = round_trip(one, other, BOX)
    waits = ask(one, BOX).disclosed.message
    assert waits is not None
    clock.now += timedelta(days=31)
    one.execute(ClearBlind(), actor=ANNA)
    assert one.ask(ShowBlindQuestion(waits), actor=ANNA).question.state == "lapsed"
    clock.now += timedelta(days=6 * 365)
    assert one.execute(ClearBlind(), actor=ANNA)["erased"] == 1
    assert one.ask(ShowBlindQuestion(answered), actor=ANNA).found == ()
