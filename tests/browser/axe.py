"""Automated rules of accessibility, run inside a page: WCAG 2.2 A and AA, and best practice; and the looks to try."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ROWS = 40
DESK: ViewportSize = {"width": 1440, "height": 900}
LOOKS = (("light", "en-GB"), ("dark", "ar"))
IS_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"


@cache
def _script() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What the rules find, one line each; empty where all is well.

    Of a long table the first rows are judged: every row comes from the same few lines of a template.
    """
    page.evaluate("most => document.querySelectorAll(`tbody > tr:nth-child(n+${most})`).forEach(e => e.remove())", ROWS)
    page.evaluate(_script())
    found: list[dict[str, Any]] = page.evaluate(
        """rules => axe.run(document, {runOnly: rules, resultTypes: ["violations"]})
            .then(result => result.violations)""",
        RULES,
    )
    return [
        f"{each['id']} ({each['impact']}): {node['target']} {node['html'][:160]}"
        for each in found
        for node in each["nodes"]
    ]


def context_of(browser: Browser, url: str, look: tuple[str, str]) -> BrowserContext:
    """A browser with nothing in it, in a theme and a language."""
    theme, language = look
    return browser.new_context(
        base_url=url, viewport=DESK, color_scheme=theme, reduced_motion="reduce", locale=language
    )
