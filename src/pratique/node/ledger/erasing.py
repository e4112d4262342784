"""Openings of leaves, erased for good: by whichever command, as long as its journal entry says which and why.

An opening that is gone without a journal entry that names it is a fault that checking the ledger tells.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from pratique.node.storage.journal import JournalEntry
from pratique.node.storage.ledger import destroy_opening
from pratique.node.storage.store import Connection

NAMED: Final = "erased_openings"


def erase_openings(
    connection: Connection, places: Iterable[tuple[int, int]], *, at: datetime, because: str
) -> dict[str, object]:
    """Destroys salt and record of the leaves at those places (journal entry, part).

    The answer belongs among the facts of the command (``Done.command``): it names what was erased, for the check.
    """
    gone = [place for place in places if destroy_opening(connection, *place, at=at, because=because)]
    return {NAMED: [list(place) for place in gone]}


def told_erased_by(entry: JournalEntry) -> set[tuple[int, int]]:
    """The openings that the journal entry says were erased (journal entry, part)."""
    if NAMED not in entry.command:
        return set()
    try:
        return {(int(seq), int(part)) for seq, part in json.loads(entry.command).get(NAMED, [])}
    except (ValueError, TypeError, AttributeError):
        return set()
