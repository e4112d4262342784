"""Orders as officers see them: what each may know of how it was chosen, and of a result that is looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pratique.flow.controls.lifecycle import OrderEvent
from pratique.node.access import Actor
from pratique.node.controls.order_at_hand import OrderAtHand
from pratique.node.controls.ordering import SECOND_LOOK, SELECTION
from pratique.node.runs.draw import told_of_the_draw


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is to do it: a resource on a shift of a day (``YYYY-MM-DD``), and the officer where one is named."""

    resource: str
    day: str
    shift: str
    officer: str


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One order. ``outcome`` is that of its standing record; ``hidden``: there is one that this officer may not see.

    ``drawn_at_random``, ``probability_ppm`` and ``repeats`` are ``None`` for who only inspects, and a second look looks
    like any other order, so that it is searched like any other.
    """

    id: str
    run: str
    call: str
    consignment_id: str
    bill: str | None
    control: str
    basis: str
    reason: str | None
    state: str
    at: str
    by: str
    assigned: Assignment | None
    started_by: str | None
    started_at: str | None
    outcome: str | None
    hidden: bool
    steps_done: int
    steps: int
    drawn_at_random: bool | None
    probability_ppm: int | None
    repeats: str | None


def order_line(at_hand: OrderAtHand, actor: Actor, awaited: frozenset[str]) -> OrderLine:
    """The order as ``actor`` may see it; ``awaited`` are the orders whose second look is not finished."""
    order, told = at_hand.order, told_of_the_draw(actor)
    started, standing = at_hand.last(OrderEvent.STARTED), at_hand.standing
    hidden = standing is not None and is_hidden(at_hand, actor, awaited)
    assigned = at_hand.details(OrderEvent.ASSIGNED)
    return OrderLine(
        id=order.id,
        run=order.run_id,
        call=order.call_id,
        consignment_id=order.consignment_id,
        bill=order.bill,
        control=order.control,
        basis=SELECTION if order.basis == SECOND_LOOK and not told else order.basis,
        reason=order.reason,
        state=at_hand.state.value,
        at=order.at,
        by=order.by if told else "",
        assigned=Assignment(**assigned) if assigned else None,
        started_by=started.by if started else None,
        started_at=started.at if started else None,
        outcome=None if standing is None or hidden else standing.outcome,
        hidden=hidden,
        steps_done=len(at_hand.answers),
        steps=len(at_hand.kind.steps),
        drawn_at_random=bool(order.drawn_at_random) if told else None,
        probability_ppm=order.probability_ppm if told else None,
        repeats=order.repeats if told else None,
    )


def is_hidden(at_hand: OrderAtHand, actor: Actor, awaited: frozenset[str]) -> bool:
    """Whether the result waits for a second look and ``actor``, who may be asked for it, did not record it."""
    return (
        at_hand.order.id in awaited
        and not told_of_the_draw(actor)
        and actor.name not in {each.by for each in at_hand.outcomes}
    )


def awaited_second_looks(orders: Iterable[OrderAtHand]) -> frozenset[str]:
    """The orders of which a second look is open."""
    return frozenset(each.order.repeats for each in orders if each.order.repeats is not None and each.is_open)


def is_of(line: OrderLine, actor: Actor) -> bool:
    """Whether the order is in the hands of ``actor``, or of nobody yet."""
    mine = (actor.name, actor.login or actor.name)
    if line.started_by is not None:
        return line.started_by == actor.name
    return line.assigned is None or not line.assigned.officer or line.assigned.officer in mine


def counts(lines: Iterable[OrderLine]) -> Mapping[str, int]:
    """How many orders are in which state."""
    found: dict[str, int] = {}
    for each in lines:
        found[each.state] = found.get(each.state, 0) + 1
    return dict(sorted(found.items()))
