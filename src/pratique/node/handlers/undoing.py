"""Undoing: what an officer did is as if it had never been, and the journal keeps both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pratique.node.acts import Act, Command, Done, Work
from pratique.node.controls.order_at_hand import require_not_concluded
from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.storage import control_acts, dispositions, disputes, journal, selections
from pratique.node.storage.approvals import approvals_of
from pratique.node.storage.control_acts import StoredAct
from pratique.node.storage.dispositions import StoredDisposition
from pratique.node.storage.disputes import StoredDispute
from pratique.node.storage.selections import StoredSelection
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category

Undoable = StoredAct | StoredDisposition | StoredDispute | StoredSelection


@dataclass(frozen=True, slots=True)
class ActUndone:
    """What was undone: ``act`` is its number, ``kind`` what it was (selected, answered, capacity …), of which run.

    ``consignment_id`` is ``None`` where the act was not about one consignment.
    """

    act: int
    kind: str
    run_seq: int
    consignment_id: str | None


@dataclass(frozen=True, slots=True)
class UndoAct(Command[ActUndone]):
    """Undoes an act on the control list, an answer to a list hit, a dispute of a reason, or a change of capacity.

    ``act`` is the number of its journal entry. An approval cannot be undone: acts after it are told as such.
    """

    act: int
    entry: ClassVar[str] = "control.undone"


def undo_act(command: UndoAct, work: Work) -> Act[ActUndone]:
    """Raises ``NOT_FOUND`` for a number that is no such act, ``CONFLICT`` where it is undone or no longer can be."""

    def act(connection: Connection) -> Done[ActUndone]:
        found = _found(connection, command.act)
        if found.undone_seq is not None:
            raise refuse("control.undone_already", Category.CONFLICT, act=command.act)
        undone = _undone(connection, found, work)
        told = {"act": undone.act, "kind": undone.kind, "consignment": undone.consignment_id}
        return Done(undone, command=told, outcome=told)

    return act


def _found(connection: Connection, seq: int) -> Undoable:
    found = (
        control_acts.act_by_seq(connection, seq)
        or dispositions.disposition_by_seq(connection, seq)
        or disputes.dispute_by_seq(connection, seq)
        or selections.selection_by_seq(connection, seq)
    )
    if found is None:
        raise refuse("control.no_act", Category.NOT_FOUND, act=seq)
    return found


def _undone(connection: Connection, found: Undoable, work: Work) -> ActUndone:
    by_seq, at, by = journal.next_seq(connection), to_text(work.at), work.actor.name
    match found:
        case StoredAct():
            require_not_concluded(connection, found.run_seq, found.consignment, found.consignment_id)
            control_acts.undo_act(connection, found.seq, by_seq=by_seq, at=at, by=by)
            return ActUndone(found.seq, found.kind, found.run_seq, found.consignment_id)
        case StoredDisposition():
            dispositions.undo_disposition(connection, found.seq, by_seq=by_seq, at=at, by=by)
            hit = dispositions.hit_of(connection, found.run_seq, found.number)
            return ActUndone(found.seq, "answered", found.run_seq, hit.consignment_id if hit else None)
        case StoredDispute():
            disputes.undo_dispute(connection, found.seq, by_seq=by_seq)
            return ActUndone(found.seq, "disputed", found.run_seq, found.consignment_id)
        case StoredSelection():
            if any(each.seq > found.seq for each in approvals_of(connection, found.run_seq).values()):
                raise refuse("capacity.approved_since", Category.CONFLICT, act=found.seq)
            if selections.selection_in_force(connection, found.run_seq) != found:
                raise refuse("capacity.not_newest", Category.CONFLICT, act=found.seq)
            selections.undo_selection(connection, found.seq, by_seq=by_seq)
            return ActUndone(found.seq, "capacity", found.run_seq, None)
