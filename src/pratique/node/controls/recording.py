"""What the handlers of controls share: an event of an order on its way into the store, and how the journal names it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from pratique.flow.controls.lifecycle import OrderEvent
from pratique.node.acts import Act, Done, Work
from pratique.node.canonical import canonical, digest
from pratique.node.controls.order_at_hand import OrderAtHand, order_at_hand, require_not_released, require_permitted
from pratique.node.controls.order_lines import OrderLine, order_line
from pratique.node.instants import to_text
from pratique.node.storage import journal
from pratique.node.storage.orders import StoredEvent, add_event
from pratique.node.storage.store import Connection

Details = Callable[[OrderAtHand, Connection], Mapping[str, object]]
RECORDED: Final = "recorded"


def recorded(order: str, event: OrderEvent, details: Details, work: Work) -> Act[OrderLine]:
    """An act that records one event of an order, where its state, the clock and ``details`` permit."""

    def act(connection: Connection) -> Done[OrderLine]:
        before = order_at_hand(connection, order)
        require_open_consignment(connection, before, event, work.at)
        row = note_event(connection, before, event, details(before, connection), work)
        line = order_line(order_at_hand(connection, order), work.actor, frozenset())
        return Done(line, command=told(before, row), outcome={"state": line.state})

    return act


def require_open_consignment(connection: Connection, at_hand: OrderAtHand, event: OrderEvent, at: datetime) -> None:
    """Raises ``CONFLICT`` where the consignment is released, or the order is not in a state for the event."""
    one = at_hand.order
    require_not_released(connection, one.run_seq, one.consignment, one.consignment_id)
    require_permitted(at_hand, event, at)


def note_event(
    connection: Connection, at_hand: OrderAtHand, event: OrderEvent, details: Mapping[str, object], work: Work
) -> StoredEvent:
    """Adds the event to the store."""
    row = StoredEvent(
        seq=journal.next_seq(connection),
        order_id=at_hand.order.id,
        event=event.value,
        at=to_text(work.at),
        by=work.actor.name,
        details=canonical(dict(details)),
    )
    add_event(connection, row)
    return row


def told(at_hand: OrderAtHand, *rows: Any) -> dict[str, object]:
    """How the journal names what was recorded: the order, its consignment, and the digest of the new rows."""
    one = at_hand.order
    return {"order": one.id, "run": one.run_id, "consignment": one.consignment_id, RECORDED: rows_digest(*rows)}


def rows_digest(*rows: Any) -> str:
    """SHA-256 (hex) of the rows that a command made, in whatever order; the journal has it under ``RECORDED``."""
    return digest_of([digest(asdict(row)) for row in rows])


def digest_of(digests: Iterable[str]) -> str:
    """The same, of the digests of the rows."""
    return digest(sorted(digests))
