"""An inspection officer at the box, with a phone: the list, the checklist, a photo, the outcome; and the board."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe import violations
from playwright.sync_api import Browser, Page, expect
from visiting import Served, picture, signed_in

from control_days import approve_first_call
from pratique.node import Node, local_operator
from pratique.node.controls.order_lines import OrderLine
from pratique.node.handlers.orders import ListControls

PHONE = {"width": 390, "height": 844}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def orders(served: Served) -> tuple[OrderLine, ...]:
    """The orders of the first ship, whose list is approved, and two resources."""
    with Node.open(served.folder) as node:
        approve_first_call(node)
        return node.ask(ListControls(), actor=local_operator("anna")).orders


@pytest.fixture(params=["en-GB", "ar"])
def phone(
    request: pytest.FixtureRequest, chromium: Browser, served: Served, orders: tuple[OrderLine, ...]
) -> Iterator[Page]:
    """The telephone of an inspection officer."""
    context = chromium.new_context(base_url=served.url, viewport=PHONE, locale=request.param, reduced_motion="reduce")
    yield signed_in(context, "inspection")
    context.close()


def is_narrow(page: Page) -> bool:
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
    return not page.evaluate(wide)


def test_every_page_of_a_control_fits_a_phone_and_breaks_no_rule(
    phone: Page, orders: tuple[OrderLine, ...], chromium: Browser
) -> None:
    for path in ("/controls", "/controls?view=all", f"/controls/{orders[0].id}", f"/controls/{orders[0].id}/finding"):
        phone.goto(path)
        assert is_narrow(phone), path
        assert violations(phone) == [], path
    phone.goto("/resources")
    assert is_narrow(phone)
    assert violations(phone) == []
    phone.goto("/reconciliation")
    expect(phone.locator("h1")).to_be_visible()
    assert phone.locator(".state").count() == 1  # who inspects is told that this page is not theirs


def test_a_control_is_worked_through_on_a_phone(
    chromium: Browser, served: Served, orders: tuple[OrderLine, ...], tmp_path: Path
) -> None:
    context = chromium.new_context(base_url=served.url, viewport=PHONE, locale="en-GB")
    page = signed_in(context, "inspection")
    order = next(each for each in orders if each.control == "open")
    page.goto(f"/controls/{order.id}")
    picture(page, "control-phone-ordered")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("button", name=re.compile("Nothing found"))).to_be_disabled()
    for text in page.locator(".check input:not([type])").all():
        text.fill("H 4417902")
    for done in page.locator(".answers input[value=done]").all():
        done.check()
    picture(page, "control-phone-steps")
    page.get_by_role("button", name="Keep the answers").click()
    (tmp_path / "seal.png").write_bytes(
        PNG + bytes(6_000_000)
    )  # as large as a phone's; what follows its end is not shown
    page.locator("#file").set_input_files(tmp_path / "seal.png")
    page.get_by_role("button", name="Keep the photo").click()
    expect(page.locator(".shots img")).to_have_count(1)
    page.locator(".shots img").scroll_into_view_if_needed()  # it is loaded when it comes into sight
    expect(page.locator(".shots img")).to_have_js_property("naturalWidth", 1)
    assert violations(page) == []
    (tmp_path / "page.html").write_text("<script>alert(1)</script>")
    page.locator("#file").set_input_files(tmp_path / "page.html")
    page.get_by_role("button", name="Keep the photo").click()
    expect(page.get_by_role("alert")).to_contain_text("no photo")
    page.get_by_role("link", name="Record a finding").click()
    page.locator("#threat").select_option("narcotics")
    page.locator("#mass").fill("214")
    page.get_by_role("button", name="seizure").click()
    expect(page.get_by_role("alert")).to_contain_text("legal basis")
    assert page.locator("#mass").input_value() == "214"
    page.locator("#legal_basis").fill("Customs Act, s. 85")
    page.get_by_role("button", name="seizure").click()
    expect(page.get_by_role("heading", name="Outcome: seizure")).to_be_visible()
    picture(page, "control-phone-done")
    page.get_by_role("link", name="Dossier").click()
    expect(page.locator("h1")).to_contain_text("Dossier")
    assert violations(page) == []
    picture(page, "control-dossier")
    context.close()


def test_the_board_and_the_reconciliation_at_a_desk(
    chromium: Browser, served: Served, orders: tuple[OrderLine, ...]
) -> None:
    context = chromium.new_context(base_url=served.url, viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = signed_in(context, "manager")
    page.goto("/reconciliation")
    expect(page.locator(".say.warns")).to_be_visible()
    assert violations(page) == []
    page.goto("/resources")
    assert violations(page) == []
    picture(page, "resources")
    page.locator("main summary").first.click()
    page.get_by_role("button", name="Out of use").first.click()
    expect(page.locator(".bad.strong").first).to_be_visible()
    page.locator("#id").fill("dogs")
    page.locator("#kind").select_option("dog_team")
    page.locator("#name").fill("Dog team")
    page.locator("#shifts").fill("all day long")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be understood")
    page.locator("#shifts").fill("early=06:00-14:00x4")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("rowheader", name=re.compile("Dog team"))).to_be_visible()
    context.close()
