"""A liaison officer asks a court for evidence: what is missing opens in place, and the clock runs once it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe import violations
from playwright.sync_api import Browser, BrowserContext, Page, expect
from visiting import Served, picture, signed_in

from nodes import ANNA
from partner_nodes import administration, introduce
from pratique.node import Node
from pratique.node.handlers.custody import CollectEvidence, NewItem, RecordCustody
from pratique.node.handlers.ledger_keys import MakeKeys
from pratique.node.handlers.partners_own import PublishDescriptor, ShowOwnDescriptor
from pratique.node.handlers.requests import DraftRequest, SendRequest
from pratique.node.handlers.requests_asked import AcknowledgeRequest, AnswerRequest, ReceiveRequest
from pratique.node.node import wall_clock
from pratique.partners.assistance.drafts import Draft
from pratique.partners.evidence.custody import What
from pratique.partners.evidence.items import ItemKind

LOOKS = (("light", "en-GB", 1440), ("dark", "ar", 1440), ("light", "fr", 390))
TEXTS = {
    "requesting_authority": "Prosecutor's office of Sankt Orla, by its central authority",
    "matter": "Import of 214 kg of cocaine, case 26/1187",
    "proceeding": "Case 26/1187, court of first instance",
    "facts": "Opened on 24 September, cooling unit of a reefer, seal changed on the way from Port Ilmen.",
    "persons": "Two names, nationality of one; place unknown, and said so",
}
PURPOSE = "Evidence for the trial in case 26/1187"


@dataclass(frozen=True)
class There:
    """What stands on the node: a draft that lacks its purpose, a partner's request, an item."""

    draft: str
    asked: str
    item: str


@pytest.fixture(scope="module")
def there(served: Served, tmp_path_factory: pytest.TempPathFactory) -> There:
    """Requests of the last weeks and one item of evidence."""
    photo: Path = tmp_path_factory.mktemp("photo") / "seal.jpg"
    photo.write_bytes(b"\xff\xd8\xff a seal")
    now = datetime.now(UTC)
    then = [now - timedelta(days=42)]
    items = tuple(f"Camera still {number} of 11 September" for number in range(1, 15))
    draft = Draft("untoc-18", "en", ("evidence",), TEXTS, {}, items, as_evidence=True)
    whole = Draft("untoc-18", "en", ("evidence",), {**TEXTS, "purpose": PURPOSE}, {}, items, as_evidence=True)
    with Node.open(served.folder, clock=lambda: then[0]) as node:
        node.execute(MakeKeys("customs.arvenia"), actor=ANNA)
        node.execute(PublishDescriptor("Customs of Arvenia", "XA", "customs", None), actor=ANNA)
        for days in (12, 20, 31, 58):
            then[0] = now - timedelta(days=90)
            past = node.execute(ReceiveRequest("customs.brisland", f"B-{days}", whole), actor=ANNA).line.request.id
            then[0] += timedelta(days=days)
            node.execute(AnswerRequest(past, (), final=True), actor=ANNA)
        then[0] = now - timedelta(days=42)
        asked = node.execute(ReceiveRequest("customs.brisland", "B-2026-9", whole), actor=ANNA).line.request.id
        sent = node.execute(DraftRequest("customs.brisland", whole), actor=ANNA).line.request.id
        node.execute(SendRequest(sent), actor=ANNA)
        then[0] = now - timedelta(days=11)
        node.execute(AcknowledgeRequest(asked), actor=ANNA)
        node.execute(AnswerRequest(asked, tuple(range(1, 10)), conditions=("Only for case 26/1187",)), actor=ANNA)
        then[0] = now
        new = NewItem("Seal of the box", ItemKind.PHOTOGRAPH, "Port Ilmen", "Camera 7", "Customs Act 31", (photo,))
        item = node.execute(CollectEvidence(new, request=asked), actor=ANNA).id
        node.execute(RecordCustody(item, What.SEAL, "Port Ilmen", "H441"), actor=ANNA)
        begun = node.execute(DraftRequest("customs.brisland", draft), actor=ANNA).line.request.id
        with administration(photo.parent / "xb", "xb", clock=wall_clock) as partner:
            introduce(node, partner.ask(ShowOwnDescriptor(), actor=ANNA))
    return There(begun, asked, item)


def officer(context: BrowserContext) -> Page:
    """A liaison officer who has said what persons' data is read for."""
    page = signed_in(context, "liaison")
    page.goto("/purpose")
    page.locator("input[name=purpose][value=mutual_assistance]").check()
    page.locator("main form[action='/purpose'] button").click()
    page.wait_for_load_state("load")
    return page


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_no_rule_of_accessibility_is_broken(
    chromium: Browser, served: Served, there: There, theme: str, language: str, width: int
) -> None:
    context = chromium.new_context(
        base_url=served.url,
        color_scheme=theme,
        locale=language,
        reduced_motion="reduce",
        viewport={"width": width, "height": 900},
    )
    page = officer(context)
    paths = {
        "requests": "/requests?view=all",
        "request-new": "/requests/new?instrument=wto-tfa-12",
        "request-advice": "/requests/advice?partner=customs.brisland&types=documents",
        "request-versions": f"/requests/{there.draft}/versions",
        "hand-overs": "/hand-overs",
        "request-draft": f"/requests/{there.draft}",
        "request-asked": f"/requests/{there.asked}",
        "request-answer": f"/requests/{there.asked}/answer",
        "evidence-items": "/evidence-items",
        "evidence-item": f"/evidence-items/{there.item}",
    }
    found = {}
    for name, path in paths.items():
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        page.wait_for_load_state("load")
        expect(page.locator("h1")).to_be_visible()
        told = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
            told.append("wider than the screen")
        if told:
            found[path] = told
        picture(page, f"{name}-{theme}-{width}")
    context.close()
    assert found == {}


def test_the_purpose_is_filled_in_and_the_request_goes_out(chromium: Browser, served: Served, there: There) -> None:
    context = chromium.new_context(base_url=served.url, locale="en-GB", reduced_motion="reduce")
    page = officer(context)
    page.get_by_role("link", name="Requests").click()
    page.get_by_role("link", name=there.draft).click()
    send = page.get_by_role("button", name="Send version 1")
    expect(send).to_be_disabled()
    expect(page.get_by_text("The answer may not be usable in court.").first).to_be_visible()
    page.get_by_label("Purpose", exact=True).first.fill(PURPOSE)
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("nothing is missing")).to_be_visible()
    page.locator("summary", has_text="Send version 2").click()
    page.get_by_role("button", name="Send version 2").click()
    expect(page.get_by_role("heading", name="Day 0 of 90")).to_be_visible()
    context.close()


def test_the_rest_is_answered_with_its_evidence_and_conditions_by_keyboard_alone(
    chromium: Browser, served: Served, there: There
) -> None:
    context = chromium.new_context(base_url=served.url, locale="en-GB", reduced_motion="reduce")
    page = officer(context)
    page.goto(f"/requests/{there.asked}/answer")
    for number in range(10, 15):
        page.get_by_role("checkbox", name=f"{number}. ").focus()
        page.keyboard.press("Space")
    page.get_by_role("checkbox", name="Seal of the box").press("Space")
    page.get_by_label("Conditions of use").fill("Only for case 26/1187")
    page.get_by_role("checkbox", name="Nothing more will come").press("Space")
    page.get_by_role("button", name="Preview").press("Enter")
    page.get_by_role("button", name="Note the answer").press("Enter")
    page.wait_for_url(f"**/requests/{there.asked}")
    expect(page.locator("main")).to_contain_text("14 of 14")
    picture(page, "request-answered")
    context.close()
