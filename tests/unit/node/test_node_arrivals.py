"""Arrivals: which ships are told, with which figures, out of which run."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from control_lists import SHIPS, assessed, write_ships
from nodes import ANNA, NOON, new_node, open_node, write_manifest
from pratique.node import Node
from pratique.node.handlers.arrivals import Arrivals, ListArrivals
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.settings import ChangeSetting
from pratique.node.storage.store import Store, sqlite_url

pytestmark = pytest.mark.long


def arrivals(node: Node, hours: int | None = 36) -> Arrivals:
    return node.ask(ListArrivals(hours), actor=ANNA)


def test_ships_stand_in_order_of_arrival_with_their_boxes_by_kind(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        run = assessed(node, tmp_path)
        first, second = arrivals(node, None).calls
    assert [(each.call.vessel, each.call.voyage) for each in (first, second)] == [
        (name, voyage) for name, _, voyage, _ in SHIPS
    ]
    assert (first.call.imo, first.call.arrival_location, first.call.from_locations) == ("9074729", "KEMBA", ("CNSHA",))
    assert first.call.arrives_at == datetime(2026, 10, 6, 8, 0, tzinfo=UTC)
    assert first.approve_by == datetime(2026, 10, 6, 6, 0, tzinfo=UTC)
    assert (first.boxes.imports, first.boxes.transhipments, first.boxes.exports, first.boxes.empties) == (2, 2, 1, 1)
    assert first.boxes.total == first.consignments == sum(first.histogram) == 6
    assert (first.hits, first.hits_open, second.hits) == (2, 2, 0)
    assert first.run.id == second.run.id == run
    assert first.readiness.manifest_version == 1


def test_only_ships_within_the_hours_are_told_and_the_others_are_counted(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        assessed(node, tmp_path)
        near = arrivals(node)
    assert [each.call.vessel for each in near.calls] == ["LADY SUNNIVA"]
    assert (near.earlier, near.later) == (0, 1)
    with open_node(tmp_path / "node", moment=NOON + timedelta(days=3)) as node:
        late = arrivals(node)
        assert [each.call.vessel for each in late.calls] == ["CORMORANT BAY"] or late.earlier == 2
        assert all(each.has_arrived for each in arrivals(node, None).calls)


def test_the_newest_run_that_covers_a_ship_speaks_for_it(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        assessed(node, tmp_path)
        again = node.execute(AssessMessages((tmp_path / "ships.csv",)), actor=ANNA).run.id
        assert {each.run.id for each in arrivals(node, None).calls} == {again}
        whole = write_ships(tmp_path / "whole.csv", reference="REF2", ships=(0,))
        newer = node.execute(AssessMessages((whole,)), actor=ANNA).run.id
        versions = {
            each.call.vessel: (each.run.id, each.readiness.manifest_version) for each in arrivals(node, None).calls
        }
        assert versions == {"LADY SUNNIVA": (newer, 2), "CORMORANT BAY": (again, 1)}


def test_an_amendment_of_a_few_bills_stands_beside_the_manifest(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        assessed(node, tmp_path)
        part = write_ships(tmp_path / "part.csv", bills=2, reference="REF2", ships=(0,))
        node.execute(AssessMessages((part,)), actor=ANNA)
        sunniva = [each for each in arrivals(node, None).calls if each.call.vessel == "LADY SUNNIVA"]
    assert sorted(each.consignments for each in sunniva) == [2, 6]


def test_a_message_without_a_ship_is_an_arrival_without_a_moment_and_comes_last(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        assessed(node, tmp_path)
        node.execute(AssessMessages((write_manifest(tmp_path / "manifest.csv"),)), actor=ANNA)
        last = arrivals(node, None).calls[-1]
    assert (last.call.vessel, last.call.arrives_at, last.approve_by, last.has_arrived) == (None, None, None, False)


def test_runs_made_before_calls_were_kept_are_told_the_same(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        assessed(node, tmp_path)
        kept = arrivals(node, None)
        store = Store(sqlite_url(node.folder.database))
        with store.writing() as connection:
            connection.execute(text("DELETE FROM call"))
        store.close()
        assert arrivals(node, None) == kept


def test_what_waits_names_the_list_to_approve_and_the_hits_to_compare(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        assessed(node, tmp_path)
        node.execute(ChangeSetting("approval_lead_hours", "5"), actor=ANNA)
        found = arrivals(node, None)
    waiting = [(item.kind, item.vessel, item.total) for item in found.waiting]
    assert ("hits", "LADY SUNNIVA", 2) in waiting
    assert {vessel for kind, vessel, _ in waiting if kind == "approve"} == {"LADY SUNNIVA", "CORMORANT BAY"}
    assert found.waiting[0].due_at == datetime(2026, 10, 6, 3, 0, tzinfo=UTC)
