"""Doctor compares acts, approvals and selections with the journal, row by row."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from control_lists import page, two_ships
from nodes import ANNA, BEN, copied, open_node
from pratique.node.handlers.approvals import ApproveControls
from pratique.node.handlers.capacity import ChangeCapacity
from pratique.node.handlers.control_list import OverrideDecision, WaiveConsignment
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.undoing import UndoAct


def worked(folder: Path) -> None:
    """Two ships, with an act that stands, one that was undone, another capacity and an approved list."""
    two_ships(folder)
    with open_node(folder / "node") as node:
        here = page(node).run.id
        node.execute(ChangeCapacity(here, {"open": 6, "scan": 6, "documents": 12}), actor=ANNA)
        placed = next(row for row in page(node).rows if row.control in ("open", "scan", "documents"))
        waived = node.execute(WaiveConsignment(here, placed.consignment_id, "documents_suffice", "seen"), actor=BEN)
        node.execute(UndoAct(waived.act.seq), actor=BEN)
        node.execute(OverrideDecision(here, placed.consignment_id, "audit", "own_knowledge", "a note"), actor=BEN)
        call = next(row.call_id for row in page(node).rows if row.call_id)
        seen = page(node, call=call)
        node.execute(ApproveControls(here, call, seen.list_sha256), actor=ANNA)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(worked, tmp_path) / "node"


def told(folder: Path) -> str:
    """What the check found; empty where all is well."""
    with open_node(folder) as node:
        (check,) = [each for each in node.ask(Doctor(), actor=ANNA) if each.name == "control_rows"]
    return "" if check.state == "ok" else check.told


def test_acts_approvals_and_capacities_as_they_were_made_are_no_fault(folder: Path) -> None:
    assert told(folder) == ""
    with sqlite3.connect(folder / "pratique.db") as connection:
        counts = [connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in TABLES]
    connection.close()
    assert counts == [2, 1, 1]


TABLES = ("control_act", "approval", "selection")


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE control_act SET control = 'none' WHERE kind = 'overridden'", "act"),
        ("UPDATE control_act SET note = 'another' WHERE kind = 'overridden'", "act"),
        ("UPDATE control_act SET by = 'local:nobody' WHERE kind = 'waived'", "act"),
        ("UPDATE control_act SET undone_seq = NULL WHERE kind = 'waived'", "act"),
        ("UPDATE control_act SET undone_seq = 1 WHERE kind = 'overridden'", "act"),
        ("DELETE FROM control_act WHERE kind = 'overridden'", "act"),
        ("UPDATE approval SET by = 'local:nobody'", "approval"),
        ("UPDATE approval SET control_count = 0", "approval"),
        ("DELETE FROM approval", "approval"),
        ("UPDATE selection SET capacity = '{}'", "selection"),
        ("UPDATE selection SET undone_seq = 1", "selection"),
        ("DELETE FROM selection", "selection"),
    ],
)
def test_what_somebody_changed_behind_the_node_is_named(folder: Path, statement: str, fault: str) -> None:
    with sqlite3.connect(folder / "pratique.db") as connection:
        assert connection.execute(statement).rowcount > 0
    connection.close()
    assert f"{fault} " in told(folder)
