"""A manager looks at what controls came to."""

from __future__ import annotations

import re

import pytest
from axe import violations
from playwright.sync_api import Browser, expect
from visiting import Served, picture, signed_in

from control_days import CONFORM, approve_first_call, finished
from pratique.flow.controls.outcomes import ControlFinding
from pratique.node import Node, local_operator
from pratique.node.controls.outcome_checks import Result
from pratique.node.handlers.orders import ListControls

FOUND = Result(
    "discrepancy",
    findings=(ControlFinding("undervaluation", value_minor=90_000, currency="EUR"),),
    duty_recovered_minor=18_000,
    duty_currency="EUR",
)
DONE = 24


@pytest.fixture(scope="module")
def results(served: Served) -> int:
    """Results of the first ship's controls, every third of them a find."""
    with Node.open(served.folder) as node:
        approve_first_call(node)
        drawn = sorted(
            node.ask(ListControls(), actor=local_operator("anna")).orders, key=lambda each: not each.drawn_at_random
        )
        for number, order in enumerate(drawn[:DONE]):
            finished(node, order, FOUND if number % 3 == 0 else CONFORM)
    return DONE


@pytest.mark.parametrize("language", ["en-GB", "ar"])
def test_the_measure_tells_counts_intervals_and_what_lies_in_the_dark(
    chromium: Browser, served: Served, results: int, language: str
) -> None:
    context = chromium.new_context(base_url=served.url, locale=language, reduced_motion="reduce")
    page = signed_in(context, "manager")
    page.goto("/effectiveness")
    expect(page.locator("h1")).to_be_visible()
    if language == "en-GB":
        expect(page.locator(".facts")).to_contain_text(f"{results} controlled with a result")
        expect(page.get_by_text("consignments would have been finds")).to_be_visible()
        expect(page.get_by_role("row").filter(has_text="Drawn at random")).to_contain_text(re.compile(r"\d+\.\d%"))
    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
    page.evaluate("scrollTo(0, 0)")
    picture(page, f"effectiveness-{language}")
    page.goto("/effectiveness?since=2026-02-30")
    expect(page.get_by_role("alert")).to_contain_text("report.day")
    context.close()
