"""Checks that evidence is what was collected: every chain holds, none was cut, and every file is as it was."""

from __future__ import annotations

from typing import Final

from pratique.node.acts import View
from pratique.node.assistance.custody_at_hand import LEAF, item_at_hand
from pratique.node.checking.check import Check, judged
from pratique.node.storage import custody as stored
from pratique.partners.evidence.custody import What

ON_RECORD: Final = "seal_differs"  # an officer found it so and said so: a fact about the item, not a fault of the node
KINDS: Final = tuple(f"{LEAF}{what.value}" for what in What)


def custody(view: View) -> Check:
    """Every chain of custody holds, and every event that the ledger committed to is there."""
    found = stored.items(view.connection)
    faults = [
        f"{fault.item} event {fault.number} {fault.code}"
        for item in found
        for fault in item_at_hand(view.connection, item.id).chain.breaks
        if fault.code != ON_RECORD
    ]
    faults += [f"entry {seq} part {part} has no event" for seq, part in stored.missing_events(view.connection, KINDS)]
    return judged("custody", faults, seen=str(len(found)))
