"""The pages of partners: the map, a fingerprint confirmed by a second person, inbox and outbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desk_visits import Browser, Whole, whole_server
from nodes import ANNA, OWN_HEADINGS
from partner_nodes import AGREEMENT, administration, agree, alert, introduce
from pratique.node import Node
from pratique.node.handlers.blind_asked import AllowBlindQueries, AnswerBlindly, MarkBlindList
from pratique.node.handlers.disclosures import Disclose, ShowDisclosure
from pratique.node.handlers.feedback_standing import ShowFeedback
from pratique.node.handlers.inbox import ListInbox
from pratique.node.handlers.inbox_line import ReceiveEnvelopes
from pratique.node.handlers.ledger_keys import MakeKeys
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.outbox import ListOutbox
from pratique.node.handlers.partners import ImportDescriptor, ShowPartner
from pratique.node.handlers.partners_own import PublishDescriptor, ShowOwnDescriptor
from pratique.node.node import wall_clock


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with administration(tmp_path_factory.mktemp("other") / "xb", "xb", clock=wall_clock) as node:
        yield node


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, other: Node) -> Iterator[Whole]:
    """A node that knows a partner, has sent it an alert and got one, and has taken in another's descriptor."""
    folder = tmp_path_factory.mktemp("partners")
    with whole_server(folder / "node") as found:
        node = found.node
        node.execute(MakeKeys("xa-customs"), actor=ANNA)
        own = node.execute(PublishDescriptor("Customs of XA", "XA", "customs", None), actor=ANNA)
        introduce(node, other.ask(ShowOwnDescriptor(), actor=ANNA))
        introduce(other, own)
        for each in (node, other):
            agree(each, "xa", "xb")
        node.execute(Disclose(alert()), actor=ANNA)
        message = str(other.execute(Disclose(replace(alert("xa-customs"))), actor=ANNA).message)
        out = other.ask(ShowDisclosure(message), actor=ANNA).out
        assert out is not None
        node.execute(ReceiveEnvelopes((out.envelope, out.envelope[:-1] + b"x"), "xb-customs"), actor=ANNA)
        with administration(folder / "xc", "xc", clock=wall_clock) as third:
            node.execute(ImportDescriptor(third.ask(ShowOwnDescriptor(), actor=ANNA).data), actor=ANNA)
        yield found


def liaison(whole: Whole) -> tuple[Browser, str]:
    browser, csrf = whole.signed_in("tomas.erlund")
    browser.post("/purpose", data={"csrf": csrf, "purpose": "mutual_assistance", "next": "/"})
    return browser, csrf


def test_the_map_shows_flows_alarms_and_who_waits_to_be_confirmed(whole: Whole) -> None:
    told = liaison(whole)[0].get("/partners").text
    assert "Customs of XB" in told
    assert "Customs of XC" in told
    assert "Waiting for a second person" in told
    assert "exchange.seal_broken" in told
    assert "not stated yet" in told
    own = whole.node.ask(ShowOwnDescriptor(), actor=ANNA)
    assert [each for each in (*own.fingerprint.split(), *own.spoken) if each not in told] == []


def test_another_fingerprint_confirms_nobody(whole: Whole) -> None:
    browser, csrf = liaison(whole)
    answer = browser.post("/partners/confirm", data={"csrf": csrf, "partner": "xc-customs", "fingerprint": "0" * 64})
    assert answer.status_code in (303, 403, 422)
    assert "Fingerprint as the partner reads it out" in browser.get("/partners/xc-customs").text


def test_a_partner_shows_its_keys_what_is_stated_of_it_and_who_may_state_it(whole: Whole) -> None:
    told = liaison(whole)[0].get("/partners/xb-customs").text
    assert whole.node.ask(ShowPartner("xb-customs"), actor=ANNA).fingerprint[:4] in told
    assert "signs what it sends" in told
    assert "They were never compared." in told
    assert "Done by: Data protection officer, Manager." in told


def test_a_message_shows_what_binds_and_feedback_goes_back(whole: Whole) -> None:
    browser, csrf = liaison(whole)
    (line,) = whole.node.ask(ListInbox(), actor=ANNA)
    assert f"/inbox/{line.message.id}" in browser.get("/inbox").text
    told = browser.get(f"/inbox/{line.message.id}").text
    assert "MSCU1234566" in told
    assert "passed on with consent only" in told
    done = browser.post(f"/inbox/{line.message.id}/feedback", data={"csrf": csrf, "outcome": "found"})
    assert done.status_code == 303, done.text[:2000]
    assert "feedback" in browser.get(f"/inbox/{line.message.id}").text


@pytest.mark.long
def test_a_blind_query_is_asked_answered_and_becomes_the_draft_of_a_request(
    whole: Whole, other: Node, tmp_path: Path
) -> None:
    rows = [f"b{number},QZHU482{number:04},equipment,,,,,watch,\n" for number in range(20)]
    (tmp_path / "own.csv").write_text(OWN_HEADINGS + "\n" + "".join(rows))
    other.execute(LoadList("own", (tmp_path / "own.csv",)), actor=ANNA)
    other.execute(MarkBlindList("own", shared=True, basis="decision 7"), actor=ANNA)
    other.execute(AllowBlindQueries("xa-customs", AGREEMENT, "on-request", 20, False, "decision 7"), actor=ANNA)
    browser, csrf = liaison(whole)
    typed = {"way": f"xb-customs|{AGREEMENT}/spontaneous", "kind": "container", "purpose": "investigation"}
    typed |= {"csrf": csrf, "identifiers": "QZHU4820003\nMSCU7654321", "reason": "case 26/1187"}
    assert "Say why this has to be asked" in browser.post("/blind", data=typed | {"reason": " "}).text
    asked = browser.post("/blind", data=typed)
    assert asked.status_code == 303, asked.text[:2000]
    page = asked.headers["location"]
    handed(whole.node, other)
    other.execute(AnswerBlindly(page.removeprefix("/blind/")), actor=ANNA)
    handed(other, whole.node)
    assert "answer is here" in browser.get("/blind").text
    assert browser.post(f"{page}/read", data={"csrf": csrf}).status_code == 303
    told = browser.get(page).text
    assert "QZHU4820003" in told
    assert "Known there" in told
    drafted = browser.post(f"{page}/request", data={"csrf": csrf, "instrument": "customs-bilateral"})
    assert drafted.status_code == 303, drafted.text[:2000]
    draft = browser.get(drafted.headers["location"]).text
    assert "QZHU4820003" in draft
    assert "MSCU7654321" not in draft, "what the partner does not know stays here"


def test_feedback_shows_rates_with_intervals_and_asks_for_what_is_owed(whole: Whole) -> None:
    browser, csrf = liaison(whole)
    told = browser.get("/feedback").text
    assert "came here" in told
    assert "95 % interval" in told
    sent = next(each for each in whole.node.ask(ShowFeedback(), actor=ANNA).lines if each.direction == "sent")
    assert browser.post(f"/feedback/{sent.message}/remind", data={"csrf": csrf}).status_code == 303
    answer = browser.post("/feedback/01a10bef-6200-7024-990d-d10dd92a6963", data={"csrf": csrf, "outcome": "found"})
    assert "This node has no message" in answer.text


def handed(one: Node, other: Node) -> None:
    """Everything that waits goes from hand to hand, in order."""
    waiting = [each.out for each in one.ask(ListOutbox(), actor=ANNA)]
    envelopes = tuple(out.envelope for out in sorted(waiting, key=lambda out: out.sequence))
    other.execute(ReceiveEnvelopes(envelopes), actor=ANNA)


def test_the_outbox_says_what_is_under_way_and_under_which_clause(whole: Whole) -> None:
    browser, _ = liaison(whole)
    told = browser.get("/outbox").text
    assert "customs-bilateral/spontaneous" in told
    assert "under way" in told
    sent = next(part for part in told.split('"') if part.startswith("/outbox/"))
    assert "No receipt yet" in browser.get(sent).text


def test_who_may_not_share_sees_no_partners(whole: Whole) -> None:
    browser, _ = whole.signed_in("ines.valmar")
    assert 'href="/partners"' not in browser.get("/").text
