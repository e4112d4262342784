"""The command line tells sentences, reasons and errors in the language that the node is set to."""

from pathlib import Path

import pytest
from run import pratique

from nodes import write_manifest, write_own_list

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node with one run over a list of names and bills that answer to them."""
    folder = tmp_path_factory.mktemp("port")
    pratique("init", cwd=folder)
    write_own_list(folder / "own.csv", "NORTHWIND EXPORT 1")
    pratique("lists", "load", "own", "own.csv", cwd=folder)
    write_manifest(folder / "manifest.csv", bills=3)
    pratique("assess", "manifest.csv", "--seed", "7", "--limit", "0", cwd=folder)
    return folder


def first_reason(folder: Path) -> str:
    row = pratique("queue", "--limit", "1", "--json", cwd=folder).json["rows"][0]
    explained = pratique("explain", row["consignment_id"], "--json", cwd=folder).json
    shown = pratique("explain", row["consignment_id"], cwd=folder).out
    sentence = explained["reasons"][0]["sentence"]
    assert row["reasons"][0]["sentence"] in {reason["sentence"] for reason in explained["reasons"]}
    assert "�" not in shown
    return str(sentence)


def test_reasons_and_errors_follow_the_setting(port: Path) -> None:
    english = first_reason(port)
    told = {"en": english}
    for language in ("fr", "es", "ar"):
        pratique("settings", "set", "language", language, cwd=port)
        told[language] = first_reason(port)
        refused = pratique("explain", "NOBODY", cwd=port, code=66)
        assert "No assessed consignment" not in refused.err
        assert "(consignments.not_found)" in refused.err
    assert len(set(told.values())) == 4
    assert "\u2068" in told["ar"]
    pratique("settings", "set", "language", "de", cwd=port)
    assert first_reason(port) == english


def test_the_doctor_speaks_the_language_of_the_node(tmp_path: Path) -> None:
    pratique("init", cwd=tmp_path)
    pratique("settings", "set", "language", "es", cwd=tmp_path)
    checks = {each["name"]: each for each in pratique("doctor", "--json", cwd=tmp_path).json["checks"]}
    assert checks["database"]["told"] == "La base de datos está íntegra."
    assert "lista" in checks["lists"]["todo"]
