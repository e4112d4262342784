"""Pages in another language than English leave nothing in English that has a translation."""

from __future__ import annotations

import pytest
from axe import DESK
from playwright.sync_api import Browser, Page
from test_every_page import PATHS, paths
from visiting import Served, signed_in

from pratique.desk.extraction import extracted
from pratique.desk.words import catalogue

READ = """() => {
    const told = document.body.innerText.split("\\n");
    const names = ["aria-label", "placeholder", "title", "alt"];
    for (const each of document.querySelectorAll(names.map(name => `[${name}]`).join()))
        told.push(...names.map(name => each.getAttribute(name)).filter(Boolean));
    return told.map(line => line.trim()).filter(Boolean);
}"""


def english_only(language: str) -> set[str]:
    """The English words of the pages that this language never says itself."""
    said = {text for message in catalogue(language) for text in (message.string or "", *message.string)}
    return {message.id for message in extracted() if isinstance(message.id, str)} - said - {""}


def left_in_english(page: Page, english: set[str]) -> set[str]:
    return {line for line in page.evaluate(READ) if line in english}


@pytest.mark.parametrize(
    # a word that no catalogue has is left in English in every language; the catalogues are compared in test_desk_words
    "language",
    ["fr", *(pytest.param(other, marks=pytest.mark.soak) for other in ("ar", "es"))],
)
def test_no_words_of_a_page_are_left_in_english(chromium: Browser, served: Served, language: str) -> None:
    english = english_only(language)
    found: dict[str, set[str]] = {}
    for role in PATHS:
        context = chromium.new_context(base_url=served.url, viewport=DESK, locale=language)
        page = signed_in(context, role)
        for path in paths(served, role):
            page.goto(path)
            assert page.locator("html").get_attribute("lang") == language
            left = left_in_english(page, english)
            if left:
                found[f"{role} {path}"] = left
        context.close()
    assert found == {}
