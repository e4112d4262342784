"""Orders of controls and what was recorded of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, Select, exists, insert, select

from pratique.node.storage.bulk import insert_rows
from pratique.node.storage.control_tables import control_event, control_order, second_look_draw

Scope: TypeAlias = ColumnElement[bool]
"""Which orders a question is about, so that years of others are not read for it."""

MOST_AT_ONCE: Final = 500
ENDING: Final = ("referred", "concluded", "given_up")  # see flow.controls.lifecycle


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """One order. ``seq`` is the number of its journal entry, ``consignment`` the number inside the run's frames.

    ``basis`` is selection, officer, referral or second_look; ``repeats`` the order of which it is a second look;
    ``rests_on`` the number of the act on the control list that asks for it, 0 where the selection itself does.
    """

    id: str
    seq: int
    run_seq: int
    run_id: str
    call_id: str
    consignment_id: str
    consignment: int
    bill: str | None
    control: str
    basis: str
    reason: str | None
    note: str
    at: str
    by: str
    drawn_at_random: int
    probability_ppm: int | None
    repeats: str | None = None
    rests_on: int = 0


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """Something recorded of an order; ``details`` is a canonical JSON object."""

    seq: int
    order_id: str
    event: str
    at: str
    by: str
    details: str


@dataclass(frozen=True, slots=True)
class StoredDraw:
    """That a control was in the draw of second looks: with which chance, and whether it was drawn."""

    order_id: str
    seq: int
    seed: int
    probability_ppm: int
    drawn: int


def add_orders(connection: Connection, orders: Iterable[StoredOrder]) -> None:
    """Adds orders of one command."""
    insert_rows(connection, control_order, StoredOrder.__slots__, [astuple(each) for each in orders])


def add_event(connection: Connection, event: StoredEvent) -> None:
    """Adds an event of an order."""
    connection.execute(insert(control_event).values(**asdict(event)))


def add_draws(connection: Connection, draws: Iterable[StoredDraw]) -> None:
    """Adds what was in a draw of second looks."""
    insert_rows(connection, second_look_draw, StoredDraw.__slots__, [astuple(each) for each in draws])


def order_by_id(connection: Connection, order_id: str) -> StoredOrder | None:
    """The order of that short id."""
    found = _orders(connection, _wanted().where(control_order.c.id == order_id))
    return found[0] if found else None


def orders_in(connection: Connection, scope: Scope | None) -> list[StoredOrder]:
    """The orders of a scope, else every order, oldest first."""
    return _orders(connection, _wanted() if scope is None else _wanted().where(scope))


def events_of(connection: Connection, ids: Sequence[str] | None) -> list[StoredEvent]:
    """What was recorded of these orders, else of every one, oldest first."""
    if ids is None:
        return _events(connection, _events_wanted())
    some = (_events_wanted().where(control_event.c.order_id.in_(each)) for each in in_pieces(ids))
    return [event for wanted in some for event in _events(connection, wanted)]


def in_pieces(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """The ids in pieces that one statement takes."""
    return (ids[start : start + MOST_AT_ONCE] for start in range(0, len(ids), MOST_AT_ONCE))


def events_of_order(connection: Connection, order_id: str) -> list[StoredEvent]:
    """What was recorded of an order, oldest first."""
    return _events(connection, _events_wanted().where(control_event.c.order_id == order_id))


def of_run(run_seq: int) -> Scope:
    """The orders of a run."""
    return control_order.c.run_seq == run_seq


def of_consignment(run_seq: int, consignment: int) -> Scope:
    """The orders on one consignment of a run."""
    return of_run(run_seq) & (control_order.c.consignment == consignment)


def given_since(moment: str) -> Scope:
    """The orders that were given from that moment on."""
    return control_order.c.at >= moment


def not_ended() -> Scope:
    """The orders that nothing has ended yet; what a waiver cancelled is among them."""
    mine = control_event.c.order_id == control_order.c.id
    return ~exists().where(mine, control_event.c.event.in_(ENDING))


def at_work(day: str, *, assigned_since: str, ended_since: str) -> Scope:
    """The orders that were assigned for a day (``YYYY-MM-DD``) since a moment, and those that ended since one."""
    event = control_event.c
    for_day = event.details.contains(f'"day":"{day}"', autoescape=True)
    assigned = select(event.order_id).where(event.event == "assigned", event.at >= assigned_since, for_day)
    ended = select(event.order_id).where(event.event.in_(ENDING), event.at >= ended_since)
    return control_order.c.id.in_(assigned.union(ended))


def draws(connection: Connection) -> dict[str, StoredDraw]:
    """Every control that was in a draw of second looks, by the id of its order."""
    rows = connection.execute(select(second_look_draw).order_by(second_look_draw.c.order_id))
    return {row.order_id: StoredDraw(**row._asdict()) for row in rows}


def _wanted() -> Select[Any]:
    columns = (control_order.c[name] for name in StoredOrder.__slots__)
    return select(*columns).order_by(control_order.c.seq, control_order.c.consignment)


def _orders(connection: Connection, wanted: Select[Any]) -> list[StoredOrder]:
    return [StoredOrder(**row._asdict()) for row in connection.execute(wanted)]


def _events_wanted() -> Select[Any]:
    return select(*(control_event.c[name] for name in StoredEvent.__slots__)).order_by(control_event.c.seq)


def _events(connection: Connection, wanted: Select[Any]) -> list[StoredEvent]:
    return [StoredEvent(**row._asdict()) for row in connection.execute(wanted)]
