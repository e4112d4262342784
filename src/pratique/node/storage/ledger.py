"""The leaves of the ledger: written with each journal entry, read in order, and emptied when their time is up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection, func, select, tuple_, update

from pratique.node.canonical import canonical
from pratique.node.instants import to_text
from pratique.node.storage.bulk import add_records
from pratique.node.storage.journal import JournalEntry
from pratique.node.storage.ledger_tables import ledger_leaf
from pratique.partners.ledger.commitments import commitment

KeptIn: TypeAlias = Literal["main", "access"]
Source: TypeAlias = Literal["main", "access", "padding"]
ENTRY_PART: Final = 0  # the part of the leaf that is the journal entry itself
PAGE: Final = 5000
_ENTRY: Final = tuple(JournalEntry.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class StoredLeaf:
    """A leaf as it is stored; ``salt`` is ``None`` once its opening was erased, ``record`` also for a journal entry."""

    seq: int
    part: int
    kind: str
    commitment: bytes
    salt: bytes | None
    record: bytes | None
    erased_at: str | None
    erased_because: str | None


_COLUMNS: Final = [ledger_leaf.c[name] for name in StoredLeaf.__dataclass_fields__]


def entry_record(entry: JournalEntry, kept_in: KeptIn) -> bytes:
    """The bytes that a journal entry is committed by: all of it, and which of the two journals it stands in."""
    return canonical({"journal": kept_in, **{name: getattr(entry, name) for name in _ENTRY}}).encode()


def leaf_row(seq: int, part: int, kind: str, *, salt: bytes, record: bytes, keeps_record: bool = False) -> StoredLeaf:
    """The row of a leaf; the record is kept beside it where no journal row holds it."""
    return StoredLeaf(seq, part, kind, commitment(salt, record), salt, record if keeps_record else None, None, None)


def insert_leaves(connection: Connection, rows: Sequence[StoredLeaf]) -> None:
    """Writes the leaves of one or more journal entries."""
    add_records(connection, ledger_leaf, rows)


def leaves(connection: Connection, *, after: tuple[int, int] = (0, -1), page: int = PAGE) -> Iterator[StoredLeaf]:
    """The leaves of one file in order, from the one behind ``after`` (number of the journal entry, part)."""
    place = tuple_(ledger_leaf.c.seq, ledger_leaf.c.part)
    ordered = select(*_COLUMNS).order_by(ledger_leaf.c.seq, ledger_leaf.c.part).limit(page)
    while True:
        rows = connection.execute(ordered.where(place > tuple_(*after))).all()
        for row in rows:
            yield StoredLeaf(*row)
        if len(rows) < page:
            return
        after = (rows[-1].seq, rows[-1].part)


def commitments(
    connection: Connection, *, after: tuple[int, int], page: int = PAGE
) -> Iterator[tuple[int, int, bytes]]:
    """Journal entry, part and commitment of each leaf of one file behind ``after``, in order, without the openings."""
    place = tuple_(ledger_leaf.c.seq, ledger_leaf.c.part)
    columns = (ledger_leaf.c.seq, ledger_leaf.c.part, ledger_leaf.c.commitment)
    ordered = select(*columns).order_by(ledger_leaf.c.seq, ledger_leaf.c.part).limit(page)
    while True:
        rows = connection.execute(ordered.where(place > tuple_(*after))).all()
        yield from ((row.seq, row.part, row.commitment) for row in rows)
        if len(rows) < page:
            return
        after = (rows[-1].seq, rows[-1].part)


def leaves_between(connection: Connection, first: int, last: int) -> list[StoredLeaf]:
    """The leaves of the journal entries from ``first`` to ``last``."""
    wanted = select(*_COLUMNS).where(ledger_leaf.c.seq.between(first, last))
    return [StoredLeaf(*row) for row in connection.execute(wanted)]


def leaf(connection: Connection, seq: int, part: int) -> StoredLeaf | None:
    """One leaf, by its journal entry and part."""
    wanted = select(*_COLUMNS).where(ledger_leaf.c.seq == seq, ledger_leaf.c.part == part)
    row = connection.execute(wanted).first()
    return StoredLeaf(*row) if row else None


def destroy_opening(connection: Connection, seq: int, part: int, *, at: datetime, because: str) -> bool:
    """Destroys salt and record of a leaf, for good; ``False`` where they were gone already. The leaf stays."""
    done = connection.execute(
        update(ledger_leaf)
        .where(ledger_leaf.c.seq == seq, ledger_leaf.c.part == part, ledger_leaf.c.salt.is_not(None))
        .values(salt=None, record=None, erased_at=to_text(at), erased_because=because)
    )
    return bool(done.rowcount)


def commitments_of(connection: Connection, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """The commitments of the leaves at those places (journal entry, part), all of which lie close together."""
    if not places:
        return {}
    wanted = select(ledger_leaf.c.seq, ledger_leaf.c.part, ledger_leaf.c.commitment).where(
        ledger_leaf.c.seq.between(min(places)[0], max(places)[0])
    )
    return {(row.seq, row.part): row.commitment for row in connection.execute(wanted)}


def count_leaves(connection: Connection, *, after: tuple[int, int]) -> int:
    """How many leaves of one file lie behind a place (journal entry, part)."""
    place = tuple_(ledger_leaf.c.seq, ledger_leaf.c.part)
    return int(
        connection.execute(select(func.count()).select_from(ledger_leaf).where(place > tuple_(*after))).scalar_one()
    )
