"""What holds for every page: no rule of accessibility is broken, and everything can be reached by key."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from axe import DESK, IS_WIDE, LOOKS, context_of, violations
from playwright.sync_api import Browser, BrowserContext, Page
from visiting import Served, picture, signed_in

from pratique.node import Node, local_operator
from pratique.node.handlers.list_changes import ListListChanges
from pratique.node.handlers.queue_page import QueuePage
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
        "/hits?view=all",
        "/hits/{run}/0",
        "/controls",
        "/controls?view=all",
        "/resources",
        "/reconciliation",
        "/screen",
        "/search",
        "/quarantine",
        "/lists",
        "/lists/changes/{change}",
        "/parts",
        "/account",
        "/no-such-page",
        "/data-protection",
    ),
    "analyst": (
        "/profiles",
        "/profiles?state=proposed",
        "/profiles/new",
        "/profiles/lists.name_strong",
        "/profiles/lists.name_strong/back-test",
        "/models",
    ),
    "data_protection": ("/data-protection", "/ledger"),
    "manager": ("/administration", "/effectiveness", "/effectiveness/drift"),
}
NARROW = (390, 320)


@cache
def named(folder: Path) -> dict[str, str]:
    """The run, a consignment and a change of a list of the sample port."""
    actor = local_operator("tests")
    with Node.open(folder) as node:
        found = node.ask(QueuePage(limit=2), actor=actor)
        changes = node.ask(ListListChanges(), actor=actor)
    return {"run": found.run.id, "consignment": found.rows[1].consignment_id, "change": str(changes[0].seq)}


def paths(served: Served, role: str) -> list[str]:
    """The pages of a role on the sample port."""
    return [path.format(**named(served.folder)) for path in PATHS[role]]


CANNOT_BE_REACHED = """() => [...document.querySelectorAll('[hx-get], [hx-post], [data-act], a, button, input, select')]
    .filter(e => e.checkVisibility() && !e.disabled && e.type !== 'hidden')
    .filter(e => e.tabIndex < 0 || (e.tagName === 'A' && !e.hasAttribute('href')))
    .filter(e => e.matches('a, button, input, select'))
    .filter(e => !e.matches('.vh[aria-hidden=true]'))  // for password managers alone: neither seen nor told
    .map(e => e.outerHTML.slice(0, 120))"""


@dataclass
class Walked:
    """What was found wrong on a walk over every page of every role."""

    broken: dict[str, list[str]] = field(default_factory=dict)  # rules of accessibility
    unreachable: dict[str, list[str]] = field(default_factory=dict)
    wide: list[tuple[int, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # on the console
    asked: set[str] = field(default_factory=set)  # addresses

    def listen(self, context: BrowserContext) -> None:
        """Hears what pages ask for and what their scripts complain of."""
        context.on("console", lambda said: self.said.append(f"{said.page and said.page.url}: {said.text}"))
        context.on("weberror", lambda fault: self.said.append(f"fault: {fault.error}"))
        context.on("request", lambda request: self.asked.add(request.url))

    def look(self, page: Page, name: str) -> None:
        """Looks at the page that is open, wide, narrow and by the rules."""
        if left := page.evaluate(CANNOT_BE_REACHED):
            self.unreachable[name] = left
        for width in NARROW:
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate(IS_WIDE):
                self.wide.append((width, name))
        page.set_viewport_size(DESK)
        if told := violations(page):
            self.broken[name] = told


@pytest.fixture(scope="module")
def walk(chromium: Browser, served: Served) -> Callable[[str, str], Walked]:
    """A walk over every page in a theme and a language: each is walked once, whatever tests ask of it."""

    @cache
    def walked(theme: str, language: str) -> Walked:
        found = Walked()
        for role in PATHS:
            context = context_of(chromium, served.url, (theme, language))
            found.listen(context)
            page = signed_in(context, role)
            for path in paths(served, role):
                page.goto(path + ("" if language != "ar" else ("&" if "?" in path else "?") + "lang=ar"))
                assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
                found.look(page, f"{role} {path}")
            context.close()
        return found

    return walked


@pytest.mark.parametrize(
    ("theme", "language"),
    [
        *LOOKS,
        # what a rule says of a colour is the same in every language, and of an order in every theme
        pytest.param("dark", "en-GB", marks=pytest.mark.soak),
        pytest.param("light", "ar", marks=pytest.mark.soak),
    ],
)
def test_no_rule_of_accessibility_is_broken(walk: Callable[[str, str], Walked], theme: str, language: str) -> None:
    assert walk(theme, language).broken == {}


@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_pages_reflow_to_a_narrow_screen(walk: Callable[[str, str], Walked], theme: str, language: str) -> None:
    assert walk(theme, language).wide == []


@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_everything_that_can_be_clicked_can_be_reached_by_key(
    walk: Callable[[str, str], Walked], theme: str, language: str
) -> None:
    assert walk(theme, language).unreachable == {}


@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_no_page_asks_for_what_its_own_headers_forbid(
    walk: Callable[[str, str], Walked], served: Served, theme: str, language: str
) -> None:
    """Neither scripts nor styles inline, nothing from elsewhere, and no fault of a script."""
    found = walk(theme, language)
    assert [url for url in found.asked if not url.startswith(served.url)] == []
    assert [words for words in found.said if "Failed to load resource: the server responded" not in words] == []


def test_focus_is_seen_wherever_it_goes(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(base_url=served.url, viewport=DESK)
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
    context = chromium.new_context(base_url=served.url, viewport=DESK)
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
    context = chromium.new_context(base_url=served.url, viewport=DESK, java_script_enabled=False)
    page = signed_in(context, "targeting")
    page.locator("article.call a").first.click()
    page.get_by_role("link", name=re.compile("Proposed")).click()
    assert "view=proposed" in page.url
    page.locator("#rows a.id").first.click()
    assert page.locator(".reasons tr.sum").count() == 1
    context.close()


def test_work_under_way_is_followed_on_a_page_that_breaks_no_rule_and_leads_on(
    chromium: Browser, served: Served, sample_port: Path
) -> None:
    context = chromium.new_context(base_url=served.url, viewport=DESK, color_scheme="dark", reduced_motion="reduce")
    page = signed_in(context, "targeting")
    page.locator("#file").set_input_files(sorted((sample_port / "port").glob("*.edi"))[0])
    page.get_by_role("button", name="Assess").click()
    page.goto("/lists")
    page.get_by_label("Publisher", exact=True).select_option("own")
    page.get_by_label("Files").set_input_files(sample_port / "port" / "watchlist.csv")
    page.get_by_role("button", name="Load").click()
    page.wait_for_url("**/jobs/*")  # behind the assessment
    assert violations(page) == []
    picture(page, "work-under-way")
    page.goto(f"{page.url}?lang=ar")
    assert violations(page) == []
    page.wait_for_url("**/lists/changes/*", timeout=90_000)
    context.close()


def test_a_page_whose_session_is_over_leaves_the_screen(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(base_url=served.url, viewport=DESK)
    page = signed_in(context, "targeting")
    with Node.open(served.folder) as node:
        node.execute(EndSessionOf("ines.valmar"), actor=local_operator("root"))
    page.wait_for_url(re.compile("/sign-in"), timeout=90_000)
    assert page.locator("article.call").count() == 0
    context.close()
