"""The check that orders, outcomes, evidence, releases and resources are what the journal says of them."""

from __future__ import annotations

from pratique.node.acts import View
from pratique.node.canonical import digest
from pratique.node.checking.check import Check, judged
from pratique.node.checking.rows import Rows, different, said_commands
from pratique.node.controls.recording import RECORDED, digest_of
from pratique.node.storage.control_rows import recorded_rows


def control_records(view: View) -> Check:
    """Each row is the one that its command made, and none came or went."""
    made: dict[int, list[str]] = {}
    for seq, row in recorded_rows(view.connection):
        made.setdefault(seq, []).append(digest(row))
    expected: Rows = {
        (entry.seq,): (command[RECORDED],)
        for entry, command in said_commands(view)
        if command.get(RECORDED, digest_of([])) != digest_of([])
    }
    now: Rows = {(seq,): (digest_of(rows),) for seq, rows in made.items()}
    return judged("control_records", different(expected, now, named=lambda key: f"entry {key[0]}"), seen=str(len(now)))
