"""Logs compared with proofs: what agrees is shown to be in the partner's log; one that breaks its word is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nodes import ANNA
from partner_lines import served
from partner_nodes import NOW, Clock, alert, endpoint_of, two
from pratique.node import Node
from pratique.node.access import partner_program
from pratique.node.exchange.comparing import Compared
from pratique.node.exchange.partner_log import shown_in
from pratique.node.exchange.worker import Exchange
from pratique.node.handlers.disclosures import Disclose
from pratique.node.handlers.ledger import MakeCheckpoint
from pratique.node.handlers.ledger_witness import AddWitness, ShowWitnessing, WatchLog
from pratique.node.handlers.reconciliation import ReconcileLogs, ShowLogTo, SizeSeen
from pratique.node.handlers.reconciliations import ListReconciliations, ShowReconciliation

PERIOD = (NOW - timedelta(days=1), NOW + timedelta(days=1))


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[tuple[Node, Node, Clock, str]]:
    """Two administrations with one message between them, received and logged by both, and where the second is."""
    clock = Clock()
    one, other = two(tmp_path, clock)
    endpoint = endpoint_of(tmp_path)
    with one, other:
        one.execute(Disclose(alert()), actor=ANNA)
        with served(other, endpoint):
            Exchange(one, actor=ANNA).round()
        yield one, other, clock, endpoint


def shown(other: Node, seen: int) -> dict[str, Any]:
    """What the second lays open at its door."""
    asked = ShowLogTo("xa-customs", *PERIOD, seen)
    return other.ask(asked, actor=partner_program("xa-customs"))


def compare(one: Node, said: dict[str, Any], seen: int = 0) -> Compared:
    told = ReconcileLogs("xb-customs", *PERIOD, tuple(said["openings"]), shown_in(said, old=seen))
    return one.execute(told, actor=ANNA)


def test_what_agrees_is_proved_in_the_log_and_the_report_stays(nodes: tuple[Node, Node, Clock, str]) -> None:
    one, other, clock, endpoint = nodes
    (line,) = one.ask(ListReconciliations(), actor=ANNA)
    assert (line.newest, line.due) == (None, True)
    one.execute(WatchLog(other.ask(ShowWitnessing(), actor=ANNA).log_key), actor=ANNA)
    other.execute(AddWitness(one.ask(ShowWitnessing(), actor=ANNA).own_key), actor=ANNA)
    for _ in range(2):  # the second time from the size that was seen the first time
        other.execute(MakeCheckpoint(), actor=ANNA)
        with served(other, endpoint):
            found = Exchange(one, actor=ANNA).reconcile("xb-customs", since=PERIOD[0], until=PERIOD[1])
        assert found.counts == {"proved": 1}
    assert found.log.state == "consistent"
    assert found.agrees
    (line,) = one.ask(ListReconciliations(), actor=ANNA)
    assert line.newest is not None
    assert (line.counts, line.due, line.newest.log) == ({"proved": 1}, False, "consistent")
    report = one.ask(ShowReconciliation(line.newest.seq), actor=ANNA)
    assert [each.finding for each in report.lines] == ["proved"]
    clock.now += timedelta(days=32)
    assert [each.due for each in one.ask(ListReconciliations(), actor=ANNA)] == [True], "a month later it is due again"


def test_leaf_without_a_checkpoint_agrees_and_is_not_proved(nodes: tuple[Node, Node, Clock, str]) -> None:
    one, other, *_ = nodes
    found = compare(one, shown(other, 0))
    assert (found.counts, found.log.state) == ({"agreed": 1}, "none")


def test_place_in_the_log_that_is_not_so_is_named(nodes: tuple[Node, Node, Clock, str]) -> None:
    one, other, *_ = nodes
    other.execute(MakeCheckpoint(), actor=ANNA)
    said = shown(other, 0)
    (opening,) = said["openings"]
    found = compare(one, said | {"openings": [opening | {"index": opening["index"] - 1}]})
    assert (found.counts, found.agrees) == ({"unproved": 1}, False)
    assert compare(one, said | {"checkpoint": said["checkpoint"].replace("\n1", "\n2", 1)}).log.state == "none"


def test_log_that_went_back_is_a_breach_with_both_notes(nodes: tuple[Node, Node, Clock, str]) -> None:
    one, other, *_ = nodes
    other.execute(MakeCheckpoint(), actor=ANNA)
    early = shown(other, 0)
    other.execute(MakeCheckpoint(), actor=ANNA)
    late = shown(other, 0)
    assert compare(one, late).log.state == "first"
    seen = one.ask(SizeSeen("xb-customs"), actor=ANNA)
    found = compare(one, early, seen)
    assert (found.log.state, found.agrees, found.counts) == ("rollback", False, {"agreed": 1})
    (breach,) = one.ask(ShowWitnessing(), actor=ANNA).breaches
    assert breach.breach == "rollback"
    assert breach.seen_note == late["checkpoint"]
    assert breach.told_note == early["checkpoint"]
    other.execute(MakeCheckpoint(), actor=ANNA)
    unproved = shown(other, seen) | {"consistency": []}
    assert compare(one, unproved, seen).log.state == "no_proof"
    assert compare(one, shown(other, seen), seen).log.state == "consistent", "what was kept is still what it was"
