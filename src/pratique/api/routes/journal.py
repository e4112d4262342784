"""The journal: one entry for every command."""

from __future__ import annotations

import json
from typing import Any, Final

from pydantic import BaseModel, Field

from pratique.api.paging import Page, Paged
from pratique.api.serving import By
from pratique.api.shown import Moment, Sha256
from pratique.api.slice import Slice
from pratique.node.handlers.journal import ReadJournal
from pratique.node.storage.journal import JournalEntry

SLICE: Final = Slice("journal")


class Entry(BaseModel):
    """One entry. `own_sha256` is over everything else in it, the previous entry's hash included."""

    seq: int
    at: Moment
    actor: str
    entry: str = Field(description="What was done.", examples=["messages.assessed"])
    command: dict[str, Any] = Field(description="Names, numbers and digests, never person data.")
    result_sha256: Sha256
    previous_sha256: Sha256
    own_sha256: Sha256


@SLICE.read("/journal", summary="Read the journal")
def read_journal(by: By, window: Paged) -> Page[Entry]:
    """Entries in order, from the first one."""
    place = window.place(int)
    after = int(place[0]) if place else 0
    entries = by.ask(ReadJournal(limit=window.limit + 1, after=after))
    return window.page(entries, key=lambda entry: (entry.seq,), show=_shown)


def _shown(entry: JournalEntry) -> Entry:
    plain = {name: getattr(entry, name) for name in Entry.model_fields}
    return Entry.model_validate(plain | {"command": json.loads(entry.command)})
