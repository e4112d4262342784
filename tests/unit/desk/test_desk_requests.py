"""The pages of requests and of evidence: what is missing opens in place, every step is a form, custody is a line."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_visits import Browser, Whole, whole_server
from nodes import ANNA, local_operator
from partner_nodes import administration, agree, introduce
from pratique.node.assistance.request_sealed import Way
from pratique.node.handlers.custody import CollectEvidence, NewItem
from pratique.node.handlers.disclosures import ShowDisclosure
from pratique.node.handlers.inbox import ListInbox
from pratique.node.handlers.inbox_line import ReceiveEnvelopes
from pratique.node.handlers.ledger import MakeCheckpoint
from pratique.node.handlers.ledger_keys import MakeKeys
from pratique.node.handlers.outbox import ListOutbox
from pratique.node.handlers.partners_own import PublishDescriptor, ShowOwnDescriptor
from pratique.node.handlers.request_intake import TakeUpMessage
from pratique.node.handlers.requests import DraftRequest, SendRequest
from pratique.node.handlers.requests_asked import ReceiveRequest
from pratique.node.node import wall_clock
from pratique.partners.assistance.drafts import Draft
from pratique.partners.evidence.items import ItemKind

CONTENTS = {
    "instrument": "untoc-18",
    "language": "en",
    "partner": "customs.brisland",
    "types": "evidence",
    "requesting_authority": "Prosecutor's office of Sankt Orla, by its central authority",
    "matter": "Import of 214 kg of cocaine, case 26/1187",
    "proceeding": "Case 26/1187, court of first instance",
    "facts": "Opened on 24 September; the cooling unit of a reefer was taken apart and the seal changed on the way.",
    "persons": "Two names",
    "items": "Gate log of 11 September\nSeal log of 12 September",
    "as_evidence": "yes",
}
WANTED = (
    "requesting_authority",
    "contact_point",
    "matter",
    "reason",
    "facts",
    "legal_provisions",
    "purpose",
)
PURPOSE = {"purpose": "Evidence for the trial in case 26/1187"}


@pytest.fixture
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """The server of a demonstration node that has keys."""
    with whole_server(tmp_path_factory.mktemp("requests") / "node") as found:
        found.node.execute(MakeKeys("customs.arvenia"), actor=ANNA)
        yield found


def officer(whole: Whole, persona: str = "tomas.erlund") -> tuple[Browser, str]:
    """An officer who has said what persons' data is read for."""
    browser, csrf = whole.signed_in(persona)
    answer = browser.post("/purpose", data={"csrf": csrf, "purpose": "mutual_assistance", "next": "/"})
    assert answer.status_code == 303
    return browser, csrf


def text(browser: Browser, path: str) -> str:
    """A page that is there."""
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.text[:3000])
    return answer.text


def test_what_is_missing_opens_in_place_and_keeps_the_request_here(whole: Whole) -> None:
    browser, csrf = officer(whole)
    assert "No open request" in text(browser, "/requests")
    assert "Art. 18(15)(f)" in text(browser, "/requests/new?instrument=untoc-18")
    begun = browser.post("/requests/new", data={"csrf": csrf, **CONTENTS})
    assert begun.status_code == 303, begun.text[:3000]
    here = begun.headers["location"]
    page = text(browser, here)
    assert "1 content is missing" in page
    assert 'disabled aria-describedby="whynot">Send version 1' in page
    assert "The answer may not be usable in court." in page
    assert "No lawyer has compared these articles" in page
    sent = browser.post(f"{here}/step/send", data={"csrf": csrf})
    assert sent.status_code == 422
    assert "requests.incomplete" in sent.text
    odd = browser.post(f"{here}/fill/no_such_content", data={"csrf": csrf, "text": "x"})
    assert (odd.status_code, "requests.part" in odd.text) == (422, True)
    assert f'action="{here}/fill/purpose"' in page
    filled = browser.post(f"{here}/fill/purpose", data={"csrf": csrf, "text": "Evidence for the trial"})
    assert filled.status_code == 303
    assert "/fill/" not in text(browser, here)
    kept = browser.post(f"{here}/revise", data={"csrf": csrf, **CONTENTS, **PURPOSE})
    assert kept.status_code == 303, kept.text[:3000]
    assert browser.post(f"{here}/step/send", data={"csrf": csrf}).status_code == 303
    page = text(browser, here)
    assert "Day 0 of 90" in page
    assert "<svg" in page.partition("Clock of the request")[2]
    assert "the days are our own" in page
    assert browser.post(f"{here}/step/remind", data={"csrf": csrf, "note": "Awaited"}).status_code == 303
    assert "Reminder" in text(browser, here)
    assert "1</b> request" in text(browser, "/requests")


def test_known_partners_are_offered_with_why_one_is_not_bound_and_another_can_be_named(
    whole: Whole, tmp_path: Path
) -> None:
    whole.node.execute(PublishDescriptor("Customs of Arvenia", "XA", "customs"), actor=ANNA)
    with administration(tmp_path / "xb", "xb", clock=wall_clock) as other:
        introduce(whole.node, other.ask(ShowOwnDescriptor(), actor=ANNA))
    agree(whole.node, "xa", "xb")
    browser, csrf = officer(whole)
    bound = text(browser, "/requests/new?instrument=customs-bilateral&partner=xb-customs")
    assert '<option value="xb-customs" selected>Customs of XB (xb-customs)</option>' in bound
    assert "Not bound by it today" not in bound
    unbound = text(browser, "/requests/new?instrument=untoc-18&partner=customs.brisland")
    assert "is not among the agreements adopted here" in unbound
    assert 'name="other" maxlength="99" value="customs.brisland"' in unbound
    named = {**CONTENTS, "partner": "xb-customs", "other": "customs.brisland"}
    begun = browser.post("/requests/new", data={"csrf": csrf, **named})
    assert "customs.brisland" in text(browser, begun.headers["location"])
    assert browser.post("/requests/new", data={"csrf": csrf, **named, "other": "Bris Land"}).status_code == 422


def test_a_partner_is_answered_in_parts_and_refused_only_on_a_ground(whole: Whole, tmp_path_factory: object) -> None:
    draft = Draft("wto-tfa-12", "fr", ("documents",), {"matter": "Invoice of box 7"}, {}, ("Invoice", "Packing list"))
    asked = whole.node.execute(ReceiveRequest("customs.brisland", "B-7", draft), actor=ANNA).line.request.id
    browser, csrf = officer(whole)
    here = f"/requests/{asked}"
    page = text(browser, here)
    assert "the partner calls it B-7" in page
    assert "Send back to be completed" in page
    assert browser.post(f"{here}/step/acknowledge", data={"csrf": csrf}).status_code == 303
    part = {"csrf": csrf, "item": "1", "conditions": "Only for case B-7", "note": "As filed"}
    assert browser.post(f"{here}/answer", data=part).status_code == 303
    page = text(browser, here)
    assert "partly answered: 1 of 2" in page
    assert "Only for case B-7" in page
    refused = browser.post(f"{here}/step/refuse", data={"csrf": csrf, "ground": "political_offence", "reason": "x"})
    assert (refused.status_code, "requests.no_ground" in refused.text) == (422, True)
    ground = {"csrf": csrf, "ground": "retention_over", "reason": "Papers are kept for five years"}
    assert browser.post(f"{here}/step/refuse", data=ground).status_code == 303
    assert "12.7.1(e)" in text(browser, here)
    assert browser.post(f"{here}/step/dance", data={"csrf": csrf}).status_code == 422


def test_custody_is_a_line_that_two_hands_carry_on(whole: Whole, tmp_path_factory: pytest.TempPathFactory) -> None:
    photo = tmp_path_factory.mktemp("photo") / "seal.jpg"
    photo.write_bytes(b"\xff\xd8\xff seal")
    new = NewItem("Seal of box 7", ItemKind.PHOTOGRAPH, "Port Ilmen", files=(photo,))
    item = whole.node.execute(CollectEvidence(new), actor=local_operator("officer")).id
    browser, csrf = officer(whole)
    assert "1 event, unbroken" in text(browser, "/evidence-items")
    page = text(browser, f"/evidence-items/{item}")
    assert "every signature and every link was checked just now" in page
    assert "Sign the hand-over" not in page  # it is in somebody else's hands
    stolen = {"csrf": csrf, "what": "seal", "place": "Port Ilmen", "seal": "H441"}
    answer = browser.post(f"/evidence-items/{item}/record", data=stolen)
    assert (answer.status_code, "custody.rule_not_holder" in answer.text) == (422, True)


def test_a_bundle_of_the_answer_is_handed_out_as_one_file(
    whole: Whole, tmp_path_factory: pytest.TempPathFactory
) -> None:
    log = tmp_path_factory.mktemp("log") / "gate.csv"
    log.write_bytes(b"at,box\n")
    draft = Draft("customs-bilateral", "en", ("documents",), {"matter": "Gate log of box 7"}, {}, ("Gate log",))
    asked = whole.node.execute(ReceiveRequest("customs.brisland", "B-8", draft), actor=ANNA).line.request.id
    new = NewItem("Gate log", ItemKind.DATA, "Port Ilmen", files=(log,))
    item = whole.node.execute(CollectEvidence(new, request=asked), actor=ANNA).id
    browser, csrf = officer(whole)
    seen = browser.post(f"/requests/{asked}/answer/files", data={"csrf": csrf, "item": "1", "note": "All of July"})
    assert (seen.status_code, "All of July" in seen.text, "Note the answer" in seen.text) == (200, True, True)
    answered = browser.post(f"/requests/{asked}/answer", data={"csrf": csrf, "item": "1", "evidence": item})
    assert answered.status_code == 303
    assert "Evidence bundle" in text(browser, f"/requests/{asked}")
    said = {"csrf": csrf, "item": item, "title": "B-8", "recipient": "customs.brisland"}
    early = browser.post(f"/requests/{asked}/bundle", data=said)
    assert "custody.not_in_log" in early.text
    whole.node.execute(MakeCheckpoint(), actor=ANNA)
    made = browser.post(f"/requests/{asked}/bundle", data=said)
    assert made.headers["content-type"] == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(made.content)).namelist()
    assert {"bundle.json", "summary.txt", "conditions.txt", "policy.txt"} < set(names)


def test_an_answer_goes_over_the_line_with_the_file_that_was_handed_in(
    whole: Whole, tmp_path_factory: pytest.TempPathFactory
) -> None:
    node = whole.node
    node.execute(PublishDescriptor("Customs of XA", "XA", "customs", None), actor=ANNA)
    agree(node, "xa", "xb")
    texts = {each: f"The {each} of box 7" for each in WANTED}
    unknown = {"persons": "Nobody is suspected yet."}
    draft = Draft("customs-bilateral", "en", ("documents",), texts, unknown, ("Gate log", "Seal log"))
    with administration(tmp_path_factory.mktemp("xb") / "xb", "xb", clock=wall_clock) as other:
        introduce(node, other.ask(ShowOwnDescriptor(), actor=ANNA))
        introduce(other, node.ask(ShowOwnDescriptor(), actor=ANNA))
        agree(other, "xa", "xb")
        theirs = other.execute(DraftRequest("customs.arvenia", draft), actor=ANNA).line.request.id
        other.execute(SendRequest(theirs, way=Way("customs-bilateral", "spontaneous", "investigation")), actor=ANNA)
        (out,) = other.ask(ListOutbox(), actor=ANNA)
    node.execute(ReceiveEnvelopes((out.out.envelope,)), actor=ANNA)
    (came,) = node.ask(ListInbox(), actor=ANNA)
    asked = node.execute(TakeUpMessage(came.message.id), actor=ANNA).line.request.id
    browser, csrf = officer(whole)
    here, handed = f"/requests/{asked}/answer", b"at,box\n"
    way = {"under": "customs-bilateral/on-request", "purpose": "investigation"}
    form = {"csrf": csrf, "item": ["1", "2"], "note": "All of July", "final": "yes", **way}
    seen = browser.post(f"{here}/files", data=form, files={"file": ("gate log.csv", handed)})
    sha256 = hashlib.sha256(handed).hexdigest()
    assert (seen.status_code, f'name="attach" value="{sha256}" checked' in seen.text) == (200, True), seen.text[:4000]
    assert "Send the answer" in seen.text
    said = {"attach": sha256, f"holds-{sha256}": "document", f"persons-{sha256}": "no"}
    sent = browser.post(here, data={**form, **said})
    assert sent.status_code == 303, sent.text[:4000]
    page = text(browser, f"/requests/{asked}")
    assert "answered: 2 of 2" in page
    assert "What can be done now" not in page  # it is over
    (went,) = node.ask(ListOutbox(), actor=ANNA)
    assert [each.sha256 for each in node.ask(ShowDisclosure(went.out.id), actor=ANNA).attachments] == [sha256]


def test_a_sensitive_request_is_hidden_and_waits_for_a_manager(whole: Whole) -> None:
    browser, csrf = officer(whole)
    begun = browser.post("/requests/new", data={"csrf": csrf, **CONTENTS, **PURPOSE, "sensitive": "yes"})
    here = begun.headers["location"]
    early = browser.post(f"{here}/step/send", data={"csrf": csrf})
    assert "requests.not_approved" in early.text
    raised = {"csrf": csrf, "reason": "politically_sensitive", "note": "A minister is named"}
    assert browser.post(f"{here}/step/escalate", data=raised).status_code == 303
    manager, other = officer(whole, "victor.amani")
    assert "Hold back" in text(manager, here)
    assert manager.post(f"{here}/step/decide", data={"csrf": other, "approve": "yes"}).status_code == 303
    assert browser.post(f"{here}/step/send", data={"csrf": csrf}).status_code == 303
