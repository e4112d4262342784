"""What holds for every page: no rule of accessibility is broken, and everything can be reached by key."""

from __future__ import annotations

import re

import pytest
from axe import violations
from playwright.sync_api import Browser, Page
from visiting import Served, signed_in

from pratique.node import Node, local_operator
from pratique.node.handlers.sessions import EndSessionOf

PATHS = {
    "targeting": (
        "/",
        "/?hours=all",
        "/queue/{run}",
        "/queue/{run}?view=above_line",
        "/queue/{run}?view=data_faults",
        "/queue/{run}/print",
        "/consignment/{consignment}",
        "/consignment/{consignment}/whole-network",
        "/hits",
        "/hits/{run}/0",
        "/search",
        "/quarantine",
        "/lists",
        "/parts",
        "/account",
        "/no-such-page",
        "/data-protection",
    ),
    "analyst": ("/profiles", "/profiles/lists.name_strong"),
    "data_protection": ("/data-protection",),
    "manager": ("/administration",),
}
ROOM = {"width": 1440, "height": 900}


def filled(page: Page, path: str) -> str:
    """The path with the run and a consignment of the sample port."""
    if "{" not in path:
        return path
    run = page.request.get("/queue").url.rsplit("/", 1)[-1]
    rows = page.request.get(f"/queue/{run}").text()
    found = re.findall(r'id="row-(\w+)"', rows)
    return path.format(run=run, consignment=found[1])


@pytest.mark.parametrize("language", ["en-GB", "ar"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken(chromium: Browser, served: Served, theme: str, language: str) -> None:
    found: dict[str, list[str]] = {}
    for role, paths in PATHS.items():
        context = chromium.new_context(
            base_url=served.url, viewport=ROOM, color_scheme=theme, reduced_motion="reduce", locale=language
        )
        page = signed_in(context, role)
        for path in paths:
            page.goto(filled(page, path) + ("" if language != "ar" else ("&" if "?" in path else "?") + "lang=ar"))
            page.wait_for_load_state("load")
            assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
            told = violations(page)
            if told:
                found[f"{role} {path}"] = told
        context.close()
    assert found == {}


@pytest.mark.parametrize("width", [390, 320])
def test_pages_reflow_to_a_narrow_screen(chromium: Browser, served: Served, width: int) -> None:
    context = chromium.new_context(base_url=served.url, viewport={"width": width, "height": 800})
    page = signed_in(context, "targeting")
    wide = []
    for path in PATHS["targeting"]:
        page.goto(filled(page, path))
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
            wide.append(path)
    context.close()
    assert wide == []


def test_everything_that_can_be_clicked_can_be_reached_by_key(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(base_url=served.url, viewport=ROOM)
    page = signed_in(context, "targeting")
    unreachable = {}
    for path in PATHS["targeting"]:
        page.goto(filled(page, path))
        left = page.evaluate(
            """() => [...document.querySelectorAll('[hx-get], [hx-post], [data-act], a, button, input, select')]
                .filter(e => e.checkVisibility() && !e.disabled && e.type !== 'hidden')
                .filter(e => e.tabIndex < 0 || (e.tagName === 'A' && !e.hasAttribute('href')))
                .filter(e => e.matches('a, button, input, select'))
                .map(e => e.outerHTML.slice(0, 120))"""
        )
        if left:
            unreachable[path] = left
    context.close()
    assert unreachable == {}


def test_focus_is_seen_wherever_it_goes(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(base_url=served.url, viewport=ROOM)
    page = signed_in(context, "targeting")
    unseen = []
    for _ in range(25):
        page.keyboard.press("Tab")
        shown = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e), f = e.closest('.find');
                const g = f && getComputedStyle(f);
                return s.outlineStyle !== 'none' || (g && g.outlineStyle !== 'none') }"""
        )
        if not shown:
            unseen.append(page.evaluate("() => document.activeElement.outerHTML.slice(0, 120)"))
    context.close()
    assert unseen == []


def test_letters_do_nothing_inside_a_field_and_can_be_switched_off(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(base_url=served.url, viewport=ROOM)
    page = signed_in(context, "targeting")
    page.keyboard.press("/")
    page.keyboard.type("tgaswo?")
    assert page.locator("#find").input_value() == "tgaswo?"
    assert page.locator("dialog[open]").count() == 0
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("#all-keys[open]").count() == 1
    page.keyboard.press("Escape")
    page.evaluate("() => { document.documentElement.dataset.keys = 'off' }")
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 0
    context.close()


def test_a_page_without_script_still_works(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(base_url=served.url, viewport=ROOM, java_script_enabled=False)
    page = signed_in(context, "targeting")
    page.locator("article.call a").first.click()
    page.get_by_role("link", name=re.compile("Proposed")).click()
    assert "view=proposed" in page.url
    page.locator("#rows a.id").first.click()
    assert page.locator(".reasons tr.sum").count() == 1
    context.close()


def test_no_page_asks_for_what_its_own_headers_forbid(chromium: Browser, served: Served) -> None:
    """Neither scripts nor styles inline, nothing from elsewhere, and no fault of a script."""
    told: list[str] = []
    for role, paths in PATHS.items():
        context = chromium.new_context(base_url=served.url, viewport=ROOM)
        context.on("console", lambda said: told.append(f"{said.page and said.page.url}: {said.text}"))
        context.on("weberror", lambda fault: told.append(f"fault: {fault.error}"))
        asked: list[str] = []
        context.on("request", lambda request, asked=asked: asked.append(request.url))
        page = signed_in(context, role)
        for path in paths:
            page.goto(filled(page, path))
            page.wait_for_load_state("load")
        assert [url for url in asked if not url.startswith(served.url)] == []
        context.close()
    assert [words for words in told if "Failed to load resource: the server responded" not in words] == []


def test_a_page_whose_session_is_over_leaves_the_screen(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(base_url=served.url, viewport=ROOM)
    page = signed_in(context, "targeting")
    with Node.open(served.folder) as node:
        node.execute(EndSessionOf("ines.valmar"), actor=local_operator("root"))
    page.wait_for_url(re.compile("/sign-in"), timeout=90_000)
    assert page.locator("article.call").count() == 0
    context.close()
