"""Watchlists and tables on a node: versions, swapped in whole or not at all."""

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from nodes import ANNA, NOON, new_node, open_node, write_own_list
from pratique.flow.screening import screener
from pratique.node import Node, plugins
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.list_indexes import RebuildList
from pratique.node.handlers.lists import ListLists, LoadList
from pratique.node.handlers.locations import LoadLocations
from pratique.node.handlers.rates import LoadRates
from pratique.node.handlers.screening import ScreenNames
from pratique.node.handlers.settings import ChangeSetting
from pratique.node.handlers.tables import ListTables
from pratique.node.hits.due import due_from, overdue_lists
from pratique.node.hits.name_table import COLUMNS
from pratique.node.settings import Settings
from pratique.node.storage.versions import ListVersion
from pratique.vocabulary.errors import Category, PratiqueError


def in_force(node: Node) -> list[str]:
    return [shown.version.digest for shown in node.ask(ListLists(only_in_force=True), actor=ANNA)]


def test_each_load_is_a_version_and_the_newest_is_in_force(tmp_path: Path) -> None:
    first, second = (
        write_own_list(tmp_path / f"{name}.csv", name) for name in ("EASTBANK SHIPPING", "WESTBANK TRADING")
    )
    with new_node(tmp_path / "node") as node:
        versions = [node.execute(LoadList("own", (path,)), actor=ANNA).version for path in (first, second)]
        assert in_force(node) == [versions[1].digest]
        assert [shown.in_force for shown in node.ask(ListLists(), actor=ANNA)] == [False, True]
        assert (tmp_path / "node" / "lists" / versions[0].digest).is_dir()


def test_broken_file_leaves_the_version_in_force_and_no_entry(tmp_path: Path) -> None:
    good = write_own_list(tmp_path / "good.csv", "EASTBANK SHIPPING")
    half = tmp_path / "half.csv"
    half.write_text("id,name\n1,EASTBANK SHIPPING\n", encoding="utf-8")
    with new_node(tmp_path / "node") as node:
        version = node.execute(LoadList("own", (good,)), actor=ANNA).version
        before = len(node.ask(ReadJournal(), actor=ANNA))
        with pytest.raises(PratiqueError) as refused:
            node.execute(LoadList("own", (half,)), actor=ANNA)
        assert refused.value.category is Category.REJECTED
        assert "in force" in refused.value.kept
        assert in_force(node) == [version.digest]
        assert len(node.ask(ReadJournal(), actor=ANNA)) == before
        assert sum(path.is_file() for path in (tmp_path / "node" / "blobs").rglob("*")) == 1


def test_two_lists_of_one_source_stand_side_by_side(tmp_path: Path) -> None:
    path = write_own_list(tmp_path / "own.csv", "EASTBANK SHIPPING")
    with new_node(tmp_path / "node") as node:
        for list_id in (None, "own-north"):
            node.execute(LoadList("own", (path,), list_id), actor=ANNA)
        assert len(in_force(node)) == 2
        with pytest.raises(PratiqueError) as refused:
            node.execute(LoadList("own", (path,), "../own"), actor=ANNA)
        assert refused.value.code == "lists.bad_id"


def test_unknown_source_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node, pytest.raises(PratiqueError) as refused:
        node.execute(LoadList("sourceforge", (tmp_path,)), actor=ANNA)
    assert refused.value.category is Category.NOT_FOUND
    assert "ofac" in refused.value.todo


def test_list_is_overdue_after_its_due_days_and_not_a_moment_before(tmp_path: Path) -> None:
    path = write_own_list(tmp_path / "own.csv", "EASTBANK SHIPPING")
    with new_node(tmp_path / "node") as node:
        node.execute(LoadList("own", (path,)), actor=ANNA)
        node.execute(ChangeSetting("list_due_days.own", "3"), actor=ANNA)
    for moment, overdue in ((NOON + timedelta(days=3), False), (NOON + timedelta(days=3, seconds=1), True)):
        with open_node(tmp_path / "node", moment=moment) as node:
            assert [shown.overdue for shown in node.ask(ListLists(), actor=ANNA)] == [overdue]


def test_age_of_a_list_counts_from_its_own_date_where_it_has_one() -> None:
    version = ListVersion(1, "ofac", "ofac", "d", "2026-09-01", "{}", "[]", "2026-10-05T12:00:00.000000Z", "local:anna")
    assert due_from(version).date().isoformat() == "2026-09-01"
    (finding,) = overdue_lists([version], Settings.of({}), NOON)
    assert finding.params == {"list_id": "ofac", "dated": "2026-09-01", "days": 34, "due_days": 7}


def test_rates_and_locations_are_versions_and_a_broken_file_changes_nothing(tmp_path: Path) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text("currency,date,rate\nUSD,2026-10-01,0.91\nXXQ,2026-10-01,1\n", encoding="utf-8")
    places = tmp_path / "places.csv"
    places.write_text('"",KE,,".KENYA",,,,,,,,\n"",KE,MBA,"Mombasa","Mombasa",,"1-3-----",AI,0401,,0403S 03940E,\n')
    with new_node(tmp_path / "node") as node:
        loaded = node.execute(LoadRates(rates), actor=ANNA)
        assert loaded.findings.height == 1
        node.execute(LoadLocations((places,)), actor=ANNA)
        before = node.ask(ListTables(), actor=ANNA)
        assert [version.kind for version in before] == ["locations", "rates"]
        rates.write_text("nothing", encoding="utf-8")
        with pytest.raises(PratiqueError):
            node.execute(LoadRates(rates), actor=ANNA)
        assert node.ask(ListTables(), actor=ANNA) == before


def test_a_list_that_an_older_program_indexed_is_built_again_at_its_first_use_and_stays_in_force_till_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_own_list(tmp_path / "own.csv", "EASTBANK SHIPPING")
    with new_node(tmp_path / "node") as node:
        with monkeypatch.context() as older:  # a program of another form, and so of other code
            older.setattr(screener, "FORM", 1)
            older.setattr(plugins, "code_facts", lambda: {"sha256": "of then"})
            was = node.execute(LoadList("own", (path,)), actor=ANNA).version
        path.unlink()  # what was handed in is kept
        assert in_force(node) == [was.digest]
        assert doctored(node) == "warn"
        named = {"id": "1", "name": "EASTBANK SHIPPING", "kind": "organisation"}
        names = pl.DataFrame([named], schema=dict.fromkeys(COLUMNS, pl.String))
        assert node.ask(ScreenNames(names), actor=ANNA).hits.height == 1
        (now,) = node.ask(ListLists(only_in_force=True), actor=ANNA)
        assert (now.version.digest != was.digest, now.version.list_date) == (True, was.list_date)
        last = node.ask(ReadJournal(), actor=ANNA)[-1]
        assert (last.entry, last.actor) == ("lists.rebuilt", "local:program")
        assert (doctored(node), doctored(node, "list_changes"), doctored(node, "files")) == ("ok", "ok", "ok")
        with pytest.raises(PratiqueError) as refused:
            node.execute(RebuildList("own"), actor=ANNA)
        assert refused.value.code == "lists.index_current"


def doctored(node: Node, name: str = "list_indexes") -> str:
    return next(each.state for each in node.ask(Doctor(), actor=ANNA) if each.name == name)
