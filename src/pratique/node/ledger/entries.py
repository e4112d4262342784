"""Entries of the log as people see them: with what was recorded, by whom and when, which the log does not show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pratique.node.storage.journal import JournalEntry, entries
from pratique.node.storage.ledger import KeptIn, Source, StoredLeaf, leaves_between
from pratique.node.storage.ledger_order import OrderedEntry
from pratique.node.storage.store import Connection


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An entry of the log and the journal entry it came with. ``erased_because`` is set once its opening is gone."""

    number: int
    kind: str
    kept_in: Source
    seq: int
    part: int
    at: str
    actor: str
    erased_because: str | None


def as_people_see(ordered: list[OrderedEntry], main: Connection, access: Connection) -> list[LoggedEntry]:
    """The entries with what both stores know of them, in the order given; they lie close together in each store."""
    leaves: dict[tuple[str, int, int], StoredLeaf] = {}
    told: dict[tuple[str, int], JournalEntry] = {}
    sources: tuple[tuple[KeptIn, Connection], ...] = (("main", main), ("access", access))
    for kept_in, connection in sources:
        span = _span(each.seq for each in ordered if each.kept_in == kept_in)
        if span is not None:
            leaves |= {(kept_in, each.seq, each.part): each for each in leaves_between(connection, *span)}
            told |= {(kept_in, each.seq): each for each in _journal(connection, *span)}
    return [
        _shown(entry, leaves.get((entry.kept_in, entry.seq, entry.part)), told.get((entry.kept_in, entry.seq)))
        for entry in ordered
    ]


def _shown(entry: OrderedEntry, leaf: StoredLeaf | None, told: JournalEntry | None) -> LoggedEntry:
    """What is left of an entry whose row somebody removed is its number and place."""
    return LoggedEntry(
        number=entry.number,
        kind=leaf.kind if leaf else "",
        kept_in=entry.kept_in,
        seq=entry.seq,
        part=entry.part,
        at=told.at if told else "",
        actor=told.actor if told else "",
        erased_because=leaf.erased_because if leaf else None,
    )


def _journal(connection: Connection, first: int, last: int) -> Iterable[JournalEntry]:
    return entries(connection, after=first - 1, limit=last - first + 1)


def _span(numbers: Iterable[int]) -> tuple[int, int] | None:
    found = list(numbers)
    return (min(found), max(found)) if found else None
