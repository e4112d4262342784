"""A manager decides on rules and models: what is shown before, and that the bar stays one line."""

from __future__ import annotations

import pytest
from axe import violations
from playwright.sync_api import Browser, expect
from visiting import Served, picture, signed_in

from learning_needs import needs_lightgbm
from learning_tables import lesson
from nodes import local_operator
from pratique.flow.learning.files import keep
from pratique.node import Node
from pratique.node.handlers.models import KeepModel
from pratique.node.handlers.scorecards import MakeScorecards
from pratique.node.learning.speakers import MODELS

ANNA = local_operator("anna")


@pytest.fixture(scope="module")
def scored(served: Served) -> str:
    """The rules of the sample port scored once; gives the rule that fires most."""
    with Node.open(served.folder) as node:
        made = node.execute(MakeScorecards(), actor=ANNA)
    return max(made.rules, key=lambda each: each.card.fires).profile_id


@pytest.mark.parametrize(("language", "theme"), [("en-GB", "light"), ("ar", "dark")])
def test_a_rule_shows_how_it_does_and_is_tried_on_the_past_beside(
    chromium: Browser, served: Served, scored: str, language: str, theme: str
) -> None:
    context = chromium.new_context(
        base_url=served.url,
        locale=language,
        color_scheme=theme,
        reduced_motion="reduce",
        viewport={"width": 1440, "height": 900},
    )
    page = signed_in(context, "manager")
    page.goto(f"/profiles/{scored}")
    expect(page.locator("#back-test dl")).to_be_visible()  # asked for as the page opens
    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
    picture(page, f"profile-life-{language}")
    page.goto("/profiles")
    assert violations(page) == []
    picture(page, f"profiles-{language}")
    page.goto("/effectiveness")
    expect(page.locator("#moved dl")).to_be_visible()
    assert violations(page) == []
    picture(page, f"drift-{language}")
    context.close()


@pytest.mark.parametrize("width", [1280, 1440, 1920])
@pytest.mark.parametrize("language", ["en-GB", "fr"])
def test_the_bar_of_a_manager_is_one_line_that_hides_nothing(
    chromium: Browser, served: Served, width: int, language: str
) -> None:
    context = chromium.new_context(base_url=served.url, locale=language, viewport={"width": width, "height": 900})
    page = signed_in(context, "manager")
    page.goto("/profiles")
    tops = page.locator(".bar nav > *").evaluate_all("all => all.map(each => each.offsetTop)")
    assert len(set(tops)) == 1
    shown = page.locator(".bar nav").evaluate("it => it.scrollWidth <= it.clientWidth + 1")
    assert shown, "sections are cut off"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")
    page.locator(".more summary").click()
    last = page.locator(".more a").last
    expect(last).to_be_in_viewport()
    picture(page, f"bar-{language}-{width}")
    last.click()
    expect(page.locator(".more summary b")).to_be_visible()  # where the officer is
    context.close()


@needs_lightgbm
def test_a_second_person_reads_the_card_and_promotes(chromium: Browser, served: Served) -> None:
    from pratique.flow.learning.training import train

    digest = keep(train(*lesson(1500)), served.folder / MODELS)
    with Node.open(served.folder) as node:
        node.execute(KeepModel(digest), actor=ANNA)
    context = chromium.new_context(base_url=served.url, locale="en-GB", viewport={"width": 1440, "height": 900})
    page = signed_in(context, "manager")
    page.goto("/profiles")
    page.get_by_role("link", name="Models").click()
    page.get_by_role("link", name=digest[:12]).click()
    expect(page.get_by_role("row").filter(has_text="Finds among the first 5%")).to_be_visible()
    expect(page.locator("main")).to_contain_text("a person decides")
    assert violations(page) == []
    picture(page, "model-card")
    page.get_by_role("button", name="Put in force").click()
    expect(page.locator(".goods")).to_contain_text("In force from the next assessment on.")
    page.get_by_role("button", name="Retire").click()
    expect(page.locator(".goods")).to_contain_text("Out of force from the next assessment on.")
    context.close()
