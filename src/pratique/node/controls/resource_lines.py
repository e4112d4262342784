"""A resource as the board shows it: its shifts of a day, how full they are, its uptime, use, yield and cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from pratique.flow.controls.lifecycle import OrderEvent
from pratique.flow.controls.outcomes import CONTROLLED, FOUND
from pratique.flow.controls.shifts import seconds_down, seconds_on_duty, window
from pratique.node.controls.order_at_hand import OrderAtHand
from pratique.node.controls.resources_at_hand import ResourceAtHand, on_shift
from pratique.node.instants import from_text, to_text

WHOLE: Final = 1000
HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """One shift of the day: from when to when (UTC), how many controls it takes, has, and has finished."""

    name: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    assigned: int
    finished: int


@dataclass(frozen=True, slots=True)
class ResourceLine:
    """One resource. Seconds are of its shifts: ``on_duty_s`` in all, ``down_s`` out of use by reason.

    ``uptime_permille`` is ``None`` where it had no shift. ``controls`` were finished in that time, ``finds`` of them
    found something; ``cost_minor`` is in minor units of ``currency``.
    """

    id: str
    kind: str
    name: str
    time_zone: str
    out_of_use: str | None
    out_since: datetime | None
    shifts: tuple[ShiftLine, ...]
    on_duty_s: int
    down_s: dict[str, int]
    uptime_permille: int | None
    controls: int
    finds: int
    currency: str | None
    cost_minor: int | None


def resource_line(
    found: ResourceAtHand, orders: Sequence[OrderAtHand], *, day: date, since: datetime, until: datetime
) -> ResourceLine:
    """The line of a resource for ``day``; uptime, use and cost are of the time between the two moments.

    A resource is not judged for the time before it was there.
    """
    first = max(since, _known_since(found))
    on_duty = seconds_on_duty(found.shifts, found.zone, first, until) if first < until else 0
    down = seconds_down(found.shifts, found.zone, first, until, found.downs) if on_duty else {}
    done = _finished(found, orders, since, until)
    one = found.stored
    return ResourceLine(
        id=one.id,
        kind=one.kind,
        name=one.name,
        time_zone=one.time_zone,
        out_of_use=found.out_of_use.reason if found.out_of_use else None,
        out_since=found.out_of_use.since if found.out_of_use else None,
        shifts=tuple(_shifts(found, orders, day)),
        on_duty_s=on_duty,
        down_s=down,
        uptime_permille=(on_duty - sum(down.values())) * WHOLE // on_duty if on_duty else None,
        controls=len(done),
        finds=sum(each.standing is not None and each.standing.outcome in FOUND for each in done),
        currency=one.currency,
        cost_minor=_cost(found, len(done), on_duty),
    )


def _known_since(found: ResourceAtHand) -> datetime:
    moments = [from_text(found.stored.at), *(each.since for each in found.downs)]
    return min(moments)


def _shifts(found: ResourceAtHand, orders: Sequence[OrderAtHand], day: date) -> list[ShiftLine]:
    lines = []
    for shift in found.shifts:
        lasts = window(shift, day, found.zone)
        if lasts is not None:
            mine = on_shift(orders, resource_id=found.stored.id, day=day.isoformat(), shift=shift.name)
            finished = sum(each.standing is not None for each in mine)
            lines.append(ShiftLine(shift.name, *lasts, shift.capacity, len(mine), finished))
    return lines


def _finished(
    found: ResourceAtHand, orders: Sequence[OrderAtHand], since: datetime, until: datetime
) -> list[OrderAtHand]:
    """The controls that the resource carried out between the two moments."""
    first, last = to_text(since), to_text(until)
    return [
        each
        for each in orders
        if each.standing is not None
        and each.standing.outcome in CONTROLLED
        and first <= each.standing.controlled_at <= last
        and each.details(OrderEvent.ASSIGNED).get("resource") == found.stored.id
    ]


def _cost(found: ResourceAtHand, controls: int, on_duty_s: int) -> int | None:
    one = found.stored
    if one.currency is None:
        return None
    return controls * (one.cost_per_control_minor or 0) + on_duty_s * (one.cost_per_hour_minor or 0) // HOUR
