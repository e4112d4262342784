"""Checks that rows are what the journal says of them: whoever edits a row behind the node's back is seen.

The journal holds digests and names, so each check computes from the entries what the rows must be, and compares.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Set
from typing import Any, Final

from pratique.node import demonstration
from pratique.node.acts import View
from pratique.node.canonical import digest
from pratique.node.checking.check import Check, judged
from pratique.node.runs.rows import stored_digests
from pratique.node.runs.store import journal_outcome
from pratique.node.storage import journal
from pratique.node.storage.journal import JournalEntry
from pratique.node.storage.profiles import SHIPPED_BY, stored_profiles
from pratique.node.storage.runs import StoredRun
from pratique.node.storage.runs import runs as stored_runs
from pratique.node.storage.settings import facts, setting_rows
from pratique.node.storage.versions import all_lists, all_tables, row_digest

LOADS: Final = {
    "lists.loaded": "list",
    "lists.rebuilt": "list",
    "rates.loaded": "table",
    "locations.loaded": "table",
    "traffic.counted": "table",
}
SAID: Final[Mapping[str, Set[str]]] = {  # what the command of an entry must say to be of use here
    "node.founded": {"node", "version", "profiles", demonstration.FACT},
    "settings.changed": {"name", "value"},
    "profiles.adopted": {"profiles"},
    "profiles.drafted": {"profile", "version", "sha256"},
    "profiles.activated": {"profile", "version"},
    "profiles.retired": {"profile"},
    "hits.answered": {"row"},
    "control.undone": {"act", "kind"},
    "cargo.cleared": {"before", "runs"},
    "control.selected": {"run", "row"},
    "control.waived": {"run", "row"},
    "control.overridden": {"run", "row"},
    "control.approved": {"run", "row"},
    "control.capacity_changed": {"run", "row"},
    **dict.fromkeys(LOADS, frozenset({"row"})),
}
_PROFILE: Final = ("sha256", "author", "drafted_at", "activated_by", "activated_at", "retired_by", "retired_at")
Rows = dict[tuple[Any, ...], tuple[Any, ...]]


def runs(view: View) -> Check:
    """Every run is what the journal says that it was, and every run of the journal is there."""
    kept = {each.seq: each for each in journal.entries(view.connection)}
    found = stored_runs(view.connection)
    faults = [run.id for run in found if not _as_journalled(run, kept.get(run.seq))]
    there = {run.seq for run in found}
    said = {entry.seq: command["run"] for entry, command in said_commands(view) if _made_a_run(entry, command)}
    faults += [f"{run} missing" for seq, run in said.items() if seq not in there]
    return judged("runs", faults, seen=str(len(found)))


def run_rows(view: View) -> Check:
    """The decisions, hits, consignments and messages of every run are those that were stored with it."""
    faults = []
    found = {run.seq: run for run in stored_runs(view.connection)}
    before = cleared_before(view)
    for entry, command in said_commands(view):
        if _made_a_run(entry, command) and entry.seq in found and entry.at >= before:
            said, now = command.get("rows", {}), stored_digests(view.connection, entry.seq)
            faults += [f"{name} of run {found[entry.seq].id}" for name in now if now[name] != said.get(name)]
    return judged("run_rows", faults, seen=str(len(found)))


def settings(view: View) -> Check:
    """Every setting has the value that was last given to it, by the person and at the moment the journal says."""
    said: Rows = {}
    for entry, command in said_commands(view):
        if entry.entry == "node.founded":
            born = {"node_id": command["node"], "founded_at": entry.at, "founded_with": command["version"]}
            born[demonstration.FACT] = command[demonstration.FACT]
            said |= {("node", name): (value,) for name, value in born.items()}
        if entry.entry == "settings.changed":
            said["setting", command["name"]] = (command["value"], entry.at, entry.actor)
    now: Rows = {("node", name): (value,) for name, value in facts(view.connection).items()}
    now |= {("setting", row[0]): row[1:] for row in setting_rows(view.connection)}
    return judged("settings", different(said, now, named=lambda key: str(key[1])), seen=str(len(now)))


def profile_states(view: View) -> Check:
    """Every version of every profile was drafted, activated and retired by whom and when the journal says."""
    said: dict[tuple[str, int], dict[str, Any]] = {}
    for entry, command in said_commands(view):
        _note_profiles(said, entry, command)
    expected: Rows = {key: tuple(row.get(name) for name in _PROFILE) for key, row in said.items()}
    now: Rows = {
        (each.id, each.version): tuple(getattr(each, name) for name in _PROFILE)
        for each in stored_profiles(view.connection)
    }
    faults = different(expected, now, named=lambda key: f"{key[0]} version {key[1]}")
    return judged("profile_states", faults, seen=str(len(now)))


def versions(view: View) -> Check:
    """Every version of a watchlist or table is one that the journal says was loaded, in that order."""
    said: dict[str, list[str]] = {"list": [], "table": []}
    for entry, command in said_commands(view):
        if entry.entry in LOADS:
            said[LOADS[entry.entry]].append(command["row"])
    expected: Rows = {(kind, number): (row,) for kind, rows in said.items() for number, row in enumerate(rows, start=1)}
    now: Rows = {("list", each.seq): (row_digest(each),) for each in all_lists(view.connection)}
    now |= {("table", each.seq): (row_digest(each),) for each in all_tables(view.connection)}
    return judged("versions", different(expected, now, named=lambda key: f"{key[0]} {key[1]}"), seen=str(len(now)))


def cleared_before(view: View) -> str:
    """The moment before which the journal says that cargo data was erased; empty where none ever was."""
    cleared = [command["before"] for entry, command in said_commands(view) if entry.entry == "cargo.cleared"]
    return max(cleared, default="")


def _as_journalled(run: StoredRun, entry: JournalEntry | None) -> bool:
    same_manifest = hashlib.sha256(run.manifest.encode()).hexdigest() == run.manifest_sha256
    if entry is None or not same_manifest or entry.result_sha256 != digest(journal_outcome(run)):
        return False
    named = json.loads(entry.command)
    said = (named.get("run"), named.get("manifest"), entry.at, entry.actor)
    return said == (run.id, run.manifest_sha256, run.at, run.actor)


def _made_a_run(entry: JournalEntry, command: Mapping[str, Any]) -> bool:
    """An assessment of which everything was quarantined made none."""
    return entry.entry == "messages.assessed" and "run" in command


def _note_profiles(
    said: dict[tuple[str, int], dict[str, Any]], entry: JournalEntry, command: Mapping[str, Any]
) -> None:
    """Brings what ``said`` has of every version of a profile up to date with one entry."""
    done = {"by": entry.actor, "at": entry.at}
    if entry.entry in ("node.founded", "profiles.adopted"):
        for profile_id, sha256 in command["profiles"].items():
            said[profile_id, 1] = _drafted(sha256, SHIPPED_BY, entry.at) | _stamped("activated", **done)
    elif entry.entry == "profiles.drafted":
        said[command["profile"], command["version"]] = _drafted(command["sha256"], entry.actor, entry.at)
    elif entry.entry in ("profiles.activated", "profiles.retired"):
        for (profile_id, _), row in said.items():
            if profile_id == command["profile"] and row.get("activated_at") and not row.get("retired_at"):
                row |= _stamped("retired", **done)
    if entry.entry == "profiles.activated":
        chosen = said.setdefault((command["profile"], command["version"]), {})
        chosen |= _stamped("activated", **done)


def _drafted(sha256: str, author: str, at: str) -> dict[str, Any]:
    return dict.fromkeys(_PROFILE) | {"sha256": sha256, "author": author, "drafted_at": at}


def _stamped(act: str, *, by: str, at: str) -> dict[str, str]:
    return {f"{act}_by": by, f"{act}_at": at}


def said_commands(view: View) -> Iterator[tuple[JournalEntry, dict[str, Any]]]:
    """Entries before the first that does not fit the chain, with their commands; what says too little is left out."""
    fault = journal.first_fault(view.connection)
    for entry in journal.entries(view.connection):
        if fault is not None and entry.seq >= fault[0]:
            return
        command = json.loads(entry.command)
        if SAID.get(entry.entry, set()) <= command.keys():
            yield entry, command


def different(said: Rows, now: Rows, *, named: Callable[[tuple[Any, ...]], str]) -> list[str]:
    """What is missing, changed or was never journalled, by name."""
    faults = [f"{named(key)} missing" for key in said if key not in now]
    faults += [f"{named(key)} changed" for key in said if key in now and now[key] != said[key]]
    return sorted(faults + [f"{named(key)} not in the journal" for key in now if key not in said])
