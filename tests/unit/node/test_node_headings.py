"""Declarations whose description does not fit their heading, from a table to findings that tell why."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from pratique.cli.main import app
from pratique.node.learning.headings import described_rows, read_headings, unfitting
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.sentences import is_whole, sentence

GOODS = {
    "610910": "cotton t-shirts",
    "847130": "laptop computers",
    "851713": "mobile phones",
    "950300": "plastic toys",
}
COLOURS = (
    "red",
    "blue",
    "green",
    "black",
    "white",
    "small",
    "large",
    "new",
    "branded",
    "boxed",
    "used",
    "fine",
    "cheap",
)


def table(rows: list[tuple[str, str]]) -> pl.DataFrame:
    """Declarations of a description and a code each."""
    return pl.DataFrame(
        {
            "consignment": [f"D{place:05}" for place in range(len(rows))],
            "lodged_on": [date(2026, 1, 5)] * len(rows),
            "importer": ["I1"] * len(rows),
            "hs6": [code for _, code in rows],
            "description": [text for text, _ in rows],
        }
    )


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("headings")
    rows = [(f"{colour} {words}", code) for code, words in GOODS.items() for colour in COLOURS for _ in range(5)]
    table(rows).write_parquet(folder / "early.parquet")
    pl.DataFrame({"description": ["goods", "gift", "items", "sample"]}).write_csv(folder / "vague.csv")
    asked = ["model", "headings", str(folder / "early.parquet"), "-o", str(folder / "words.headings")]
    done = CliRunner().invoke(app, [*asked, "--vague", str(folder / "vague.csv"), "--json"])
    assert done.exit_code == 0, done.output
    return folder / "words.headings"


def test_goods_declared_under_another_heading_are_told_with_how_many_say_so(learned: Path, tmp_path: Path) -> None:
    late = [("Laptop computers", "950300"), ("laptop computers", "847130"), ("unheard of things", "950300")]
    table(late).write_parquet(tmp_path / "late.parquet")
    rows = described_rows(tmp_path / "late.parquet", None)
    found = unfitting(read_headings(learned), rows)
    assert found.select("consignment", "declared", "usual", "under").rows() == [("D00000", "9503", "8471", 0)]
    told = found.to_dicts()[0]
    assert told["like"] == told["usual_rows"] == 5 * len(COLOURS)
    for language in ("en", "fr", "es", "ar"):
        assert is_whole(told["code"], told, language)
    assert sentence(told["code"], told) == (
        "Declared under heading 9503: of 65 such descriptions 0 were under it, 65 under 8471."
    )


def test_the_table_of_findings_is_written_and_a_file_that_is_another_is_refused(learned: Path, tmp_path: Path) -> None:
    table([("=laptop computers", "950300")]).write_parquet(tmp_path / "late.parquet")
    asked = ["model", "described", str(tmp_path / "late.parquet"), "--headings", str(learned)]
    done = CliRunner().invoke(app, [*asked, "-o", str(tmp_path / "found.csv")])
    assert done.exit_code == 0, done.output
    assert pl.read_csv(tmp_path / "found.csv")["description"].to_list() == ["'=laptop computers"]
    with pytest.raises(PratiqueError) as caught:
        read_headings(learned, "0" * 64)
    assert caught.value.code == "model.headings_changed"


def test_a_table_without_descriptions_is_refused(tmp_path: Path) -> None:
    table([("laptop computers", "950300")]).drop("description").write_parquet(tmp_path / "late.parquet")
    with pytest.raises(PratiqueError) as caught:
        described_rows(tmp_path / "late.parquet", None)
    assert caught.value.code == "model.descriptions_missing"
