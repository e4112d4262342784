"""The order of the log over both stores, its checkpoints, and what witnesses signed of them; all in ``pratique.db``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select

from pratique.node.storage.ledger import KeptIn, Source
from pratique.node.storage.ledger_tables import ledger_checkpoint, ledger_cosignature, ledger_entry

PAGE: Final = 8192
BEFORE_ALL: Final = (0, -1)  # the place in front of the first leaf of a store


@dataclass(frozen=True, slots=True)
class OrderedEntry:
    """An entry of the log: its number from 0, and which leaf of which store it is, or of which padding."""

    number: int
    kept_in: Source
    seq: int
    part: int
    leaf_sha256: bytes


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A checkpoint that the node signed. ``edge`` is the complete subtrees on the right edge, one behind the other."""

    tree_size: int
    root: bytes
    edge: bytes
    note: str
    seq: int
    at: str


_ENTRY: Final = [ledger_entry.c[name] for name in OrderedEntry.__dataclass_fields__]
_CHECKPOINT: Final = [ledger_checkpoint.c[name] for name in StoredCheckpoint.__dataclass_fields__]


def log_size(connection: Connection) -> int:
    """How many entries have their number."""
    return int(connection.execute(select(func.coalesce(func.max(ledger_entry.c.number), -1))).scalar_one()) + 1


def last_place(connection: Connection, kept_in: KeptIn) -> tuple[int, int]:
    """The leaf of that store (journal entry, part) that was ordered last; one in front of all where none was."""
    ordered = select(ledger_entry.c.seq, ledger_entry.c.part).where(ledger_entry.c.kept_in == kept_in)
    row = connection.execute(ordered.order_by(ledger_entry.c.seq.desc(), ledger_entry.c.part.desc()).limit(1)).first()
    return (row.seq, row.part) if row else BEFORE_ALL


def add_entries(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Gives leaves their numbers."""
    if rows:
        connection.execute(insert(ledger_entry), list(rows))


def entries(connection: Connection, *, start: int = 0, end: int | None = None) -> Iterator[OrderedEntry]:
    """The entries from ``start`` up to, not with, ``end``, in order, read a page at a time."""
    while end is None or start < end:
        size = PAGE if end is None else min(PAGE, end - start)
        wanted = select(*_ENTRY).where(ledger_entry.c.number >= start).order_by(ledger_entry.c.number).limit(size)
        rows = connection.execute(wanted).all()
        yield from (OrderedEntry(*row) for row in rows)
        if len(rows) < size:
            return
        start = rows[-1].number + 1


def newest_entries(connection: Connection, *, before: int, limit: int) -> list[OrderedEntry]:
    """The newest entries with a number below ``before``, the newest first, padding passed over."""
    wanted = select(*_ENTRY).where(ledger_entry.c.number < before, ledger_entry.c.kept_in != "padding")
    rows = connection.execute(wanted.order_by(ledger_entry.c.number.desc()).limit(limit))
    return [OrderedEntry(*row) for row in rows]


def leaf_hashes(connection: Connection, start: int, count: int) -> bytes:
    """The leaf hashes of that many entries from ``start``, one behind the other; fewer where there are fewer."""
    wanted = select(ledger_entry.c.leaf_sha256).where(ledger_entry.c.number >= start)
    ordered = wanted.where(ledger_entry.c.number < start + count).order_by(ledger_entry.c.number)
    return b"".join(connection.execute(ordered).scalars())


def entry_at(connection: Connection, number: int) -> OrderedEntry | None:
    """The entry of that number."""
    return _first(connection.execute(select(*_ENTRY).where(ledger_entry.c.number == number)).first())


def entry_of(connection: Connection, kept_in: KeptIn, seq: int, part: int) -> OrderedEntry | None:
    """The entry that is that leaf."""
    wanted = select(*_ENTRY).where(ledger_entry.c.kept_in == kept_in, ledger_entry.c.seq == seq)
    return _first(connection.execute(wanted.where(ledger_entry.c.part == part)).first())


def put_checkpoint(connection: Connection, checkpoint: StoredCheckpoint) -> None:
    """Keeps a checkpoint that was signed."""
    connection.execute(insert(ledger_checkpoint).values(**asdict(checkpoint)))


def checkpoints(connection: Connection) -> Iterator[StoredCheckpoint]:
    """Every checkpoint, the smallest tree first."""
    for row in connection.execute(select(*_CHECKPOINT).order_by(ledger_checkpoint.c.tree_size)):
        yield StoredCheckpoint(*row)


def newest_checkpoint(connection: Connection, *, at_least: int = 0) -> StoredCheckpoint | None:
    """The newest checkpoint; ``None`` where there is none of at least that size."""
    wanted = select(*_CHECKPOINT).where(ledger_checkpoint.c.tree_size >= at_least)
    row = connection.execute(wanted.order_by(ledger_checkpoint.c.tree_size.desc()).limit(1)).first()
    return StoredCheckpoint(*row) if row else None


def checkpoint_of(connection: Connection, tree_size: int) -> StoredCheckpoint | None:
    """The checkpoint of exactly that size."""
    row = connection.execute(select(*_CHECKPOINT).where(ledger_checkpoint.c.tree_size == tree_size)).first()
    return StoredCheckpoint(*row) if row else None


def cosigned_checkpoint(connection: Connection, *, at_least: int, by: int) -> StoredCheckpoint | None:
    """The newest checkpoint of at least that size that so many witnesses cosigned."""
    enough = (
        select(ledger_cosignature.c.tree_size)
        .where(ledger_cosignature.c.tree_size >= at_least)
        .group_by(ledger_cosignature.c.tree_size)
        .having(func.count() >= by)
        .order_by(ledger_cosignature.c.tree_size.desc())
        .limit(1)
    )
    size = connection.execute(enough).scalar()
    return checkpoint_of(connection, size) if size is not None else None


def _first(row: Sequence[Any] | None) -> OrderedEntry | None:
    return OrderedEntry(*row) if row is not None else None
