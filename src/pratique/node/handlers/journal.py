"""The journal, to read."""

from __future__ import annotations

from dataclasses import dataclass

from pratique.node.acts import Query, View
from pratique.node.storage import journal
from pratique.node.storage.journal import JournalEntry


@dataclass(frozen=True, slots=True)
class ReadJournal(Query[list[JournalEntry]]):
    """The last ``limit`` entries, or (with ``after``) those behind an entry; oldest first."""

    limit: int = 50
    after: int | None = None


def read_journal(query: ReadJournal, view: View) -> list[JournalEntry]:
    """Entries hold names and digests, never person data."""
    if query.after is None:
        return journal.newest(view.connection, query.limit)
    return list(journal.entries(view.connection, after=query.after, limit=query.limit))
