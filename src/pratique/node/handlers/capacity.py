"""Capacity of a run: what another one would give, and a new selection of the same run under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

import polars as pl

from pratique.flow.selection.gain import WHOLE, GainPoint, gain_curve
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.canonical import canonical
from pratique.node.controls.rows import row_digest
from pratique.node.controls.state import BELOW, LISTED, SLOTS, list_digest, used_slots, with_acts
from pratique.node.errors import refuse
from pratique.node.handlers.queue_page import ControlUse
from pratique.node.instants import to_text
from pratique.node.lake import keep_frames
from pratique.node.runs.at_hand import RunAtHand, RunHead, run_at_hand
from pratique.node.runs.calls import Call
from pratique.node.runs.queue_frame import selected_rows
from pratique.node.runs.reselecting import reselected
from pratique.node.settings import Settings, checked_capacity
from pratique.node.storage import journal, selections
from pratique.node.storage.kept_files import name_files
from pratique.node.storage.selections import StoredSelection
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category

MOST_LEFT_OUT: Final = 20
CURVE_BEYOND: Final = 3  # the curve goes on to so many times the controls there are


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A consignment above the line that would get no control and on which nobody decided."""

    rank: int
    consignment_id: str
    bill: str | None
    score: int
    mandatory: bool


@dataclass(frozen=True, slots=True)
class CapacityShown:
    """What a capacity gives, in one call or in the whole run, with the officers' acts as they stand.

    ``reached_permille`` is the share of all points of the scope that the controls by value and by officers reach;
    ``by_lot_permille`` what as many controls by lot would reach on average; ``next_permille`` what one more control
    would reach. ``controls`` counts those by value and by officers, ``drawn`` those at random. ``curve`` passes through
    ``(controls, reached_permille)``. ``left_out`` shows the first 20 of ``left_out_count``.
    """

    run: RunHead
    call: Call | None
    capacity: Mapping[str, int]
    uses: tuple[ControlUse, ...]
    controls: int
    drawn: int
    reached_permille: int
    by_lot_permille: int
    next_permille: int
    curve: tuple[GainPoint, ...]
    left_out_count: int
    left_out: tuple[LeftOut, ...]
    list_sha256: str


@dataclass(frozen=True, slots=True)
class PreviewCapacity(Query[CapacityShown]):
    """What the run (else the newest) would be under another capacity; changes nothing.

    ``capacity`` names the resources that differ from the selection in force; empty shows what is in force.
    """

    run: str | None = None
    call: str | None = None
    capacity: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class ChangeCapacity(Command[CapacityShown]):
    """A new selection of the run under another capacity, in force from here on; the run's own output stays as it is.

    Calls that are approved keep their lists, and the slots those use are taken off first.
    """

    run: str
    capacity: Mapping[str, int]
    entry: ClassVar[str] = "control.capacity_changed"


def preview_capacity(query: PreviewCapacity, view: View) -> CapacityShown:
    """Raises ``NOT_FOUND`` for a run or call there is none of, ``REJECTED`` for a capacity that cannot be."""
    at_hand = run_at_hand(view.connection, view.folder, query.run)
    call = at_hand.call(query.call) if query.call else None
    capacity = _whole_capacity(query.capacity or {}, at_hand)
    if capacity == at_hand.capacity:
        return _shown(at_hand, at_hand.state(call), call, capacity)
    rows = selected_rows(at_hand.queue, reselected(at_hand, capacity))
    scope = rows if call is None else rows.filter(pl.col("call") == call.number)
    return _shown(at_hand, with_acts(scope, at_hand.acts), call, capacity)


def change_capacity(command: ChangeCapacity, work: Work) -> Act[CapacityShown]:
    """Raises ``CONFLICT`` where the capacity is so already, or where somebody changed the run meanwhile."""
    with work.store.reading() as connection:
        before = run_at_hand(connection, work.folder, command.run)
    capacity = _whole_capacity(command.capacity, before)
    if capacity == before.capacity:
        raise refuse("capacity.is_so_already", Category.CONFLICT, run=before.run.id)
    facts, kept = keep_frames({"decisions": reselected(before, capacity)}, work.files)

    def act(connection: Connection) -> Done[CapacityShown]:
        at_hand = run_at_hand(connection, work.folder, command.run)
        if at_hand.selection != before.selection or at_hand.approvals != before.approvals:
            raise refuse("capacity.run_moved", Category.CONFLICT, run=at_hand.run.id)
        work.files.recheck(kept)
        name_files(connection, kept, at=work.at)
        added = StoredSelection(
            seq=journal.next_seq(connection),
            run_seq=at_hand.run.seq,
            number=selections.next_number(connection, at_hand.run.seq),
            at=to_text(work.at),
            by=work.actor.name,
            capacity=canonical(capacity),
            seed=at_hand.seed,
            decisions=canonical(facts["decisions"]),
        )
        selections.add_selection(connection, added)
        now = run_at_hand(connection, work.folder, command.run)
        shown = _shown(now, now.state(), None, capacity)
        told = {"run": now.run.id, "selection": added.number, "capacity": capacity, "seed": added.seed}
        told["row"] = row_digest(added)
        return Done(shown, command=told, outcome={"decisions": facts["decisions"]["sha256"]})

    return act


def _whole_capacity(given: Mapping[str, int], at_hand: RunAtHand) -> dict[str, int]:
    in_force = Settings.of({f"capacity.{name}": str(slots) for name, slots in at_hand.capacity.items()})
    return checked_capacity(given, in_force)


def _shown(at_hand: RunAtHand, state: pl.DataFrame, call: Call | None, capacity: Mapping[str, int]) -> CapacityShown:
    controlled = state.filter(pl.col("group") == LISTED)
    standing = state.filter("stands")
    others = standing.filter(pl.col("group") == BELOW)
    order = pl.concat([controlled["score"], others["score"]]).clip(0)
    number = controlled.height
    curve = gain_curve(order, first=max(CURVE_BEYOND * number, number + MOST_LEFT_OUT), marks=(number, number + 1))
    here = next(point for point in curve if point.controls == number)
    beyond = next((point for point in curve if point.controls == number + 1), here)
    used, left_out = used_slots(state), state.filter("left_open").sort("rank")
    names = LeftOut.__slots__
    return CapacityShown(
        run=at_hand.head,
        call=call,
        capacity=capacity,
        uses=tuple(ControlUse(name, capacity[name], **used[name]) for name in SLOTS),
        controls=number,
        drawn=state.filter(~pl.col("group").is_in([LISTED, BELOW])).height,
        reached_permille=here.by_value_permille,
        by_lot_permille=number * WHOLE // order.len() if order.len() else 0,
        next_permille=beyond.by_value_permille,
        curve=curve,
        left_out_count=left_out.height,
        left_out=tuple(LeftOut(**row) for row in left_out.head(MOST_LEFT_OUT).select(names).iter_rows(named=True)),
        list_sha256=list_digest(state),
    )
