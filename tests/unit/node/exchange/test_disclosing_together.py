"""Disclosures of one group: each decided on its own facts, on what stands when it is its turn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nodes import ANNA, BEN
from partner_nodes import Clock, alert, two
from pratique.node import Node
from pratique.node.handlers.disclosures import Disclose, ShowDisclosure
from pratique.node.handlers.inbox_line import ReceiveEnvelopes
from pratique.node.handlers.partners import StatePartnerFact
from pratique.vocabulary.errors import PratiqueError

STOP = StatePartnerFact("xb-customs", "exchange", "stopped", "they were broken into")


def test_what_an_act_of_the_group_stops_does_not_go_although_it_was_decided_before(tmp_path: Path) -> None:
    one, other = two(tmp_path, Clock())
    with one, other:
        first, _, late = one.execute_group([(Disclose(alert()), ANNA), (STOP, BEN), (Disclose(alert()), ANNA)])
        assert not isinstance(first, PratiqueError)
        assert isinstance(late, PratiqueError)
        assert late.code == "share.stopped"


def test_what_another_process_stops_holds_after_a_disclosure_that_was_refused(tmp_path: Path) -> None:
    one, other = two(tmp_path, Clock())
    with one, other:
        one.execute(Disclose(alert()), actor=ANNA)
        (refused,) = one.execute_all([Disclose(replace(alert(), passes_on=("nowhere",)))], actor=ANNA)
        assert isinstance(refused, PratiqueError)
        with Node.open(tmp_path / "xa", clock=Clock()) as elsewhere:
            elsewhere.execute(STOP, actor=BEN)
        (late,) = one.execute_all([Disclose(alert())], actor=ANNA)
        assert isinstance(late, PratiqueError)
        assert late.code == "share.stopped"


def test_one_that_is_refused_leaves_the_stream_of_the_others_whole(tmp_path: Path) -> None:
    one, other = two(tmp_path, Clock())
    with one, other:
        wrong = replace(alert(), clause="on-request")
        lost = replace(alert(), passes_on=("nowhere",))
        commands = [Disclose(each) for each in (alert(), wrong, lost, alert())]
        done = one.execute_all(commands, actor=ANNA)
        messages = [each.message for each in done if not isinstance(each, PratiqueError)]
        assert [message is not None for message in messages] == [True, False, True]
        envelopes = [one.ask(ShowDisclosure(each), actor=ANNA).out for each in messages if each]
        taken = other.execute(ReceiveEnvelopes(tuple(out.envelope for out in envelopes if out)), actor=ANNA)
        assert [each.course for each in taken] == ["accepted", "accepted"]
