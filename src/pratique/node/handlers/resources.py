"""Resources of controls: scanners, teams, laboratories; their shifts, cost, and when they were out of use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from pratique.flow.controls.catalogue import catalogue
from pratique.flow.controls.outcomes import LARGEST
from pratique.flow.controls.shifts import Shift, slots_of, window
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.canonical import canonical
from pratique.node.controls.order_at_hand import orders_at_hand
from pratique.node.controls.reason_codes import checked_note, checked_reason
from pratique.node.controls.recording import RECORDED, rows_digest
from pratique.node.controls.resource_lines import ResourceLine, resource_line
from pratique.node.controls.resources_at_hand import (
    DOWN,
    UP,
    ResourceAtHand,
    require_day,
    resource_at_hand,
    resources_at_hand,
    work_of,
)
from pratique.node.errors import refuse
from pratique.node.instants import from_text, to_text
from pratique.node.storage import journal
from pratique.node.storage import resources as stored
from pratique.node.storage.resources import StoredResource, StoredResourceEvent
from pratique.node.storage.store import Connection
from pratique.vocabulary.codes import currency
from pratique.vocabulary.errors import Category

MOST_SHIFTS: Final = 12
MOST_SLOTS: Final = 100_000
LONGEST_NAME: Final = 80
MOST_DAYS: Final = 366
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_SHIFT: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a resource costs, in minor units of ``currency``: each control, and each hour on duty."""

    currency: str
    per_control_minor: int = 0
    per_hour_minor: int = 0


@dataclass(frozen=True, slots=True)
class ResourceBoard:
    """Every resource on one day, and over the ``days`` up to now."""

    day: date
    days: int
    resources: tuple[ResourceLine, ...]


@dataclass(frozen=True, slots=True)
class ShiftSlots:
    """Slots by control (open, scan, documents) that the resources fit for work give on a shift, and who is left out."""

    day: date
    shift: str
    slots: dict[str, int]
    out_of_use: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PutResource(Command[StoredResource]):
    """Adds a resource or gives it a new version. ``kind`` is one that a control needs; shifts are local times."""

    id: str
    kind: str
    name: str
    time_zone: str
    shifts: tuple[Shift, ...]
    cost: Cost | None = None
    entry: ClassVar[str] = "resources.changed"


@dataclass(frozen=True, slots=True)
class TakeOutOfUse(Command[StoredResourceEvent]):
    """Says that a resource cannot be used from now on, with a coded reason."""

    resource: str
    reason: str
    note: str = ""
    entry: ClassVar[str] = "resources.taken_out_of_use"


@dataclass(frozen=True, slots=True)
class BringIntoUse(Command[StoredResourceEvent]):
    """Says that a resource can be used again from now on."""

    resource: str
    note: str = ""
    entry: ClassVar[str] = "resources.brought_into_use"


@dataclass(frozen=True, slots=True)
class ShowResources(Query[ResourceBoard]):
    """The resources board of a day (else today) with use and uptime over so many days up to now."""

    day: date | None = None
    days: int = 7


@dataclass(frozen=True, slots=True)
class ReadShiftSlots(Query[ShiftSlots]):
    """What an assessment may count on: the slots of a shift of a day (else today)."""

    shift: str
    day: date | None = None


def put_resource(command: PutResource, work: Work) -> Act[StoredResource]:
    """Raises ``REJECTED`` and says which field does not fit, ``CONFLICT`` where the kind would change."""
    _check_resource(command)
    _check_shifts(command.shifts)
    _check_cost(command.cost)

    def act(connection: Connection) -> Done[StoredResource]:
        before = stored.resources(connection).get(command.id)
        if before is not None and before.kind != command.kind:
            raise refuse("resources.other_kind", Category.CONFLICT, resource=command.id, kind=before.kind)
        added = StoredResource(
            seq=journal.next_seq(connection),
            id=command.id,
            kind=command.kind,
            name=command.name.strip(),
            time_zone=command.time_zone,
            shifts=_shifts_text(command.shifts),
            currency=command.cost.currency if command.cost else None,
            cost_per_control_minor=command.cost.per_control_minor if command.cost else None,
            cost_per_hour_minor=command.cost.per_hour_minor if command.cost else None,
            at=to_text(work.at),
            by=work.actor.name,
        )
        stored.add_resource(connection, added)
        return Done(added, command={"resource": added.id, RECORDED: rows_digest(added)}, outcome={"kind": added.kind})

    return act


def take_out_of_use(command: TakeOutOfUse, work: Work) -> Act[StoredResourceEvent]:
    """Raises ``NOT_FOUND``, ``REJECTED`` (reason), ``CONFLICT`` where it is out of use already."""
    reason, note = checked_reason("down", command.reason, command.note)
    return _event(command.resource, DOWN, reason, note, work)


def bring_into_use(command: BringIntoUse, work: Work) -> Act[StoredResourceEvent]:
    """Raises ``NOT_FOUND``, ``CONFLICT`` where it is in use."""
    return _event(command.resource, UP, None, checked_note(command.note), work)


def show_resources(query: ShowResources, view: View) -> ResourceBoard:
    """Raises ``REJECTED`` for a number of days that is none."""
    if not 1 <= query.days <= MOST_DAYS:
        raise refuse("resources.no_days", days=query.days, most=MOST_DAYS)
    day = query.day or view.at.date()
    require_day(day)
    since = view.at - timedelta(days=query.days)
    orders = orders_at_hand(view.connection, work_of(day, since))
    lines = [
        resource_line(each, orders, day=day, since=since, until=view.at)
        for each in resources_at_hand(view.connection).values()
    ]
    return ResourceBoard(day, query.days, tuple(lines))


def read_shift_slots(query: ReadShiftSlots, view: View) -> ShiftSlots:
    """Raises ``NOT_FOUND`` where no resource has a shift of that name on that day."""
    on_duty, out_of_use = [], []
    require_day(query.day or view.at.date())
    known = resources_at_hand(view.connection)
    for each in known.values():
        day = query.day or view.at.astimezone(each.zone).date()
        shift = each.shift(query.shift)
        if shift is None or window(shift, day, each.zone) is None:
            continue
        if each.out_of_use is not None:
            out_of_use.append(each.stored.id)
        else:
            on_duty.append((each.stored.kind, shift.capacity))
    if not on_duty and not out_of_use:
        names = sorted({shift.name for each in known.values() for shift in each.shifts})
        raise refuse("resources.nobody_on_shift", Category.NOT_FOUND, shift=query.shift, known=", ".join(names) or "–")
    shown = query.day or view.at.date()
    return ShiftSlots(shown, query.shift, dict(slots_of(on_duty)), tuple(out_of_use))


def _event(ref: str, event: str, reason: str | None, note: str, work: Work) -> Act[StoredResourceEvent]:
    def act(connection: Connection) -> Done[StoredResourceEvent]:
        found = resource_at_hand(connection, ref)
        if (found.out_of_use is not None) == (event == DOWN):
            code = "resources.down_already" if event == DOWN else "resources.up_already"
            raise refuse(code, Category.CONFLICT, resource=found.stored.id)
        _require_clock(found, work.at)
        added = StoredResourceEvent(
            seq=journal.next_seq(connection),
            resource_id=found.stored.id,
            event=event,
            reason=reason,
            note=note,
            at=to_text(work.at),
            by=work.actor.name,
        )
        stored.add_resource_event(connection, added)
        told = {"resource": added.resource_id, "reason": reason, RECORDED: rows_digest(added)}
        return Done(added, command=told, outcome={"event": event})

    return act


def _require_clock(found: ResourceAtHand, at: datetime) -> None:
    last = found.downs[-1] if found.downs else None
    newest = (last.until or last.since) if last else from_text(found.stored.at)
    if at < newest:
        told = {"resource": found.stored.id, "now": to_text(at), "last": to_text(newest)}
        raise refuse("resources.clock_back", Category.CONFLICT, **told)


def _check_resource(command: PutResource) -> None:
    kinds = catalogue().resource_kinds
    if not _ID.fullmatch(command.id):
        raise refuse("resources.no_id", id=command.id)
    if command.kind not in kinds:
        raise refuse("resources.no_kind", kind=command.kind, known=", ".join(kinds))
    name = command.name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise refuse("resources.no_name", most=LONGEST_NAME)
    try:
        ZoneInfo(command.time_zone)
    except (ValueError, OSError) as error:
        raise refuse("resources.no_zone", zone=command.time_zone) from error


def _check_shifts(shifts: Sequence[Shift]) -> None:
    names = [each.name for each in shifts]
    if not 1 <= len(shifts) <= MOST_SHIFTS or len(set(names)) != len(names):
        raise refuse("resources.no_shifts", most=MOST_SHIFTS)
    for each in shifts:
        days_fit = bool(each.days) and set(each.days) <= set(range(1, 8)) and len(set(each.days)) == len(each.days)
        fits = _SHIFT.fullmatch(each.name) and each.starts != each.ends and days_fit
        if not fits or not 0 <= each.capacity <= MOST_SLOTS:
            raise refuse("resources.shift_unfit", shift=each.name)


def _check_cost(cost: Cost | None) -> None:
    if cost is None:
        return
    amounts = (cost.per_control_minor, cost.per_hour_minor)
    if not currency.is_known(cost.currency) or not all(0 <= each <= LARGEST for each in amounts):
        raise refuse("resources.cost_unfit", currency=cost.currency)


def _shifts_text(shifts: Sequence[Shift]) -> str:
    return canonical(
        [
            {
                "name": each.name,
                "starts": _minutes(each.starts),
                "ends": _minutes(each.ends),
                "capacity": each.capacity,
                "days": sorted(each.days),
            }
            for each in shifts
        ]
    )


def _minutes(moment: time) -> str:
    return moment.strftime("%H:%M")
