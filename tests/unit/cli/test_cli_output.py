"""What people see is safe to show and in the units they use."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from pratique.cli.export import unformula
from pratique.cli.findings import finding_lines
from pratique.cli.output import plain, safe, shown
from pratique.cli.units import for_people
from pratique.vocabulary.findings import Finding


@dataclass(frozen=True)
class Record:
    at: datetime
    path: Path
    rows: pl.DataFrame


def test_control_characters_from_outside_cannot_rewrite_the_screen() -> None:
    assert safe("a\x1b[2Jb\x07\r‮") == "a�[2Jb���"
    assert shown("two\nlines") == "two\nlines"


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "yes"), (1234567, "1,234,567"), (datetime(2026, 3, 2, 6, 30, tzinfo=UTC), "2026-03-02 06:30")],
)
def test_cells_are_shown_as_people_read_them(value: object, text: str) -> None:
    assert shown(value) == text


def test_records_become_plain_json() -> None:
    record = Record(datetime(2026, 3, 2, tzinfo=UTC), Path("a"), pl.DataFrame({"x": [1]}))
    assert plain(record) == {"at": "2026-03-02T00:00:00Z", "path": "a", "rows": [{"x": 1}]}


@pytest.mark.parametrize(
    ("name", "value", "beside", "expected"),
    [
        ("gross_mass_g", 1_234_500, {}, ("gross mass", "1,234.5 kg")),
        ("volume_dm3", 52_100, {}, ("volume", "52.1 m³")),
        ("customs_value_minor", 123_450, {"customs_value_currency": "EUR"}, ("customs value", "1,234.50 EUR")),
        ("temperature_milli_c", -18_000, {}, ("temperature", "-18 °C")),
        ("score_permille", 987, {}, ("score", "98.7 %")),
        ("package_count", 1200, {}, ("package count", 1200)),
        ("equipment_id_valid", True, {}, ("equipment id valid", True)),
    ],
)
def test_figures_come_in_the_units_of_people(name: str, value: int, beside: dict[str, str], expected: object) -> None:
    assert for_people(name, value, beside) == expected


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_formula_is_disarmed_for_spreadsheets(text: str) -> None:
    assert unformula(text) == "'" + text


def test_numbers_and_names_stay_as_they_are() -> None:
    assert [unformula(value) for value in (-1, 2.5, None, "BETA LTD")] == [-1, 2.5, None, "BETA LTD"]


def test_findings_are_told_by_rule_the_most_serious_first() -> None:
    findings = [Finding("container.check_digit", "segment 4", params={"value": "X"})] * 3
    findings.append(Finding("edi.segment_count_differs", "segment 9", "error"))
    lines = list(finding_lines(findings))
    assert [line.split()[0] for line in lines] == ["error", "warning"]
    assert "3 x container.check_digit" in lines[1]
    assert "(segment 4)" in lines[1]
