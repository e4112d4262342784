"""Approval: a person takes the control list of a call as it is; it is frozen, and its controls are ordered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import polars as pl

from pratique.node.acts import Act, Command, Done, Work
from pratique.node.canonical import canonical
from pratique.node.controls.ordering import Stamp, selected_orders
from pratique.node.controls.recording import RECORDED, rows_digest
from pratique.node.controls.rows import row_digest
from pratique.node.controls.state import SLOTS, list_digest
from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.lake import keep_frames
from pratique.node.runs.at_hand import RunAtHand, run_at_hand
from pratique.node.runs.calls import Call
from pratique.node.storage import approvals, journal, orders
from pratique.node.storage.approvals import StoredApproval
from pratique.node.storage.kept_files import name_files
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category

MOST_NAMED: Final = 20
FROZEN: Final = (
    "rank",
    "consignment",
    "consignment_id",
    "bill",
    "channel",
    "control",
    "basis",
    "score",
    "above_line",
    "waived",
    "act",
)


@dataclass(frozen=True, slots=True)
class ControlsApproved:
    """An approved list: the call, who approved it and when, how many controls it has, and its digest."""

    call: Call
    approval: StoredApproval


@dataclass(frozen=True, slots=True)
class ApproveControls(Command[ControlsApproved]):
    """Approves the control list of a call, freezes it, and orders its controls.

    ``expected`` is the digest of the list that the officer saw (``list_sha256`` of a page, of the arrivals or of an
    act). Every row at or above the line must have a control or a decision.
    """

    run: str
    call: str
    expected: str
    entry: ClassVar[str] = "control.approved"


def approve_controls(command: ApproveControls, work: Work) -> Act[ControlsApproved]:
    """Raises ``CONFLICT`` where the list moved or is approved, ``REJECTED`` where rows above the line are open."""
    with work.store.reading() as connection:
        before = run_at_hand(connection, work.folder, command.run)
    call = before.call(command.call)
    state = before.state(call)
    _check(command, before, call, state)
    facts, kept = keep_frames({"approved": frozen(state)}, work.files)

    def act(connection: Connection) -> Done[ControlsApproved]:
        at_hand = run_at_hand(connection, work.folder, command.run)
        now = at_hand.state(call)
        _check(command, at_hand, call, now)
        work.files.recheck(kept)
        name_files(connection, kept, at=work.at)
        added = StoredApproval(
            run_seq=at_hand.run.seq,
            call_id=call.id,
            seq=journal.next_seq(connection),
            at=to_text(work.at),
            by=work.actor.name,
            list_sha256=command.expected,
            control_count=now.filter(pl.col("control").is_in(SLOTS)).height,
            decisions=canonical(facts["approved"]),
        )
        approvals.add_approval(connection, added)
        ordered = selected_orders(at_hand, call, Stamp(added.seq, work.at, work.actor))
        orders.add_orders(connection, ordered)
        told = {"run": at_hand.run.id, "call": call.id, "list": command.expected, "row": row_digest(added)}
        told[RECORDED] = rows_digest(*ordered)
        outcome = {"frame": facts["approved"]["sha256"], "controls": added.control_count}
        return Done(ControlsApproved(call, added), command=told, outcome=outcome)

    return act


def frozen(state: pl.DataFrame) -> pl.DataFrame:
    """What is kept of a list: every control, every row above the line and every act, in order of rank."""
    matters = pl.col("control").is_in(SLOTS) | pl.col("above_line") | pl.col("act").is_not_null()
    return state.filter(matters).sort("rank").select(FROZEN)


def _check(command: ApproveControls, at_hand: RunAtHand, call: Call, state: pl.DataFrame) -> None:
    approval = at_hand.approvals.get(call.id)
    if approval is not None:
        raise refuse("control.approved_already", Category.CONFLICT, call=call.id, by=approval.by, at=approval.at)
    if list_digest(state) != command.expected:
        raise refuse("control.list_moved", Category.CONFLICT, call=call.id)
    left = state.filter("left_open").sort("rank")["consignment_id"].to_list()
    if left:
        more = f" and {len(left) - MOST_NAMED} more" if len(left) > MOST_NAMED else ""
        named = ", ".join(left[:MOST_NAMED]) + more
        raise refuse("control.left_open", Category.REJECTED, call=call.id, count=len(left), named=named)
