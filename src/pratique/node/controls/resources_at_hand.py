"""Resources as they are now: their shifts, whether they are out of use, and whether a shift has room for an order."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pratique.flow.controls.lifecycle import OrderEvent, OrderState
from pratique.flow.controls.shifts import Down, Shift, window
from pratique.node.controls.order_at_hand import OrderAtHand, orders_at_hand
from pratique.node.errors import refuse
from pratique.node.instants import from_text, to_text
from pratique.node.storage import resources as stored
from pratique.node.storage.orders import Scope, at_work
from pratique.node.storage.resources import StoredResource, StoredResourceEvent
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category

DOWN, UP = "down", "up"
NEVER = "9999"  # no moment is behind it
AHEAD = timedelta(days=92)  # nobody assigns a control longer before its day
EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True, slots=True)
class ResourceAtHand:
    """One resource; ``downs`` are the stretches in which it was out of use, oldest first."""

    stored: StoredResource
    shifts: tuple[Shift, ...]
    downs: tuple[Down, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of its shifts."""
        return ZoneInfo(self.stored.time_zone)

    @property
    def out_of_use(self) -> Down | None:
        """The stretch that lasts; ``None`` where it is fit for work."""
        return self.downs[-1] if self.downs and self.downs[-1].until is None else None

    def shift(self, name: str) -> Shift | None:
        """The shift of that name."""
        return next((each for each in self.shifts if each.name == name), None)


def resources_at_hand(connection: Connection) -> dict[str, ResourceAtHand]:
    """Every resource by id."""
    events = stored.resource_events(connection)
    return {
        each.id: ResourceAtHand(each, shifts_of(each.shifts), _downs(events.get(each.id, ())))
        for each in stored.resources(connection).values()
    }


def resource_at_hand(connection: Connection, ref: str) -> ResourceAtHand:
    """The resource of that id. Raises ``NOT_FOUND``."""
    known = resources_at_hand(connection)
    found = known.get(ref.strip().lower())
    if found is None:
        raise refuse("resources.not_found", Category.NOT_FOUND, resource=ref, known=", ".join(known) or "none")
    return found


def shifts_of(text: str) -> tuple[Shift, ...]:
    """Shifts out of their JSON."""
    return tuple(
        Shift(
            each["name"],
            time.fromisoformat(each["starts"]),
            time.fromisoformat(each["ends"]),
            each["capacity"],
            tuple(each["days"]),
        )
        for each in json.loads(text)
    )


def require_day(day: date) -> None:
    """Raises ``REJECTED`` for a day on which nobody will ever work."""
    if not EARLIEST <= day <= LATEST:
        raise refuse("resources.no_day", day=day.isoformat())


def work_of(day: date, since: datetime | None) -> Scope:
    """The orders that are assigned for ``day``, and those that ended since a moment."""
    first = to_text(datetime.combine(day, time(), UTC) - AHEAD)
    return at_work(day.isoformat(), assigned_since=first, ended_since=to_text(since) if since else NEVER)


def require_fit(connection: Connection, at_hand: OrderAtHand, *, resource_id: str, day: date, shift: str) -> str:
    """The id of the resource, where it can take the order on that shift.

    Raises ``NOT_FOUND``, ``REJECTED`` (kind, shift), ``CONFLICT`` (out of use, full).
    """
    require_day(day)
    found = resource_at_hand(connection, resource_id)
    one = found.stored
    if one.kind != at_hand.kind.resource:
        told = {"resource": one.id, "kind": one.kind, "control": at_hand.order.control, "wanted": at_hand.kind.resource}
        raise refuse("resources.wrong_kind", **told)
    taken = found.shift(shift)
    if taken is None or window(taken, day, found.zone) is None:
        known = ", ".join(each.name for each in found.shifts)
        raise refuse("resources.no_shift", resource=one.id, shift=shift, day=day.isoformat(), known=known)
    if found.out_of_use is not None:
        told = {"resource": one.id, "reason": found.out_of_use.reason}
        raise refuse("resources.out_of_use", Category.CONFLICT, **told)
    of_the_day = orders_at_hand(connection, work_of(day, None))
    others = [each for each in of_the_day if each.order.id != at_hand.order.id]
    if len(on_shift(others, resource_id=one.id, day=day.isoformat(), shift=shift)) >= taken.capacity:
        told = {"resource": one.id, "shift": shift, "capacity": str(taken.capacity)}
        raise refuse("resources.shift_full", Category.CONFLICT, **told)
    return one.id


def on_shift(orders: Iterable[OrderAtHand], *, resource_id: str, day: str, shift: str) -> list[OrderAtHand]:
    """The orders that a resource has on a shift, those cancelled aside."""
    wanted = {"resource": resource_id, "day": day, "shift": shift}
    found = []
    for each in orders:
        assigned = each.details(OrderEvent.ASSIGNED)
        if each.state is not OrderState.CANCELLED and wanted.items() <= assigned.items():
            found.append(each)
    return found


def _downs(events: Iterable[StoredResourceEvent]) -> tuple[Down, ...]:
    found: list[Down] = []
    for each in events:
        if each.event == DOWN:
            found.append(Down(from_text(each.at), None, each.reason or ""))
        else:
            found[-1] = Down(found[-1].since, from_text(each.at), found[-1].reason)
    return tuple(found)
