"""Files for measuring have exactly the size that was asked for."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from pratique_world import bench, write_manifest, write_watchlist


def test_a_manifest_has_exactly_so_many_consignments(tmp_path: Path) -> None:
    for count in (1, 2, 137):
        write_manifest(tmp_path / "m.edi", consignments=count, seed=1)
        text = (tmp_path / "m.edi").read_text(encoding="ascii")
        assert len(re.findall(r"'CNI\+", text)) == count
        assert f"'CNT+10:{count}'" in text


def test_a_manifest_can_be_written_as_xml_and_as_a_table(tmp_path: Path) -> None:
    write_manifest(tmp_path / "m.xml", consignments=60, seed=1, format="awmds")
    assert (tmp_path / "m.xml").read_text(encoding="utf-8").count("<Bol_segment>") == 60
    write_manifest(tmp_path / "m.csv", consignments=60, seed=1, format="table")
    with (tmp_path / "m.csv").open(encoding="utf-8", newline="") as file:
        assert len({row["bill_number"] for row in csv.DictReader(file)}) == 60


def test_a_manifest_that_is_too_long_for_one_message_comes_in_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "BILLS_PER_MESSAGE", 40)
    write_manifest(tmp_path / "m.edi", consignments=100, seed=1)
    text = (tmp_path / "m.edi").read_text(encoding="ascii")
    assert re.findall(r"'CNT\+10:(\d+)'", text) == ["40", "40", "20"]
    assert re.findall(r"'UNE\+(\d+)\+", text) == ["3"]


def test_a_manifest_is_refused_for_a_count_or_a_format_that_is_not_known(tmp_path: Path) -> None:
    for count in (0, -3, 100_001):
        with pytest.raises(ValueError, match="consignments must be from 1 to 100,000"):
            write_manifest(tmp_path / "m.edi", consignments=count, seed=1)
    with pytest.raises(ValueError, match="format must be one of"):
        write_manifest(tmp_path / "m.edi", consignments=1, seed=1, format="paper")
    assert not (tmp_path / "m.edi").exists()


def test_names_repeat_as_in_life(tmp_path: Path) -> None:
    write_manifest(tmp_path / "m.edi", consignments=3000, seed=1)
    names = re.findall(r"NAD\+(?:CZ|CN)\+[^+]*\+\+([^+']*)", (tmp_path / "m.edi").read_text(encoding="ascii"))
    assert len(names) == 6000
    assert 1500 < len(set(names)) < 4000


def test_a_watchlist_has_exactly_so_many_names_and_some_of_the_economy(tmp_path: Path) -> None:
    write_watchlist(tmp_path / "w.csv", names=1500, seed=1)
    write_watchlist(tmp_path / "again.csv", names=1500, seed=1)
    with (tmp_path / "w.csv").open(encoding="utf-8", newline="") as file:
        entries = list(csv.DictReader(file))
    assert len(entries) == 1500
    assert all(entry["id"] and entry["name"] and entry["kind"] in {"person", "organisation"} for entry in entries)
    assert (tmp_path / "w.csv").read_bytes() == (tmp_path / "again.csv").read_bytes()
    with pytest.raises(ValueError, match="at least 1"):
        write_watchlist(tmp_path / "none.csv", names=0, seed=1)
