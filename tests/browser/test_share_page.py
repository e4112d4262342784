"""A liaison officer shares an alert: the gate withholds the person, says why, and the rest is sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe import violations
from playwright.sync_api import Browser, BrowserContext, Page, expect
from visiting import Served, picture, signed_in

from nodes import ANNA
from partner_nodes import Clock, administration, agree, introduce
from pratique.node import Node
from pratique.node.handlers.ledger_keys import MakeKeys
from pratique.node.handlers.partners_own import PublishDescriptor, ShowOwnDescriptor
from pratique.node.handlers.queue_page import QueuePage

PAGES = (
    "/agreements",
    "/agreements/customs-bilateral",
    "/agreements/decisions",
    "/agreements/legal-bases?authority=customs&act=arrest&place=partner_territory",
    "/share",
    "/share/{consignment}",
    "/consignment/{consignment}",
)
LOOKS = (("light", "en-GB", 1440), ("dark", "ar", 1440), ("light", "fr", 390))


@pytest.fixture(scope="module")
def consignment(served: Served, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A consignment of the sample port; its node knows a partner and has an agreement with it."""
    folder: Path = tmp_path_factory.mktemp("partner") / "xb"
    with Node.open(served.folder) as node:
        node.execute(MakeKeys("xa-customs"), actor=ANNA)
        node.execute(PublishDescriptor("Customs of XA", "XA", "customs", None), actor=ANNA)
        with administration(folder, "xb", clock=Clock()) as other:
            introduce(node, other.ask(ShowOwnDescriptor(), actor=ANNA))
        agree(node, "xa", "xb")
        return node.ask(QueuePage(limit=1), actor=ANNA).rows[0].consignment_id


def officer(context: BrowserContext, role: str = "liaison", purpose: str = "mutual_assistance") -> Page:
    """Signed in, with a purpose declared."""
    page = signed_in(context, role)
    page.goto("/purpose")
    page.locator(f"input[name=purpose][value={purpose}], select[name=purpose]").first.evaluate(
        "(each, purpose) => { if (each.tagName === 'SELECT') each.value = purpose; else each.checked = true }", purpose
    )
    page.locator("main form button").first.click()
    page.wait_for_load_state("load")
    return page


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_no_rule_of_accessibility_is_broken(
    chromium: Browser, served: Served, consignment: str, theme: str, language: str, width: int
) -> None:
    context = chromium.new_context(
        base_url=served.url,
        color_scheme=theme,
        locale=language,
        reduced_motion="reduce",
        viewport={"width": width, "height": 900},
    )
    page = officer(context)
    found = {}
    for path in PAGES:
        answer = page.goto(path.format(consignment=consignment))
        assert answer is not None
        assert answer.status == 200, path
        page.wait_for_load_state("load")
        expect(page.locator("h1")).to_be_visible()
        told = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
            told.append("wider than the screen")
        if told:
            found[path] = told
        picture(page, f"{path.split('/')[1]}-{path.count('/')}-{theme}-{width}")
    context.close()
    assert found == {}


def test_an_analyst_comes_from_the_consignment_and_may_preview(
    chromium: Browser, served: Served, consignment: str
) -> None:
    context = chromium.new_context(base_url=served.url, locale="en-GB", reduced_motion="reduce")
    page = officer(context, "analyst", "cargo_risk_analysis")
    page.goto(f"/consignment/{consignment}")
    expect(page.locator("main").get_by_role("link", name="Share")).to_have_attribute("href", f"/share/{consignment}")
    context.close()


def test_an_alert_is_previewed_and_sent(chromium: Browser, served: Served, consignment: str) -> None:
    context = chromium.new_context(base_url=served.url, locale="en-GB", reduced_motion="reduce")
    page = officer(context)
    page.get_by_role("link", name="Share").click()
    page.get_by_label("Short id or bill number").fill(consignment)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("h1")).to_have_text("Alert to Customs of XB")
    expect(page.get_by_role("heading", name="Permitted by Art. 8(1)")).to_be_visible()
    page.get_by_label("Summary, in your words").fill("The seal was changed at transhipment.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("row").filter(has_text="The seal was changed")).to_contain_text("Sent")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status").filter(has_text="Decided, sealed and logged")).to_be_visible()
    context.close()
