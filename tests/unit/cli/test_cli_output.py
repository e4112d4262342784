"""What people see is safe to show and in the units they use."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from pratique.cli.consignments import evidence_lines
from pratique.cli.export import harmless, unformula
from pratique.cli.findings import finding_lines
from pratique.cli.output import plain, safe, say, shown
from pratique.cli.texts import text_of
from pratique.cli.units import counted, for_people
from pratique.vocabulary.errors import PratiqueError
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
        ("freight_permille_of_value", 1527, {}, ("freight of value", "152.7 %")),
        ("gross_goods_g", 500, {}, ("gross goods", "0.5 kg")),
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


def test_a_line_break_in_a_name_cannot_begin_a_line_of_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    say("B1\n    2  red      99  [bold]FORGED[/bold]\x1b[2J\x9b")
    assert capsys.readouterr().out == "B1�    2  red      99  [bold]FORGED[/bold]�[2J�\n"


def test_cells_of_a_csv_hold_no_formula_and_no_control_characters() -> None:
    assert harmless("=1\x1b[2J") == "'=1�[2J"
    assert harmless(7) == 7


def test_a_text_is_read_whole_or_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfid: a")
    assert text_of(tmp_path / "a", most_bytes=9) == "id: a"
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    os.mkfifo(tmp_path / "pipe")
    for name, most, code in (
        ("a", 7, "input.too_long"),
        ("latin", 9, "input.not_text"),
        ("pipe", 9, "node.no_regular_file"),
        ("none", 9, "node.file_not_readable"),
    ):
        with pytest.raises(PratiqueError) as refused:
            text_of(tmp_path / name, most_bytes=most)
        assert refused.value.code == code


def test_evidence_tells_money_in_the_currency_beside_it_and_lists_as_words() -> None:
    found = [
        {"field": "goods.unit_value_minor", "value": 16, "place": "item 1"},
        {"field": "goods.unit_value_currency", "value": "USD", "place": "item 1"},
        {"field": "goods.code_themes", "value": ["waste", "used"], "place": "item 1"},
        {"field": "freight_currency", "value": "EUR"},
    ]
    assert evidence_lines("value.low", found) == [
        ("value.low", "goods.unit_value_minor", "0.16 USD", "item 1"),
        ("value.low", "goods.code_themes", "waste; used", "item 1"),
        ("value.low", "freight_currency", "EUR", None),
    ]


@pytest.mark.parametrize(("count", "told"), [(0, "0 list hits"), (1, "1 list hit"), (2_000, "2,000 list hits")])
def test_one_of_a_thing_is_not_told_as_many(count: int, told: str) -> None:
    assert counted(count, "list hit") == told
