"""Checks that what was noted of rules is what the journal says: nobody edits a scorecard, a back-test or a review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

from pratique.node.acts import View
from pratique.node.canonical import digest
from pratique.node.checking.check import Check, judged
from pratique.node.checking.rows import said_commands
from pratique.node.storage import rule_life as stored

MANY: Final = ("profiles.scored", "drift.noted")  # their command says ``rows``, the digest of a list
ONE: Final = ("profiles.activated", "profiles.reviewed")  # ``row``, the digest of one


def rule_rows(view: View) -> Check:
    """Scorecards, back-tests, reviews and days of drift are those that were noted, and all of them are there."""
    noted = {
        "profiles.scored": _by_seq(stored.all_scorecards(view.connection)),
        "profiles.activated": _by_seq(stored.all_back_tests(view.connection)),
        "profiles.reviewed": _by_seq(stored.reviews(view.connection)),
        "drift.noted": _by_seq(stored.all_drift_days(view.connection)),
    }
    faults, known = [], defaultdict(set)
    for entry, command in said_commands(view):
        if entry.entry not in noted:
            continue
        known[entry.entry].add(entry.seq)
        rows = noted[entry.entry].get(entry.seq, [])
        said = command.get("rows") if entry.entry in MANY else command.get("row")
        now = digest(rows) if entry.entry in MANY else (digest(rows[0]) if rows else None)
        if said != now:
            faults.append(f"{entry.entry} ({entry.seq})")
    faults += [f"{name} ({seq})" for name, rows in noted.items() for seq in rows if seq not in known[name]]
    return judged("rule_rows", faults, seen=str(sum(len(rows) for rows in noted.values())))


def _by_seq(rows: Iterable[Any]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for each in rows:
        found[each.seq].append(asdict(each))
    return found
