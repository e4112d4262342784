"""Checks that answers to list hits, changes of lists and the hits they raised are what the journal says of them."""

from __future__ import annotations

from typing import Any

from pratique.node.acts import View
from pratique.node.checking.check import Check, judged
from pratique.node.checking.rows import Rows, cleared_before, different, said_commands
from pratique.node.storage.dispositions import all_dispositions, answer_digest
from pratique.node.storage.list_changes import change_digest, raised_digest, rows_digest
from pratique.node.storage.list_changes import list_changes as stored_changes
from pratique.node.storage.raised_reasons import reasons_digest, stored_reasons_digest

ANSWERED = "answered"


def answers(view: View) -> Check:
    """Every answer to a list hit is the one given, and undone only where, when and by whom the journal says."""
    said: Rows = {}
    undone: dict[int, tuple[Any, ...]] = {}
    before = cleared_before(view)
    for entry, command in said_commands(view):
        if entry.entry == "hits.answered" and entry.at >= before:
            said[entry.seq,] = (command["row"],)
        elif entry.entry == "control.undone" and command["kind"] == ANSWERED:
            undone[command["act"]] = (entry.seq, entry.at, entry.actor)
    given = all_dispositions(view.connection)
    nobody = (None, None, None)
    expected = {key: (*row, *undone.get(key[0], nobody)) for key, row in said.items()}
    now: Rows = {(each.seq,): (answer_digest(each), each.undone_seq, each.undone_at, each.undone_by) for each in given}
    return judged("answers", different(expected, now, named=lambda key: str(key[0])), seen=str(len(now)))


def list_changes(view: View) -> Check:
    """What each load of a list changed, the hits that it raised and what they add, are as they were stored with it."""
    before = cleared_before(view)
    nothing, no_reasons = rows_digest([]), reasons_digest([])  # hits that were raised go when their time is over
    said: Rows = {
        (entry.seq,): (
            command["change"],
            command["raised"] if entry.at >= before else nothing,
            command.get("raised_reasons", no_reasons) if entry.at >= before else no_reasons,
        )
        for entry, command in said_commands(view)
        if entry.entry in ("lists.loaded", "lists.rebuilt") and {"change", "raised"} <= command.keys()
    }
    now: Rows = {
        (each.seq,): (
            change_digest(each),
            raised_digest(view.connection, each.seq),
            stored_reasons_digest(view.connection, each.seq),
        )
        for each in stored_changes(view.connection)
    }
    return judged("list_changes", different(said, now, named=lambda key: str(key[0])), seen=str(len(now)))
