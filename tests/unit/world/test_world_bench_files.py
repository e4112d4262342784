"""Files for measuring have exactly the size that was asked for."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from pratique_world import bench, write_manifest, write_watchlist
from pratique_world.economy import build_economy
from pratique_world.listed import listed_names
from pratique_world.stock import stock
from pratique_world.tables import cultures

pytestmark = pytest.mark.soak  # of the benchmarks' own input, which no node reads


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
    assert all(
        entry["id"] and entry["name"] and entry["kind"] in {"person", "organisation", "vessel"} for entry in entries
    )
    assert (tmp_path / "w.csv").read_bytes() == (tmp_path / "again.csv").read_bytes()
    with pytest.raises(ValueError, match="at least 1"):
        write_watchlist(tmp_path / "none.csv", names=0, seed=1)


def listed(path: Path, kind: str) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [entry["name"] for entry in csv.DictReader(file) if entry["kind"] == kind]


def test_a_watchlist_names_most_words_once_and_hardly_anybody_twice(tmp_path: Path) -> None:
    write_watchlist(tmp_path / "w.csv", names=8000, seed=1)
    for kind in ("person", "organisation"):
        names = listed(tmp_path / "w.csv", kind)
        words = Counter(word for name in names for word in set(name.split()))
        assert sum(count == 1 for count in words.values()) > len(words) / 2
        assert max(words.values()) < len(names) / 5  # AL, LTD
        assert len(set(names)) > 0.97 * len(names)
    assert len(listed(tmp_path / "w.csv", "vessel")) == 400


def test_a_watchlist_shares_few_whole_names_with_the_traffic_and_two_in_a_thousand_respelled(tmp_path: Path) -> None:
    write_watchlist(tmp_path / "w.csv", names=10_000, seed=1)
    economy = build_economy(np.random.default_rng([1, 1]))
    traders = {trader.name for relation in economy.relations for trader in (relation.importer, relation.exporter)}
    names = listed(tmp_path / "w.csv", "person") + listed(tmp_path / "w.csv", "organisation")
    assert sum(name in traders for name in names) < 0.005 * len(names)
    plain = listed_names(np.random.default_rng([1, 3]), 9_500)
    replaced = [name for name in names if name not in {entry.name for entry in plain}]
    assert 18 <= len(replaced) <= 20
    assert all(process.extractOne(name, traders, scorer=fuzz.ratio, score_cutoff=75) for name in replaced)


def test_the_words_of_trade_and_of_watchlists_are_built_apart() -> None:
    for culture in cultures():
        trade, lists = stock(culture, "trade"), stock(culture, "lists")
        assert trade.given == lists.given
        assert not set(trade.coins) & set(lists.coins)
        assert set(trade.surnames) & set(lists.surnames) == set(trade.culture.surnames)
        assert len(trade.coins) > 1000
