"""The check that acts on control lists, approvals and selections are what the journal says of them."""

from __future__ import annotations

from typing import Any, Final

from pratique.node.acts import View
from pratique.node.checking.check import Check, judged
from pratique.node.checking.rows import Rows, different, said_commands
from pratique.node.controls.rows import ControlRow, row_digest
from pratique.node.storage.approvals import approvals_of
from pratique.node.storage.control_acts import acts_of_run
from pratique.node.storage.runs import runs
from pratique.node.storage.selections import selections_of

MADE: Final = {
    "control.selected": "act",
    "control.waived": "act",
    "control.overridden": "act",
    "control.approved": "approval",
    "control.capacity_changed": "selection",
}


def control_rows(view: View) -> Check:
    """Each is the one that was made, and undone only by the entry that the journal says; those of cleared runs went."""
    said: dict[tuple[str, int], str] = {}
    undone: dict[int, int] = {}
    cleared: set[str] = set()
    of_run: dict[tuple[str, int], str] = {}
    for entry, command in said_commands(view):
        if entry.entry in MADE:
            key = (MADE[entry.entry], entry.seq)
            said[key], of_run[key] = command["row"], command["run"]
        elif entry.entry == "control.undone":
            undone[command["act"]] = entry.seq
        elif entry.entry == "cargo.cleared":
            cleared |= set(command["runs"])
    expected: Rows = {key: (row, undone.get(key[1])) for key, row in said.items() if of_run[key] not in cleared}
    now: Rows = dict(_rows(view))
    faults = different(expected, now, named=lambda key: f"{key[0]} {key[1]}")
    return judged("control_rows", faults, seen=str(len(now)))


def _rows(view: View) -> list[tuple[tuple[str, int], tuple[Any, ...]]]:
    found: list[tuple[str, ControlRow]] = []
    for run in runs(view.connection):
        found += [("act", each) for each in acts_of_run(view.connection, run.seq)]
        found += [("approval", each) for each in approvals_of(view.connection, run.seq).values()]
        found += [("selection", each) for each in selections_of(view.connection, run.seq)]
    return [((kind, row.seq), (row_digest(row), getattr(row, "undone_seq", None))) for kind, row in found]
