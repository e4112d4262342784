"""The life of an order: ordered, assigned, started, done; referred to another control, or cancelled on the way.

The state is not kept: it follows from what was recorded of the order, and from the control list. A waiver or an
override that stands on the consignment cancels an order that the selection made; undone, the order stands again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class OrderState(StrEnum):
    """Where an order is."""

    ORDERED = "ordered"
    ASSIGNED = "assigned"
    STARTED = "started"
    REFERRED = "referred"
    DONE = "done"
    CANCELLED = "cancelled"


class OrderEvent(StrEnum):
    """What can be recorded of an order."""

    ASSIGNED = "assigned"
    STARTED = "started"
    ANSWERED = "answered"
    REFERRED = "referred"
    CONCLUDED = "concluded"  # controlled, with an outcome
    GIVEN_UP = "given_up"  # not controlled, with a coded reason


OPEN: Final = (OrderState.ORDERED, OrderState.ASSIGNED, OrderState.STARTED)
_WAITING: Final = frozenset({OrderState.ORDERED, OrderState.ASSIGNED})
_AT_WORK: Final = frozenset({OrderState.STARTED})
PERMITTED: Final[Mapping[OrderEvent, frozenset[OrderState]]] = {
    OrderEvent.ASSIGNED: _WAITING,
    OrderEvent.STARTED: _WAITING,
    OrderEvent.ANSWERED: _AT_WORK,
    OrderEvent.REFERRED: _AT_WORK,
    OrderEvent.CONCLUDED: _AT_WORK,
    OrderEvent.GIVEN_UP: _WAITING | _AT_WORK,
}
_LEADS_TO: Final[Mapping[OrderEvent, OrderState]] = {
    OrderEvent.ASSIGNED: OrderState.ASSIGNED,
    OrderEvent.STARTED: OrderState.STARTED,
    OrderEvent.ANSWERED: OrderState.STARTED,
    OrderEvent.REFERRED: OrderState.REFERRED,
    OrderEvent.CONCLUDED: OrderState.DONE,
    OrderEvent.GIVEN_UP: OrderState.DONE,
}


def state_after(events: Iterable[str], *, cancelled: bool = False) -> OrderState:
    """The state of an order of which ``events`` were recorded, oldest first.

    ``cancelled``: the control list no longer asks for it. What was finished before stays finished.
    """
    state = OrderState.ORDERED
    for event in events:
        state = _LEADS_TO[OrderEvent(event)]
    return OrderState.CANCELLED if cancelled and state in OPEN else state


def permits(state: OrderState, event: OrderEvent) -> bool:
    """Whether ``event`` may be recorded of an order in that state."""
    return state in PERMITTED[event]
