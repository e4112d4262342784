"""The pages of the documentation say what the data says."""

from __future__ import annotations

from pathlib import Path

from pratique.flow.risk import shipped_profiles
from pratique.flow.risk.catalogue import field_tables, indicator_page
from pratique.flow.risk.fields import FIELDS, scopes
from pratique.flow.risk.language import parse_rule

DOCS = Path(__file__).parents[4] / "docs" / "reference"


def test_the_page_of_indicators_is_written_from_the_shipped_profiles() -> None:
    assert (DOCS / "indicators.md").read_text("utf-8") == indicator_page(shipped_profiles())


def test_the_page_of_the_rule_language_lists_every_field() -> None:
    assert (DOCS / "rule-language.md").read_text("utf-8").endswith(field_tables())


def test_the_example_of_the_page_of_the_rule_language_is_a_rule() -> None:
    text = (DOCS / "rule-language.md").read_text("utf-8")
    assert parse_rule(text.split("```")[1].strip(), scopes()).quantifiers


def test_a_field_stands_once_in_the_catalogue_and_says_what_it_is() -> None:
    names = [spec.qualified for spec in FIELDS]
    assert len(set(names)) == len(names)
    assert all(spec.sentence and spec.sentence[-1] != "." for spec in FIELDS)
