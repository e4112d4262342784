"""From one node to another: what the clause permits arrives once, with a receipt; the rest stays, with its article."""

from __future__ import annotations

from pathlib import Path

import pytest

from nodes import ANNA
from partner_nodes import AGREEMENT, Clock, alert, two
from pratique.node import Node
from pratique.node.handlers.disclosures import Disclose, ListDisclosures, PreviewShare, ShowDisclosure
from pratique.node.handlers.inbox import ListInbox, ShowMessage
from pratique.node.handlers.inbox_line import ListNotTaken, ReceiveEnvelopes
from pratique.node.handlers.journal import ReadJournal


@pytest.fixture
def nodes(tmp_path: Path) -> tuple[Node, Node]:
    return two(tmp_path, Clock())


def test_alert_arrives_without_the_person_that_the_clause_does_not_cover(nodes: tuple[Node, Node]) -> None:
    one, other = nodes
    done = one.execute(Disclose(alert()), actor=ANNA)
    assert done.verdict == "permitted"
    assert done.message is not None
    assert [each.field for each in done.withheld] == ["persons"]
    sent = one.ask(ShowDisclosure(done.message), actor=ANNA)
    assert sent.out is not None
    (taken,) = other.execute(ReceiveEnvelopes((sent.out.envelope,)), actor=ANNA)
    assert taken.course == "accepted"
    shown = other.ask(ShowMessage(done.message), actor=ANNA)
    assert {field.name for field in shown.fields} == {"reference", "urgency", "summary", "equipment", "companies"}
    assert shown.terms.agreement.id == AGREEMENT
    assert shown.caveats[0].by == "xa-customs"
    assert shown.message.faults == "[]"


def test_same_envelope_gets_the_same_receipt_and_is_acted_on_once(nodes: tuple[Node, Node]) -> None:
    one, other = nodes
    done = one.execute(Disclose(alert()), actor=ANNA)
    sent = one.ask(ShowDisclosure(str(done.message)), actor=ANNA)
    assert sent.out is not None
    first, second = (other.execute(ReceiveEnvelopes((sent.out.envelope,)), actor=ANNA)[0] for _ in range(2))
    assert (first.course, second.course) == ("accepted", "duplicate")
    assert first.answer == second.answer
    assert len(other.ask(ListInbox(), actor=ANNA)) == 1


def test_refusal_is_a_result_with_reasons_and_is_logged(nodes: tuple[Node, Node]) -> None:
    one, _ = nodes
    before = one.changes
    done = one.execute(Disclose(alert(clause="evidence")), actor=ANNA)
    assert done.message is None
    assert done.verdict == "not_permitted"
    assert done.sent == ()
    assert done.explanation.near_misses
    found = one.ask(ListDisclosures(), actor=ANNA)
    assert found.made == ()
    assert found.refused[0].decision_sha256 == done.decision_sha256
    assert one.changes == before + 1
    assert one.ask(ReadJournal(), actor=ANNA)


def test_preview_keeps_nothing(nodes: tuple[Node, Node]) -> None:
    one, _ = nodes
    before = one.changes
    shown = one.ask(PreviewShare(alert()), actor=ANNA)
    assert shown.verdict == "permitted"
    assert one.changes == before
    assert one.ask(ListDisclosures(), actor=ANNA).made == ()


def test_rubbish_is_refused_named_and_answered_under_the_signature(nodes: tuple[Node, Node]) -> None:
    _, other = nodes
    taken = other.execute(ReceiveEnvelopes((b"", b"rubbish", b"PRATIQUE-ENVELOPE 2\nxx"), "xa-customs"), actor=ANNA)
    assert [each.course for each in taken] == ["refused"] * 3
    assert [each.code for each in taken] == ["exchange.not_an_envelope"] * 2 + ["exchange.version_unknown"]
    found = other.ask(ListNotTaken(), actor=ANNA)
    assert [each.came_from for each in found.lines] == ["xa-customs"] * 3
