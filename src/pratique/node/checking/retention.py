"""Checks that retention is carried out: what was said to be erased is gone, and nothing is kept past its time."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from pratique.node.acts import View
from pratique.node.checking.check import Check, judged
from pratique.node.checking.rows import cleared_before, said_commands
from pratique.node.instants import to_text
from pratique.node.settings import Settings
from pratique.node.storage.clearing import expired, oldest_left
from pratique.node.storage.kept_files import unnamed
from pratique.node.storage.settings import changed_settings

SLACK: Final = timedelta(days=7)  # a timer may run once a week


def retention(view: View) -> Check:
    """Nothing of a run that was cleared is left, and no run is older than its class permits."""
    before = cleared_before(view)
    found = expired(view.connection, before=before)
    missing = set(unnamed(view.connection, found.paths))
    faults = [f"run {run}" for run in found.ids] + [path for path in found.paths if path not in missing]
    faults += [path for path in found.paths if view.folder.path(path).exists()]
    if faults:
        return judged("retention", faults)
    days = Settings.of(changed_settings(view.connection)).number("retention_advance_cargo_days")
    oldest = oldest_left(view.connection)
    late = oldest is not None and oldest < to_text(view.at - timedelta(days=days) - SLACK)
    cleared = sum(entry.entry == "cargo.cleared" for entry, _ in said_commands(view))
    return judged("retention", [oldest or ""] if late else [], state="warn", seen=str(cleared))
