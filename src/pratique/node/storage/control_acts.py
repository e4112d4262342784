"""What officers did to single consignments of a run: selected, waived, overridden; undone acts stay in sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, update

from pratique.node.storage.tables import control_act


@dataclass(frozen=True, slots=True)
class StoredAct:
    """One act. ``seq`` is the number of its journal entry, ``consignment`` the number inside the run's frames.

    ``control`` is what the act asks for (``none`` for a waiver), ``control_before`` what stood before it.
    """

    seq: int
    run_seq: int
    call_id: str
    consignment_id: str
    consignment: int
    kind: str
    control: str
    control_before: str
    reason: str | None
    note: str
    at: str
    by: str
    after_approval: int
    undone_seq: int | None = None
    undone_at: str | None = None
    undone_by: str | None = None


def add_act(connection: Connection, act: StoredAct) -> None:
    """Adds an act that stands."""
    connection.execute(insert(control_act).values(**asdict(act)))


def act_by_seq(connection: Connection, seq: int) -> StoredAct | None:
    """The act of the journal entry of that number."""
    found = _acts(connection, _wanted().where(control_act.c.seq == seq))
    return found[0] if found else None


def standing_acts(connection: Connection, run_seq: int) -> list[StoredAct]:
    """The acts of a run that stand, oldest first."""
    return _acts(connection, _wanted().where(control_act.c.run_seq == run_seq, control_act.c.undone_seq.is_(None)))


def acts_of_run(connection: Connection, run_seq: int) -> list[StoredAct]:
    """Every act of a run, undone ones too, oldest first."""
    return _acts(connection, _wanted().where(control_act.c.run_seq == run_seq))


def acts_of_consignment(connection: Connection, run_seq: int, consignment: int) -> list[StoredAct]:
    """Every act on one consignment of a run, undone ones too, oldest first."""
    one = (control_act.c.run_seq == run_seq) & (control_act.c.consignment == consignment)
    return _acts(connection, _wanted().where(one))


def undo_act(connection: Connection, seq: int, *, by_seq: int, at: str, by: str) -> None:
    """The act no longer stands; ``by_seq`` is the journal entry that undid it."""
    values = {"undone_seq": by_seq, "undone_at": at, "undone_by": by}
    connection.execute(update(control_act).where(control_act.c.seq == seq).values(**values))


def counts_by_reason(connection: Connection, run_seqs: Sequence[int] | None = None) -> list[tuple[str, str, int]]:
    """Standing acts counted by kind and reason, of some runs or of all: ``kind, reason, count``."""
    reason = func.coalesce(control_act.c.reason, "")
    wanted = select(control_act.c.kind, reason, func.count()).where(control_act.c.undone_seq.is_(None))
    if run_seqs is not None:
        wanted = wanted.where(control_act.c.run_seq.in_(run_seqs))
    rows = connection.execute(wanted.group_by(control_act.c.kind, reason).order_by(control_act.c.kind, reason))
    return [(row[0], row[1], int(row[2])) for row in rows]


def _wanted() -> Select[Any]:
    return select(*(control_act.c[name] for name in StoredAct.__slots__)).order_by(control_act.c.seq)


def _acts(connection: Connection, wanted: Select[Any]) -> list[StoredAct]:
    return [StoredAct(**row._asdict()) for row in connection.execute(wanted)]
