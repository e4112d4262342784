"""An officer screens a table of names on the command line and hands the hits on."""

import csv
import json
from pathlib import Path

import polars as pl
import pytest
from run import pratique

pytestmark = pytest.mark.long

OWN = """id,name,kind,aliases,country,birth_date,identifiers,programme,remarks
1,=ZARKARI MARITIME HOLDING,organisation,,AE,,,TRADE,
2,KATIM RASIM AL HUMAIDI,person,,IQ,1970,,TEST,
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("screen")
    (place / "own.csv").write_text(OWN, encoding="utf-8")
    (place / "asked.csv").write_text(
        "id,name,kind,birth_date\n7,=ZARKARI MARITIME HOLDING,organisation,\n8,ORDINARY TRADING,organisation,\n"
        "9,KATIM RASIM AL HUMAIDI,person,1999\n",
        encoding="utf-8",
    )
    pratique("init", cwd=place)
    pratique("lists", "load", "own", "own.csv", cwd=place)
    return place


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_one_name_is_answered_with_its_reasons(folder: Path) -> None:
    told = pratique("screen", "--name", "Katim R. Al Humaidi", "--kind", "person", cwd=folder).out
    assert "KATIM RASIM AL HUMAIDI" in told
    assert "as far as the initial goes" in told
    assert "in 1,000 ordinary names alert" in told


@pytest.mark.parametrize("name", ["hits.csv", "hits.json", "hits.parquet", "hits.ftm.json"])
def test_hits_of_a_table_are_written_as_the_name_of_the_file_says(folder: Path, name: str) -> None:
    told = pratique("screen", "asked.csv", "-o", name, "--json", cwd=folder).json
    assert told["counts"] == {"names": 3, "without_name_or_number": 0, "hits": 2}
    read = {
        "hits.csv": lambda path: rows_of(path),
        "hits.json": lambda path: json.loads(path.read_text())["hits"],
        "hits.parquet": lambda path: pl.read_parquet(path).to_dicts(),
        "hits.ftm.json": lambda path: [json.loads(line)["query"] for line in path.read_text().splitlines()],
    }
    assert [hit["id"] for hit in read[name](folder / name)] == ["7", "9"]
    assert not (folder / f"{name}.part").exists()


def test_a_name_that_a_spreadsheet_would_run_stays_text(folder: Path) -> None:
    pratique("screen", "asked.csv", "-o", "safe.csv", cwd=folder)
    (first, _) = rows_of(folder / "safe.csv")
    assert first["name"].startswith("'=")
    assert first["listed_name"].startswith("'=")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("asked.csv", "--exit-code"), 3),
        (("--name", "ORDINARY TRADING", "--exit-code"), 0),
        (("missing.csv",), 66),
        (("asked.csv", "--list", "nowhere"), 66),
        (("asked.csv", "--name", "both"), 65),
        (("asked.csv", "-o", "hits.docx"), 65),
        (("asked.csv", "--format", "csv"), 65),
        (("--name", "A", "--kind", "nobody"), 65),
        (("own.csv", "--budget", "2000"), 65),
    ],
)
def test_exit_codes_mean_something(folder: Path, words: tuple[str, ...], code: int) -> None:
    ended = pratique("screen", *words, cwd=folder, code=code)
    assert "Traceback" not in ended.err
