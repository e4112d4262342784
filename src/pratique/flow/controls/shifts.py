"""Resources in time: shifts of a day, the slots they give, and how much of them a resource was fit for work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pratique.flow.controls.catalogue import catalogue


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch of the day in local time, over midnight where it ends before it starts.

    ``capacity`` is how many controls it takes, ``days`` the weekdays on which it begins (1 is Monday).
    """

    name: str
    starts: time
    ends: time
    capacity: int
    days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)


@dataclass(frozen=True, slots=True)
class Down:
    """A stretch in which a resource was out of use; ``until`` is ``None`` while it still is."""

    since: datetime
    until: datetime | None
    reason: str


def window(shift: Shift, day: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """From when to when (with zone) the shift of that day lasts; ``None`` on a day on which it does not begin."""
    if day.isoweekday() not in shift.days:
        return None
    last = day if shift.ends > shift.starts else day + timedelta(days=1)
    return datetime.combine(day, shift.starts, zone), datetime.combine(last, shift.ends, zone)


def seconds_on_duty(shifts: Iterable[Shift], zone: ZoneInfo, since: datetime, until: datetime) -> int:
    """Seconds of shifts between two moments."""
    return sum(_seconds(*each) for each in _stretches(shifts, zone, since, until))


def seconds_down(
    shifts: Sequence[Shift], zone: ZoneInfo, since: datetime, until: datetime, downs: Iterable[Down]
) -> dict[str, int]:
    """Seconds of shifts between two moments in which the resource was out of use, by reason."""
    stretches = list(_stretches(shifts, zone, since, until))
    found: dict[str, int] = {}
    for down in downs:
        ended = down.until or until
        lost = sum(_overlap(start, end, down.since, ended) for start, end in stretches)
        if lost:
            found[down.reason] = found.get(down.reason, 0) + lost
    return dict(sorted(found.items()))


def slots_of(capacities: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    """Slots by control (open, scan, documents) out of ``kind of resource, capacity`` of everything on duty."""
    by_kind = {each.resource: each.slot for each in catalogue().types.values() if each.slot}
    slots = {each.slot: 0 for each in catalogue().types.values() if each.slot}
    for kind, capacity in capacities:
        if kind in by_kind:
            slots[by_kind[kind]] += capacity
    return slots


def _stretches(
    shifts: Iterable[Shift], zone: ZoneInfo, since: datetime, until: datetime
) -> Iterable[tuple[datetime, datetime]]:
    first = since.astimezone(zone).date() - timedelta(days=1)
    for offset in range((until.astimezone(zone).date() - first).days + 1):
        for shift in shifts:
            lasts = window(shift, first + timedelta(days=offset), zone)
            if lasts and lasts[0] < until and lasts[1] > since:
                yield max(lasts[0], since), min(lasts[1], until)


def _overlap(start: datetime, end: datetime, since: datetime, until: datetime) -> int:
    return max(0, _seconds(max(start, since), min(end, until)))


def _seconds(start: datetime, end: datetime) -> int:
    return int(end.timestamp() - start.timestamp())
