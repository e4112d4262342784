"""Automated rules of accessibility, run inside a page: WCAG 2.2 A and AA, and best practice."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ROWS = 40


def violations(page: Page) -> list[str]:
    """What the rules find, one line each; empty where all is well.

    Of a long table the first rows are judged: every row comes from the same few lines of a template.
    """
    page.evaluate("most => document.querySelectorAll(`tbody > tr:nth-child(n+${most})`).forEach(e => e.remove())", ROWS)
    script = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    page.evaluate(script)
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
