"""An order with everything that was recorded of it, and the state that follows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pratique.flow.controls.catalogue import ControlType, catalogue
from pratique.flow.controls.lifecycle import OPEN, OrderEvent, OrderState, permits, state_after
from pratique.node.controls.ordering import SELECTION
from pratique.node.controls.state import ActKind
from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.storage import control_outcomes, orders
from pratique.node.storage.control_acts import StoredAct, acts_of_consignment, standing_acts
from pratique.node.storage.control_outcomes import StoredOutcome
from pratique.node.storage.orders import Scope, StoredEvent, StoredOrder
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class OrderAtHand:
    """One order. ``events`` and ``outcomes`` are oldest first; ``cancelled_by`` is the act that took it off the list.

    An order can be cancelled without one: where the act that asked for it was undone.
    """

    order: StoredOrder
    events: tuple[StoredEvent, ...]
    outcomes: tuple[StoredOutcome, ...]
    is_cancelled: bool
    cancelled_by: StoredAct | None

    @property
    def state(self) -> OrderState:
        """Where it is."""
        return state_after((each.event for each in self.events), cancelled=self.is_cancelled)

    @property
    def is_open(self) -> bool:
        """It waits for somebody."""
        return self.state in OPEN

    @property
    def kind(self) -> ControlType:
        """The kind of control with its checklist."""
        return catalogue().types[self.order.control]

    @property
    def standing(self) -> StoredOutcome | None:
        """The record of its outcome that stands."""
        return self.outcomes[-1] if self.outcomes else None

    def details(self, event: OrderEvent) -> Mapping[str, Any]:
        """What was recorded with the newest event of that kind; empty where there is none."""
        found = self.last(event)
        told: Mapping[str, Any] = json.loads(found.details) if found else {}
        return told

    def last(self, event: OrderEvent) -> StoredEvent | None:
        """The newest event of that kind."""
        return next((each for each in reversed(self.events) if each.event == event), None)

    @property
    def answers(self) -> dict[str, dict[str, str]]:
        """The newest answer to each step: ``answer`` and ``text``."""
        found: dict[str, dict[str, str]] = {}
        for each in self.events:
            if each.event == OrderEvent.ANSWERED:
                found |= json.loads(each.details)["answers"]
        return found


def order_at_hand(connection: Connection, ref: str) -> OrderAtHand:
    """The order of that short id. Raises ``NOT_FOUND``."""
    found = orders.order_by_id(connection, ref.strip().upper())
    if found is None:
        raise refuse("controls.no_order", Category.NOT_FOUND, order=ref)
    acts = [
        each for each in acts_of_consignment(connection, found.run_seq, found.consignment) if each.undone_seq is None
    ]
    events = orders.events_of_order(connection, found.id)
    outcomes = control_outcomes.outcomes_of_order(connection, found.id)
    return _at_hand(found, events, outcomes, acts[-1] if acts else None)


def orders_at_hand(connection: Connection, scope: Scope | None = None) -> list[OrderAtHand]:
    """Every order of the scope, else every order there is, oldest first."""
    found = orders.orders_in(connection, scope)
    ids = None if scope is None else [each.id for each in found]
    events: dict[str, list[StoredEvent]] = {}
    for event in orders.events_of(connection, ids):
        events.setdefault(event.order_id, []).append(event)
    newest: dict[tuple[int, int], StoredAct] = {}
    for seq in {each.run_seq for each in found}:
        newest |= {(seq, act.consignment): act for act in standing_acts(connection, seq)}
    records: dict[str, list[StoredOutcome]] = {}
    for outcome in control_outcomes.outcomes_of(connection, ids):
        records.setdefault(outcome.order_id, []).append(outcome)
    return [
        _at_hand(each, events.get(each.id, ()), records.get(each.id, ()), newest.get((each.run_seq, each.consignment)))
        for each in found
    ]


def require_permitted(at_hand: OrderAtHand, event: OrderEvent, at: datetime) -> None:
    """Raises ``CONFLICT`` where the order is not in a state for it, or where the clock went back behind its record."""
    order = at_hand.order
    if not permits(at_hand.state, event):
        code = "controls.cancelled" if at_hand.state is OrderState.CANCELLED else "controls.not_now"
        raise refuse(code, Category.CONFLICT, order=order.id, state=at_hand.state.value, event=event.value)
    require_clock(at_hand, at)


def require_clock(at_hand: OrderAtHand, at: datetime) -> None:
    """Raises ``CONFLICT`` where the clock stands before what was recorded of the order already."""
    recorded = [each.at for each in at_hand.events] + [each.at for each in at_hand.outcomes]
    newest = max(at_hand.order.at, *recorded, "")
    if to_text(at) < newest:
        raise refuse("controls.clock_back", Category.CONFLICT, order=at_hand.order.id, now=to_text(at), last=newest)


def require_not_concluded(connection: Connection, run_seq: int, consignment: int, consignment_id: str) -> None:
    """Raises ``CONFLICT`` where the consignment has an outcome or was released: the list no longer changes for it."""
    require_not_released(connection, run_seq, consignment, consignment_id)
    found = control_outcomes.concluded(connection, run_seq, consignment)
    if found:
        raise refuse("controls.concluded", Category.CONFLICT, consignment=consignment_id, outcome=found[0])


def require_not_released(connection: Connection, run_seq: int, consignment: int, consignment_id: str) -> None:
    """Raises ``CONFLICT`` where the consignment was released."""
    release = control_outcomes.releases(connection, run_seq).get(consignment)
    if release is not None:
        raise refuse("controls.released", Category.CONFLICT, consignment=consignment_id, at=release.at, by=release.by)


def _at_hand(
    order: StoredOrder, events: Iterable[StoredEvent], outcomes: Iterable[StoredOutcome], newest: StoredAct | None
) -> OrderAtHand:
    cancelled = _is_cancelled(order, newest)
    return OrderAtHand(order, tuple(events), tuple(outcomes), cancelled, newest if cancelled else None)


def _is_cancelled(order: StoredOrder, newest: StoredAct | None) -> bool:
    """An order of the selection follows the list; any other goes on until a waiver after it."""
    if order.repeats is not None:
        return False
    if order.basis == SELECTION:
        return order.rests_on != 0 if newest is None else newest.control != order.control
    return newest is not None and newest.kind == ActKind.WAIVED and newest.seq > order.seq
