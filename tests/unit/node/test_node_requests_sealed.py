"""A request and its answers between two nodes, by the sealed line and through the gate of each side."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from nodes import ANNA, BEN
from partner_nodes import AGREEMENT, Clock, alert, two
from pratique.node import Node
from pratique.node.assistance.request_lines import RequestShown
from pratique.node.assistance.request_sealed import Way
from pratique.node.handlers.agreements import AdoptAgreement, AdoptParty, ProposeAgreement, ProposeParty
from pratique.node.handlers.disclosures import Disclose
from pratique.node.handlers.inbox import ListInbox
from pratique.node.handlers.inbox_line import ReceiveEnvelopes
from pratique.node.handlers.request_clocks import ShowAnswerTimes
from pratique.node.handlers.request_intake import TakeUpMessage
from pratique.node.handlers.requests import (
    AdviseChannel,
    DraftRequest,
    RemindPartner,
    ReviseRequest,
    SendRequest,
    ShowRequest,
    WithdrawRequest,
)
from pratique.node.handlers.requests_asked import (
    AcknowledgeRequest,
    AnswerRequest,
    ConsultPartner,
    PostponeRequest,
    ReturnRequest,
)
from pratique.node.storage import outbox
from pratique.partners.agreements import Party, shipped_text
from pratique.partners.assistance.channel import Need
from pratique.partners.assistance.drafts import Draft
from pratique.partners.assistance.model import Channel
from pratique.vocabulary.errors import PratiqueError

ASKING = Way(AGREEMENT, "spontaneous", "investigation")
ANSWERING = Way(AGREEMENT, "on-request", "investigation")


def draft(**texts: str) -> Draft:
    """A request under the bilateral agreement that lacks nothing."""
    said = {
        "requesting_authority": "Customs of XA, investigation service, Sankt Orla",
        "contact_point": "Duty officer, +1 555 0100",
        "matter": "Box MSCU1234566, seal changed between loading and transhipment",
        "reason": "The seal found is not the one on the bill of lading.",
        "facts": "The box was opened on 24 September; the cooling unit had been taken apart and the seal was a copy.",
        "legal_provisions": "Customs Act, section 31\nPenal Code, section 305",
        "purpose": "Investigation of case 26/1187 by the customs of XA",
        **texts,
    }
    unknown = {"persons": "Nobody is suspected yet."}
    return Draft("customs-bilateral", "en", ("documents", "information"), said, unknown, ("Gate log", "Seal log"))


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[tuple[Node, Node, Clock]]:
    """Two administrations with an agreement, and their clock."""
    clock = Clock()
    one, other = two(tmp_path, clock)
    with one, other:
        yield one, other, clock


def carry(one: Node, other: Node) -> str:
    """Carries everything in one's outbox to the other by hand, as often as one likes; gives the newest message's id."""
    with one._stores.main.reading() as connection:
        envelopes = tuple(each.envelope for each in outbox.outs(connection, most=100) if each.envelope)
    other.execute(ReceiveEnvelopes(envelopes[::-1]), actor=ANNA)
    return other.ask(ListInbox(), actor=ANNA)[0].message.id


def sent(one: Node, other: Node) -> tuple[RequestShown, RequestShown]:
    """A request that went out, and what the other side took up."""
    shown = one.execute(DraftRequest("xb-customs", draft()), actor=ANNA)
    ours = one.execute(SendRequest(shown.line.request.id, way=ASKING), actor=ANNA)
    return ours, other.execute(TakeUpMessage(carry(one, other)), actor=ANNA)


def test_a_request_arrives_with_every_content_that_the_clause_covers(sides: tuple[Node, Node, Clock]) -> None:
    one, other, _ = sides
    ours, theirs = sent(one, other)
    assert (ours.line.state, theirs.line.state) == ("sent", "received")
    assert (theirs.line.request.partner, theirs.line.request.their_id) == ("xa-customs", ours.line.request.id)
    assert theirs.draft.record() == ours.draft.record()
    assert theirs.ready


def test_a_step_that_the_gate_refuses_did_not_happen_and_the_refusal_is_kept(sides: tuple[Node, Node, Clock]) -> None:
    one, _, _ = sides
    shown = one.execute(DraftRequest("xb-customs", draft()), actor=ANNA)
    way = Way(AGREEMENT, "spontaneous", "valuation")
    with pytest.raises(PratiqueError) as refused:
        one.execute(SendRequest(shown.line.request.id, way=way), actor=ANNA)
    assert refused.value.code == "requests.gate"
    assert one.ask(ShowRequest(shown.line.request.id), actor=ANNA).line.state == "draft"
    with one._stores.main.reading() as connection:
        assert [each.about for each in outbox.refused(connection, most=5)] == [shown.line.request.id]


def test_answers_in_parts_come_back_with_their_conditions(sides: tuple[Node, Node, Clock]) -> None:
    one, other, clock = sides
    ours, theirs = sent(one, other)
    asked = theirs.line.request.id
    other.execute(AcknowledgeRequest(asked, way=ANSWERING), actor=ANNA)
    acknowledged = one.execute(TakeUpMessage(carry(other, one)), actor=ANNA)
    assert (acknowledged.line.state, acknowledged.line.request.their_id) == ("acknowledged", asked)
    clock.now += timedelta(days=31)
    other.execute(AnswerRequest(asked, (1,), conditions=("Only for case 26/1187",), way=ANSWERING), actor=ANNA)
    part = one.execute(TakeUpMessage(carry(other, one)), actor=ANNA)
    assert (part.line.state, part.standing.answered) == ("partly_answered", frozenset({1}))
    assert part.events[-1].details["conditions"] == ["Only for case 26/1187"]
    other.execute(AnswerRequest(asked, (2,), way=ANSWERING), actor=ANNA)
    whole = one.execute(TakeUpMessage(carry(other, one)), actor=ANNA)
    assert whole.line.state == "answered"
    (panel,) = one.ask(ShowAnswerTimes(), actor=ANNA)
    assert (panel.partner, panel.times.median_days, panel.times.within) == ("xb-customs", 31, 1)
    assert ours.line.request.id == whole.line.request.id


def test_a_request_that_was_sent_back_is_completed_in_the_same_thread(sides: tuple[Node, Node, Clock]) -> None:
    one, other, clock = sides
    ours, theirs = sent(one, other)
    other.execute(ReturnRequest(theirs.line.request.id, ("facts",), "Which seal?", way=ANSWERING), actor=ANNA)
    back = one.execute(TakeUpMessage(carry(other, one)), actor=ANNA)
    assert (back.line.state, back.events[-1].details["fields"]) == ("returned", ["facts"])
    clock.now += timedelta(days=7)
    better = draft(
        facts="The seal AB12345 of the bill was replaced by AB12346, which is a copy; opened on 24 September."
    )
    one.execute(ReviseRequest(ours.line.request.id, better), actor=ANNA)
    one.execute(SendRequest(ours.line.request.id, way=ASKING), actor=ANNA)
    again = other.execute(TakeUpMessage(carry(one, other)), actor=ANNA)
    assert (again.line.request.id, again.line.version) == (theirs.line.request.id, 2)
    assert again.line.state == "completed"
    assert again.line.clock is not None
    assert again.line.clock.day == 0  # the clock starts anew with what is complete


def test_postponement_reminder_and_withdrawal_are_told(sides: tuple[Node, Node, Clock]) -> None:
    one, other, clock = sides
    ours, theirs = sent(one, other)
    asked, until = theirs.line.request.id, date(2027, 3, 1)
    other.execute(ConsultPartner(asked, "postponement", "Agreed by telephone"), actor=ANNA)
    put_off = PostponeRequest(asked, "ongoing_proceedings", until, "Trial in February", way=ANSWERING)
    other.execute(put_off, actor=ANNA)
    waiting = one.execute(TakeUpMessage(carry(other, one)), actor=ANNA)
    assert (waiting.line.state, waiting.standing.postponed_until) == ("postponed", until)
    clock.now += timedelta(days=60)
    one.execute(RemindPartner(ours.line.request.id, way=ASKING), actor=ANNA)
    assert other.execute(TakeUpMessage(carry(one, other)), actor=ANNA).standing.reminders == 1
    one.execute(WithdrawRequest(ours.line.request.id, "The case was closed", way=ASKING), actor=ANNA)
    assert other.execute(TakeUpMessage(carry(one, other)), actor=ANNA).line.state == "withdrawn"


def test_a_message_is_taken_up_once_and_an_alert_is_no_request(sides: tuple[Node, Node, Clock]) -> None:
    one, other, _ = sides
    sent(one, other)
    with pytest.raises(PratiqueError) as again:
        other.execute(TakeUpMessage(carry(one, other)), actor=ANNA)
    assert again.value.code == "requests.taken_up"
    one.execute(Disclose(alert()), actor=ANNA)
    with pytest.raises(PratiqueError) as odd:
        other.execute(TakeUpMessage(carry(one, other)), actor=ANNA)
    assert odd.value.code == "requests.unreadable_message"


def test_the_channel_is_advised_among_what_binds_both_and_the_rest_says_why_not(
    sides: tuple[Node, Node, Clock],
) -> None:
    """The register decides: a treaty that only one side joined, or nobody adopted here, carries nothing."""
    one, _, _ = sides
    text = shipped_text("naples-ii")
    assert text is not None
    one.execute(ProposeAgreement(text), actor=ANNA)
    one.execute(AdoptAgreement("naples-ii", 1), actor=BEN)
    bound = one.execute(ProposeParty("naples-ii", Party("xa", since=date(2026, 1, 1))), actor=ANNA)
    one.execute(AdoptParty(bound.seq), actor=BEN)
    found = one.ask(AdviseChannel("xb-customs", Need(asks=True, types=("documents",))), actor=ANNA)
    assert (found.channel, found.instruments) == (Channel.ADMINISTRATIVE, ("customs-bilateral",))
    assert found.left_out["naples-ii"].code == "not_bound"
    assert found.left_out["naples-ii"].params["parties"] == "xb-customs"
    assert found.left_out["johannesburg-2003"].code == "not_in_force"
    assert {found.left_out[each].code for each in ("nairobi", "mlat-model", "wto-tfa-12")} == {"not_adopted"}
    elsewhere = one.ask(AdviseChannel("xc-customs", Need(asks=True, types=("documents",))), actor=ANNA)
    assert elsewhere.instruments == ()
    assert elsewhere.left_out["customs-bilateral"].code == "not_bound"
    with pytest.raises(PratiqueError, match="partner"):
        one.ask(AdviseChannel("XB Customs", Need(asks=True)), actor=ANNA)
