"""What officers do to single consignments of a run: select, waive, override, undo; and what was done, counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import polars as pl

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.canonical import digest
from pratique.node.controls.order_at_hand import require_not_concluded
from pratique.node.controls.ordering import Stamp, order_after
from pratique.node.controls.reason_codes import checked_reason, needs_note, reason_codes
from pratique.node.controls.recording import RECORDED, rows_digest
from pratique.node.controls.rows import row_digest
from pratique.node.controls.state import SLOTS, ActKind, list_digest
from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.runs.at_hand import RunAtHand, RunHead, run_at_hand
from pratique.node.storage import control_acts as stored
from pratique.node.storage import journal, orders
from pratique.node.storage.control_acts import StoredAct
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category
from pratique.vocabulary.reasons import Control

NO_CONTROL: Final = Control.NONE.value
CONTROLS: Final = tuple(control.value for control in Control)


@dataclass(frozen=True, slots=True)
class ActDone:
    """What an act came to: the act as stored, the row as it is now, and the list of its call.

    ``act.seq`` is what :class:`~pratique.node.handlers.undoing.UndoAct` takes. ``list_sha256`` and ``left_open`` are of
    the call's list after the act.
    """

    act: StoredAct
    control: str
    channel: str
    waived: bool
    list_sha256: str
    left_open: int


@dataclass(frozen=True, slots=True)
class ReasonCode:
    """A coded reason: its act, and whether it is only accepted with a note."""

    act: str
    code: str
    needs_note: bool


@dataclass(frozen=True, slots=True)
class ActCount:
    """Standing acts of one kind with one reason."""

    kind: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class ControlActs:
    """The acts on a run, oldest first, undone ones too; and the standing ones counted by kind and reason."""

    run: RunHead
    acts: tuple[StoredAct, ...]
    counts: tuple[ActCount, ...]


@dataclass(frozen=True, slots=True)
class SelectConsignment(Command[ActDone]):
    """Puts a consignment on the control list: ``control`` open, scan or documents, whether a slot is left or not.

    ``consignment`` is its short id or bill number in the run. A reason is not needed.
    """

    run: str
    consignment: str
    control: str = Control.SCAN.value
    reason: str | None = None
    note: str = ""
    entry: ClassVar[str] = "control.selected"


@dataclass(frozen=True, slots=True)
class WaiveConsignment(Command[ActDone]):
    """Takes a consignment off the control list, or says that one above the line needs no control; with a reason."""

    run: str
    consignment: str
    reason: str
    note: str = ""
    entry: ClassVar[str] = "control.waived"


@dataclass(frozen=True, slots=True)
class OverrideDecision(Command[ActDone]):
    """Decides otherwise than was selected: ``control`` open, scan, documents, audit or none; with a reason."""

    run: str
    consignment: str
    control: str
    reason: str
    note: str = ""
    entry: ClassVar[str] = "control.overridden"


@dataclass(frozen=True, slots=True)
class ListControlActs(Query[ControlActs]):
    """What officers did to a run (else to the newest), of one call or of all."""

    run: str | None = None
    call: str | None = None


@dataclass(frozen=True, slots=True)
class ListReasonCodes(Query[tuple[ReasonCode, ...]]):
    """Every coded reason, by act (``select``, ``waive``, ``override``) and by answer to a list hit."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An act before it is done."""

    kind: ActKind
    control: str
    reason: str | None
    note: str


def select_consignment(command: SelectConsignment, work: Work) -> Act[ActDone]:
    """Raises ``NOT_FOUND``, ``REJECTED`` (cancelled, no such control), ``CONFLICT`` where it has that control."""
    if command.control not in SLOTS:
        raise refuse("control.no_control", control=command.control, known=", ".join(SLOTS))
    reason, note = checked_reason("select", command.reason, command.note, optional=True)
    return _act(command, _Wanted(ActKind.SELECTED, command.control, reason, note), work)


def waive_consignment(command: WaiveConsignment, work: Work) -> Act[ActDone]:
    """Raises ``NOT_FOUND``, ``REJECTED`` (reason), ``CONFLICT`` where there is nothing to waive."""
    reason, note = checked_reason("waive", command.reason, command.note)
    return _act(command, _Wanted(ActKind.WAIVED, NO_CONTROL, reason, note), work)


def override_decision(command: OverrideDecision, work: Work) -> Act[ActDone]:
    """Raises ``NOT_FOUND``, ``REJECTED`` (cancelled, control, reason), ``CONFLICT`` where it is so already."""
    if command.control not in CONTROLS:
        raise refuse("control.no_control", control=command.control, known=", ".join(CONTROLS))
    reason, note = checked_reason("override", command.reason, command.note)
    return _act(command, _Wanted(ActKind.OVERRIDDEN, command.control, reason, note), work)


def list_control_acts(query: ListControlActs, view: View) -> ControlActs:
    """Raises ``NOT_FOUND`` where there is no such run or call."""
    at_hand = run_at_hand(view.connection, view.folder, query.run)
    call = at_hand.call(query.call) if query.call else None
    acts = [
        act for act in stored.acts_of_run(view.connection, at_hand.run.seq) if call is None or act.call_id == call.id
    ]
    counted: dict[tuple[str, str], int] = {}
    for act in acts:
        if act.undone_seq is None:
            key = (act.kind, act.reason or "")
            counted[key] = counted.get(key, 0) + 1
    counts = tuple(ActCount(*key, count) for key, count in sorted(counted.items()))
    return ControlActs(at_hand.head, tuple(acts), counts)


def list_reason_codes(query: ListReasonCodes, view: View) -> tuple[ReasonCode, ...]:
    """In the order of the file."""
    return tuple(ReasonCode(act, code, needs_note(code)) for act, codes in reason_codes().items() for code in codes)


def act_done(act: StoredAct, at_hand: RunAtHand) -> ActDone:
    """The result of an act, or of its undoing, from the run as it is after it."""
    call = next(each for each in at_hand.calls if each.id == act.call_id)
    state = at_hand.state(call)
    row = state.row(by_predicate=pl.col("consignment") == act.consignment, named=True)
    return ActDone(
        act, row["control"], row["channel"], row["waived"], list_digest(state), int(state["left_open"].sum())
    )


def _act(command: SelectConsignment | WaiveConsignment | OverrideDecision, wanted: _Wanted, work: Work) -> Act[ActDone]:
    with work.store.reading() as connection:
        _ = run_at_hand(connection, work.folder, command.run).selected  # frames are read while nobody waits

    def act(connection: Connection) -> Done[ActDone]:
        at_hand = run_at_hand(connection, work.folder, command.run)
        row = row_of(at_hand, command.consignment)
        _check(row, wanted)
        require_not_concluded(connection, at_hand.run.seq, row["consignment"], row["consignment_id"])
        call = at_hand.calls[row["call"]]
        added = StoredAct(
            seq=journal.next_seq(connection),
            run_seq=at_hand.run.seq,
            call_id=call.id,
            consignment_id=row["consignment_id"],
            consignment=row["consignment"],
            kind=wanted.kind.value,
            control=wanted.control,
            control_before=row["control"],
            reason=wanted.reason,
            note=wanted.note,
            at=to_text(work.at),
            by=work.actor.name,
            after_approval=int(call.id in at_hand.approvals),
        )
        stored.add_act(connection, added)
        ordered = order_after(at_hand, row, added, Stamp(added.seq, work.at, work.actor))
        orders.add_orders(connection, ordered)
        done = act_done(added, run_at_hand(connection, work.folder, command.run))
        facts = _facts(at_hand, added) | {RECORDED: rows_digest(*ordered)}
        return Done(done, command=facts, outcome={"list": done.list_sha256})

    return act


def row_of(at_hand: RunAtHand, ref: str) -> dict[str, Any]:
    """The row of the list as it stands whose short id or bill number is ``ref``. Raises ``NOT_FOUND``."""
    wanted = ref.strip()
    named = (pl.col("consignment_id") == wanted.upper()) | (pl.col("bill") == wanted)
    found = at_hand.state().filter(named).sort("stands", "rank", descending=[True, False])
    if found.is_empty():
        raise refuse("control.not_in_run", Category.NOT_FOUND, consignment=ref, run=at_hand.run.id)
    return found.row(0, named=True)


def _check(row: Mapping[str, Any], wanted: _Wanted) -> None:
    told = {"consignment": row["consignment_id"], "control": row["control"]}
    if not row["stands"]:
        raise refuse("control.not_standing", **told)
    if wanted.kind is ActKind.WAIVED:
        if row["waived"] or not (row["control"] in SLOTS or row["left_open"]):
            raise refuse("control.nothing_to_waive", Category.CONFLICT, **told)
    elif row["control"] == wanted.control and not row["waived"]:
        raise refuse("control.is_so_already", Category.CONFLICT, **told)


def _facts(at_hand: RunAtHand, act: StoredAct) -> dict[str, object]:
    return {
        "run": at_hand.run.id,
        "call": act.call_id,
        "consignment": act.consignment_id,
        "control": act.control,
        "before": act.control_before,
        "reason": act.reason,
        "note": digest(act.note) if act.note else None,
        "after_approval": bool(act.after_approval),
        "row": row_digest(act),
    }
