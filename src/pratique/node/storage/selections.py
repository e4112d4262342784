"""Selections of a run after its own: the same scores under another capacity. The newest that stands is in force."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, func, insert, select, update

from pratique.node.storage.tables import selection


@dataclass(frozen=True, slots=True)
class StoredSelection:
    """One selection. ``capacity`` and ``decisions`` are canonical JSON: slots by resource, and where the frame lies.

    ``seq`` is the number of its journal entry; ``number`` counts from 1, for the run's own selection is 0.
    """

    seq: int
    run_seq: int
    number: int
    at: str
    by: str
    capacity: str
    seed: int
    decisions: str
    undone_seq: int | None = None


def add_selection(connection: Connection, added: StoredSelection) -> None:
    """Adds a selection, in force from here on."""
    connection.execute(insert(selection).values(**asdict(added)))


def selection_in_force(connection: Connection, run_seq: int) -> StoredSelection | None:
    """The newest selection of the run that stands; ``None`` where the run's own is in force."""
    standing = select(selection).where(selection.c.run_seq == run_seq, selection.c.undone_seq.is_(None))
    row = connection.execute(standing.order_by(selection.c.number.desc()).limit(1)).first()
    return StoredSelection(**row._asdict()) if row else None


def selection_by_seq(connection: Connection, seq: int) -> StoredSelection | None:
    """The selection that the journal entry of that number made."""
    row = connection.execute(select(selection).where(selection.c.seq == seq)).first()
    return StoredSelection(**row._asdict()) if row else None


def selections_of(connection: Connection, run_seq: int) -> list[StoredSelection]:
    """Every selection of the run after its own, undone ones too, oldest first."""
    rows = connection.execute(select(selection).where(selection.c.run_seq == run_seq).order_by(selection.c.number))
    return [StoredSelection(**row._asdict()) for row in rows]


def next_number(connection: Connection, run_seq: int) -> int:
    """The number that the next selection of the run will have."""
    last = select(func.coalesce(func.max(selection.c.number), 0)).where(selection.c.run_seq == run_seq)
    return int(connection.execute(last).scalar_one()) + 1


def undo_selection(connection: Connection, seq: int, *, by_seq: int) -> None:
    """The selection no longer stands; ``by_seq`` is the journal entry that undid it."""
    connection.execute(update(selection).where(selection.c.seq == seq).values(undone_seq=by_seq))
