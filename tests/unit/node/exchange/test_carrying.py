"""Carried by hand: a file brings envelopes one way and receipts the other, and can come twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nodes import ANNA
from partner_nodes import Clock, alert, two
from pratique.node import Node
from pratique.node.handlers.carrying import CarriedIn, CarryIn, CarryOut
from pratique.node.handlers.disclosures import Disclose
from pratique.node.handlers.inbox import ListInbox
from pratique.node.handlers.outbox import ListOutbox
from pratique.vocabulary.errors import PratiqueError


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[tuple[Node, Node]]:
    one, other = two(tmp_path, Clock())
    with one, other:
        yield one, other


def test_file_brings_envelopes_and_the_file_back_their_receipts(nodes: tuple[Node, Node]) -> None:
    one, other = nodes
    for _ in range(3):
        one.execute(Disclose(alert()), actor=ANNA)
    there = one.ask(CarryOut("xb-customs"), actor=ANNA)
    assert other.execute(CarryIn(there), actor=ANNA) == CarriedIn("xa-customs", {"accepted": 3}, {}, 0)
    assert other.execute(CarryIn(there), actor=ANNA).courses == {"duplicate": 3}
    assert len(other.ask(ListInbox(), actor=ANNA)) == 3
    back = other.ask(CarryOut("xa-customs"), actor=ANNA)
    assert one.execute(CarryIn(back), actor=ANNA).states == {"delivered": 3}
    assert {each.out.state for each in one.ask(ListOutbox(), actor=ANNA)} == {"delivered"}


def test_file_from_which_a_line_was_taken_is_refused_whole(nodes: tuple[Node, Node]) -> None:
    one, other = nodes
    for _ in range(2):
        one.execute(Disclose(alert()), actor=ANNA)
    lines = one.ask(CarryOut("xb-customs"), actor=ANNA).split(b"\n")
    with pytest.raises(PratiqueError) as refused:
        other.execute(CarryIn(b"\n".join([lines[0], *lines[2:]])), actor=ANNA)
    assert refused.value.code == "exchange.bundle"
    assert other.ask(ListInbox(), actor=ANNA) == []


def test_file_for_somebody_else_is_refused(nodes: tuple[Node, Node]) -> None:
    one, _ = nodes
    one.execute(Disclose(alert()), actor=ANNA)
    with pytest.raises(PratiqueError) as refused:
        one.execute(CarryIn(one.ask(CarryOut("xb-customs"), actor=ANNA)), actor=ANNA)
    assert refused.value.code == "exchange.wrong_recipient"
