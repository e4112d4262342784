"""How orders come to be: by an approved list, an act after it, an officer's reason, a referral, or as a second look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from pratique.flow.controls.draw import MILLION
from pratique.node.access import Actor
from pratique.node.controls.state import OFFICER, RANDOM, SLOTS
from pratique.node.instants import to_text
from pratique.node.runs.at_hand import RunAtHand
from pratique.node.runs.calls import Call
from pratique.node.storage.control_acts import StoredAct
from pratique.node.storage.orders import StoredOrder
from pratique.vocabulary.ids import short_id

SELECTION, BY_OFFICER, REFERRAL, SECOND_LOOK = "selection", OFFICER, "referral", "second_look"


@dataclass(frozen=True, slots=True)
class Stamp:
    """Of which command an order is: the number of its journal entry, when, and by whom."""

    seq: int
    at: datetime
    actor: Actor


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is ordered, on what basis, and why."""

    control: str
    basis: str
    reason: str | None = None
    note: str = ""
    repeats: str | None = None
    rests_on: int = 0


def selected_orders(at_hand: RunAtHand, call: Call, stamp: Stamp) -> list[StoredOrder]:
    """An order for each control of the list of ``call`` as it stands."""
    newest = {act.consignment: act.seq for act in at_hand.acts}
    rows = at_hand.state(call).filter(pl.col("control").is_in(SLOTS), "stands").sort("rank")
    return [
        order_on(
            at_hand, call.id, row, Wanted(row["control"], SELECTION, rests_on=newest.get(row["consignment"], 0)), stamp
        )
        for row in rows.iter_rows(named=True)
    ]


def order_after(at_hand: RunAtHand, row: Mapping[str, Any], act: StoredAct, stamp: Stamp) -> list[StoredOrder]:
    """The order that an act on an approved list makes; none where it asks for no control that takes a slot."""
    if not act.after_approval or act.control not in SLOTS:
        return []
    wanted = Wanted(act.control, SELECTION, act.reason, act.note, rests_on=act.seq)
    return [order_on(at_hand, act.call_id, {**row, "basis": OFFICER}, wanted, stamp)]


def order_on(at_hand: RunAtHand, call_id: str, row: Mapping[str, Any], wanted: Wanted, stamp: Stamp) -> StoredOrder:
    """An order on the consignment of ``row`` (a row of the list as it stands)."""
    chance = row.get(f"probability_{wanted.control}") if wanted.basis == SELECTION and row["basis"] != OFFICER else None
    return StoredOrder(
        id=order_id(at_hand.run.id, row["consignment"], wanted.control, stamp.seq),
        seq=stamp.seq,
        run_seq=at_hand.run.seq,
        run_id=at_hand.run.id,
        call_id=call_id,
        consignment_id=row["consignment_id"],
        consignment=row["consignment"],
        bill=row["bill"],
        control=wanted.control,
        basis=wanted.basis,
        reason=wanted.reason,
        note=wanted.note,
        at=to_text(stamp.at),
        by=stamp.actor.name,
        drawn_at_random=int(wanted.basis == SELECTION and row["basis"] == RANDOM),
        probability_ppm=None if chance is None else round(chance * MILLION),
        repeats=wanted.repeats,
        rests_on=wanted.rests_on,
    )


def order_like(before: StoredOrder, wanted: Wanted, stamp: Stamp) -> StoredOrder:
    """An order on the same consignment as ``before``: a referral, which keeps how it was chosen, or a second look."""
    is_referral = wanted.basis == REFERRAL
    return StoredOrder(
        id=order_id(before.run_id, before.consignment, wanted.control, stamp.seq),
        seq=stamp.seq,
        run_seq=before.run_seq,
        run_id=before.run_id,
        call_id=before.call_id,
        consignment_id=before.consignment_id,
        consignment=before.consignment,
        bill=before.bill,
        control=wanted.control,
        basis=wanted.basis,
        reason=wanted.reason,
        note=wanted.note,
        at=to_text(stamp.at),
        by=stamp.actor.name,
        drawn_at_random=before.drawn_at_random if is_referral else 0,
        probability_ppm=before.probability_ppm if is_referral else None,
        repeats=wanted.repeats or (before.repeats if is_referral else None),
    )


def order_id(run_id: str, consignment: int, control: str, seq: int) -> str:
    """The short id of an order: one command makes one order of a kind on a consignment."""
    return short_id("order", run_id, str(consignment), control, str(seq))


def facts_of(orders: Iterable[StoredOrder]) -> dict[str, object]:
    """Orders as the journal names them: ids alone, since the rows are bound by their digest."""
    return {"orders": [each.id for each in orders]}
