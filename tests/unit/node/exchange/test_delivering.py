"""Delivering over a real line: receipts settle the outbox, what is down is tried later, logs are compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from nodes import ANNA
from partner_lines import served
from partner_nodes import Clock, alert, endpoint_of, two
from pratique.node import Node
from pratique.node.exchange.comparing import Finding
from pratique.node.exchange.worker import Exchange
from pratique.node.handlers.disclosures import Disclose, ShowDisclosure
from pratique.node.handlers.inbox import ListInbox
from pratique.node.handlers.outbox import BeginStream, ListOutbox
from pratique.node.handlers.partners import StatePartnerFact


@dataclass
class Pair:
    """Two administrations; the door of the second is at ``endpoint``, the first is called by nobody."""

    one: Node
    other: Node
    endpoint: str
    clock: Clock


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    clock = Clock()
    one, other = two(tmp_path, clock)
    with one, other:
        yield Pair(one, other, endpoint_of(tmp_path), clock)


def test_delivery_is_settled_by_the_receipt_and_both_logs_agree(pair: Pair) -> None:
    message = str(pair.one.execute(Disclose(alert()), actor=ANNA).message)
    with served(pair.other, pair.endpoint):
        exchange = Exchange(pair.one, actor=ANNA)
        (done,) = [each for each in exchange.round() if each.delivered]
        assert (done.partner, done.delivered, done.fault) == ("xb-customs", 1, None)
        since = pair.clock.now - timedelta(days=1)
        found = exchange.reconcile("xb-customs", since=since, until=pair.clock.now + timedelta(days=1))
    out = pair.one.ask(ShowDisclosure(message), actor=ANNA).out
    assert out is not None
    assert out.state == "delivered"
    assert out.receipt is not None
    assert found.counts == {Finding.AGREED: 1}


def test_partner_that_is_down_is_tried_later_and_nothing_is_lost(pair: Pair) -> None:
    for _ in range(3):
        pair.one.execute(Disclose(alert()), actor=ANNA)
    exchange = Exchange(pair.one, actor=ANNA)
    for _ in range(3):
        assert [each.fault for each in exchange.round() if each.fault] == ["line.not_reached"] * 2
        pair.clock.now += timedelta(minutes=2)
    pair.clock.now += timedelta(hours=2)
    with served(pair.other, pair.endpoint):
        assert sum(each.delivered for each in exchange.round()) == 3
    assert [each.message.sequence for each in pair.other.ask(ListInbox(), actor=ANNA)] == [3, 2, 1]


def test_line_rests_after_failures_in_a_row(pair: Pair) -> None:
    pair.one.execute(Disclose(alert()), actor=ANNA)
    exchange = Exchange(pair.one, actor=ANNA)
    for _ in range(3):
        pair.clock.now += timedelta(minutes=2)
        exchange.round()
    pair.clock.now += timedelta(seconds=1)
    assert [each.partner for each in exchange.round() if each.waiting] == []


def test_partner_that_cannot_be_called_fetches_and_hands_receipts_back(pair: Pair) -> None:
    message = str(pair.other.execute(Disclose(alert("xa-customs")), actor=ANNA).message)
    with served(pair.other, pair.endpoint):
        done = Exchange(pair.one, actor=ANNA).round()
    assert [each.fetched for each in done] == [1]
    assert [each.message.id for each in pair.one.ask(ListInbox(), actor=ANNA)] == [message]
    (line,) = pair.other.ask(ListOutbox(), actor=ANNA)
    assert line.out.state == "delivered"


def test_stopped_partner_gets_nothing(pair: Pair) -> None:
    pair.one.execute(Disclose(alert()), actor=ANNA)
    pair.one.execute(
        StatePartnerFact("xb-customs", "exchange", "stopped", "Suspended by note of 1 October."), actor=ANNA
    )
    with served(pair.other, pair.endpoint):
        assert Exchange(pair.one, actor=ANNA).round() == []


def test_stream_begun_anew_carries_what_has_no_receipt(pair: Pair) -> None:
    message = str(pair.one.execute(Disclose(alert()), actor=ANNA).message)
    assert pair.one.execute(BeginStream("xb-customs", "second", "Agreed by telephone."), actor=ANNA) == 1
    with served(pair.other, pair.endpoint):
        assert sum(each.delivered for each in Exchange(pair.one, actor=ANNA).round()) == 1
    (line,) = pair.other.ask(ListInbox(), actor=ANNA)
    assert (line.message.id, line.message.stream, line.message.sequence) == (message, "second", 1)
