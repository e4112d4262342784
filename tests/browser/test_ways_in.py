"""Ways in and what stands behind them: invitation, passkey, emergency, administration, data protection."""

from __future__ import annotations

import hashlib
import re

import pyotp
import pytest
from axe import violations
from playwright.sync_api import Browser, BrowserContext, Page, expect
from visiting import Served, picture, signed_in

from pratique.node import Node, local_operator
from pratique.node.handlers.officers import AddOfficer
from pratique.node.handlers.settings import ChangeSetting

ROOT = local_operator("root")
PASSWORD = "lantern-orbit-meadow-seven"
REASON = "The ship leaves in ten minutes and no targeting officer can be reached."
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def invited(served: Served, login: str, *roles: str) -> str:
    """A new officer's invitation; passkeys are bound to where this desk is served."""
    with Node.open(served.folder) as node:
        node.execute(ChangeSetting("desk_origin", served.url), actor=ROOT)
        node.execute(ChangeSetting("app_code_steps_around", "1"), actor=ROOT)  # a test may type across a step
        return node.execute(AddOfficer(login, login.title(), roles), actor=ROOT).invitation


def joined(page: Page, invitation: str) -> str:
    """Accepts the invitation as a person does; gives the key of the second factor."""
    page.goto(f"/invitation#{invitation}")
    page.get_by_role("button", name="Open").click()
    factor = page.locator("dd.mono").inner_text().strip()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_label("Code that the app shows now").fill(pyotp.TOTP(factor, digest=hashlib.sha256).now())
    page.get_by_role("button", name="Accept and sign in").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    return factor


def with_authenticator(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def confirmed(page: Page) -> None:
    """Confirms as a persona does."""
    page.get_by_role("button", name="Confirm").click()


def test_an_invited_officer_joins_adds_a_passkey_and_signs_in_with_it(visit: BrowserContext, served: Served) -> None:
    page = visit.new_page()
    joined(page, invited(served, "ines", "targeting"))
    assert page.url.endswith("/invitation/accept")
    expect(page.locator("ol.choices li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("article.call")).to_have_count(3)
    with_authenticator(page)
    page.goto("/account")
    page.get_by_label("Name of the device").fill("Laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("not used yet")).to_be_visible()
    picture(page, "account")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="With a passkey").click()
    expect(page.locator("article.call")).to_have_count(3)
    page.goto("/account")
    expect(page.locator("table").first).to_contain_text("passkey")


def test_an_invitation_opens_once(visit: BrowserContext, served: Served) -> None:
    invitation = invited(served, "omar", "analyst")
    page = visit.new_page()
    joined(page, invitation)
    visit.clear_cookies()
    page.goto("/sign-in")
    page.goto(f"/invitation#{invitation}")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("alert")).to_contain_text("does not count")


def test_a_wrong_code_is_answered_with_one_sentence(visit: BrowserContext, served: Served) -> None:
    page = visit.new_page()
    page.goto("/sign-in")
    page.get_by_label("Login").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_label("Code of your second factor").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("do not fit together")


def test_a_right_in_an_emergency_is_taken_shown_and_reviewed_by_another(
    visit: BrowserContext, chromium: Browser, served: Served
) -> None:
    page = signed_in(visit, "trader_desk")
    expect(page.get_by_role("link", name="Open queue")).to_have_count(0)  # nothing is offered that a role may not do
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    page.goto("/queue")
    expect(page.locator(".state")).to_contain_text("The table of rights gives this")
    picture(page, "refused")
    page.get_by_role("link", name="In an emergency").click()
    page.get_by_label("Right").select_option("QueuePage")
    page.get_by_label("What the emergency is").fill(REASON)
    picture(page, "emergency")
    page.get_by_role("button", name="Take the right").click()
    expect(page.get_by_role("alert")).to_contain_text("a right taken in an emergency")
    page.get_by_role("link", name="Declare a purpose").click()
    page.get_by_label("Answering a trader").check()
    page.get_by_role("button", name="Declare").click()
    expect(page.locator("#rows tr[data-row]").first).to_be_visible()
    other = chromium.new_context(base_url=served.url)
    reviewer = signed_in(other, "data_protection")
    reviewer.goto("/data-protection")
    row = reviewer.locator("tr", has_text=REASON)
    row.get_by_label("What you found").fill("The port confirms that the ship left early.")
    expect(reviewer.locator("tr", has_text="Open the queue of a ship").nth(1)).to_contain_text("emergency")
    picture(reviewer, "data-protection")
    row.get_by_role("button", name="Justified", exact=True).click()
    expect(reviewer.locator("tr", has_text=REASON)).to_contain_text("justified")
    other.close()
    page.goto("/")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_manager_invites_changes_and_suspends(visit: BrowserContext, served: Served) -> None:
    page = signed_in(visit, "manager")
    page.goto("/administration")
    page.get_by_label("Login").fill("nadia")
    page.get_by_label("Name", exact=True).fill("Nadia Sorel")
    page.get_by_label("Liaison officer").check()
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("status").filter(has_text="shown this once")).to_contain_text("/invitation#")
    picture(page, "administration")
    page.get_by_role("link", name="nadia").click()
    page.get_by_label("Trainer").check()
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("tr", has_text="nadia")).to_contain_text("Trainer")
    page.get_by_role("link", name="nadia").click()
    page.get_by_role("button", name="Suspend").click()
    expect(page.locator("tr", has_text="nadia")).to_contain_text("suspended")


def test_an_office_says_its_lanes_in_its_own_words(visit: BrowserContext, served: Served) -> None:
    page = signed_in(visit, "manager")
    page.goto("/administration/offices")
    office = page.locator("section", has_text="KEMBA-1").first
    office.get_by_label("red").fill("Open now")
    office.get_by_role("button", name="Keep").click()
    expect(page.locator("section", has_text="KEMBA-1").first.get_by_label("red")).to_have_value("Open now")
    picture(page, "offices")


def test_a_token_is_shown_once_and_can_be_revoked(visit: BrowserContext, served: Served) -> None:
    page = signed_in(visit, "integrator")
    page.goto("/account")
    page.get_by_text("Make a token").first.click()
    page.get_by_label("Name", exact=True).fill("port system")
    page.get_by_label("messages:write").check()
    page.get_by_role("button", name="Make a token").click()
    expect(page.locator("code")).to_contain_text("pratique_")
    page.goto("/account")
    expect(page.locator("code")).to_have_count(0)
    page.get_by_role("button", name="Revoke the token port system").click()
    expect(page.get_by_text("port system")).to_have_count(0)


PAGES = {
    "targeting": ("/account", "/confirm", "/purpose", "/emergency"),
    "manager": (
        "/administration",
        "/administration/officer/ines.valmar",
        "/administration/offices",
        "/administration/sessions",
    ),
    "data_protection": ("/data-protection",),
}


def broken(page: Page, path: str) -> dict[str, list[str]]:
    """The rules that a page breaks in light, in dark and in Arabic."""
    found = {}
    for look in ("light", "dark", "ar"):
        page.emulate_media(color_scheme="dark" if look == "dark" else "light", reduced_motion="reduce")
        if look != "dark":  # colours change where the page stands
            page.goto(f"{path}?lang={'ar' if look == 'ar' else 'en'}")
        if told := violations(page):
            found[f"{path} {look}"] = told
    return found


@pytest.mark.parametrize("role", PAGES)
def test_axe_finds_nothing(visit: BrowserContext, role: str) -> None:
    page = signed_in(visit, role)
    page.set_viewport_size({"width": 1280, "height": 1800})  # nothing lies under the keys that stand at the foot
    assert [broken(page, path) for path in PAGES[role]] == [{}] * len(PAGES[role])


def test_axe_finds_nothing_before_somebody_signs_in(visit: BrowserContext) -> None:
    page = visit.new_page()
    assert [broken(page, path) for path in ("/sign-in", "/invitation")] == [{}, {}]


def test_every_field_and_button_of_the_account_can_be_reached_by_key(visit: BrowserContext) -> None:
    page = signed_in(visit, "targeting")
    page.goto("/account")
    reached: set[str] = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.innerText"))
    assert {"language", "theme", "passkey-name"} <= reached
    assert re.compile("End all sessions").search(" ".join(reached))
