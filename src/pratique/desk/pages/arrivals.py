"""Arrivals: which ships come, how ready their control lists are, and what waits for the officer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from markupsafe import Markup
from starlette.responses import Response

from pratique.desk.pages import loading
from pratique.desk.pictures.arrivals import Ship, boxes_bar, histogram, shares_bar, time_axis
from pratique.desk.visit import Visit
from pratique.node.handlers.approvals import ApproveControls
from pratique.node.handlers.arrivals import HOURS, Arrivals, CallShown, ListArrivals, Waiting
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.dispositions import DisposeHit
from pratique.node.handlers.hits import ListHits
from pratique.node.handlers.quarantine import ShowQuarantined
from pratique.node.handlers.queue_page import QueuePage

TICK_HOURS: Final = 6
BIN: Final = 10
DONE_BY: Final = {
    "approve": (QueuePage, ApproveControls),
    "hits": (ListHits, DisposeHit),
    "faults": (QueuePage, ShowQuarantined),
}
FIRST_BIN: Final = 2  # fewer than 20 points are told, not drawn


@dataclass(frozen=True, slots=True)
class Card:
    """A ship with its pictures: what is left until it arrives, in hours and minutes."""

    call: CallShown
    hours: int
    minutes: int
    boxes: Markup
    queue: str


@dataclass(frozen=True, slots=True)
class Task:
    """A thing that waits for the officer: where it is done, what it is, and when it is due."""

    where: str
    head: str
    says: str
    due: str


def show(visit: Visit) -> Response:
    """The board: everything that arrives within 36 hours, or all of it."""
    board = visit.ask(ListArrivals(None if visit.asked("hours") == "all" else HOURS))
    values: dict[str, Any] = {
        "board": board,
        "cards": _cards(visit, board),
        "axis": _axis(visit, board),
        "tasks": [_task(visit, each) for each in board.waiting if visit.may(*DONE_BY[each.kind])],
        "uses": _uses(visit, board.calls),
        "histogram": _histogram(visit, board),
        "low": sum(sum(call.histogram[:FIRST_BIN]) for call in board.calls),
        **loading.told(visit),
        "may_load": visit.may(AssessMessages),
        "may_open": visit.may(QueuePage),
    }
    return visit.part("arrivals.html", "board", **values) if visit.partial else visit.page("arrivals.html", **values)


def _cards(visit: Visit, board: Arrivals) -> list[Card]:
    most = max((call.boxes.total for call in board.calls), default=1)
    return [_card(visit, call, board.at, most) for call in board.calls]


def _card(visit: Visit, call: CallShown, at: datetime, most: int) -> Card:
    arrives = call.call.arrives_at
    left = max((arrives - at) // timedelta(minutes=1), 0) if arrives else 0
    boxes = call.boxes
    loaded, passing = boxes.imports + boxes.others, boxes.transhipments + boxes.exports
    told = visit.gettext("%(loaded)s import, %(passing)s transhipment, %(empty)s empty") % {
        "loaded": loaded,
        "passing": passing,
        "empty": boxes.empties,
    }
    bar = boxes_bar((loaded, passing, boxes.empties), most=most, told=told)
    return Card(call, left // 60, left % 60, bar, f"/queue/{call.run.id}?call={call.call.id}")


def _axis(visit: Visit, board: Arrivals) -> Markup:
    ships = [
        Ship(
            call.call.vessel or call.call.imo or call.call.id,
            _hours(board.at, call.call.arrives_at),
            _hours(board.at, call.approve_by) if call.approve_by and not call.readiness.approved_at else None,
            call.boxes.total,
        )
        for call in board.calls
        if call.call.arrives_at
    ]
    hours = max([float(board.hours or HOURS), *(ship.hours for ship in ships)])
    named = ", ".join(f"{ship.name} {ship.hours:.1f}" for ship in ships)
    told = visit.gettext("Arrivals on an axis of %(hours)s hours: %(ships)s") % {
        "hours": f"{hours:.0f}",
        "ships": named,
    }
    return time_axis(ships, _ticks(visit, board.at, hours), hours=hours, told=told)


def _ticks(visit: Visit, at: datetime, hours: float) -> list[tuple[float, str]]:
    """Now, then each sixth hour of the office's day; midnight names the day."""
    ticks = [(0.0, visit.gettext("now"))]
    local = at.astimezone(visit.figures.zone)
    moment = local.replace(minute=0, second=0, microsecond=0)
    while (moment - local) / timedelta(hours=1) < hours:
        moment += timedelta(hours=1)
        left = (moment - local) / timedelta(hours=1)
        if moment.hour % (TICK_HOURS if hours <= 72 else 24) == 0 and 2 < left <= hours:
            ticks.append((left, visit.figures.moment(moment) if moment.hour == 0 else visit.figures.time(moment)))
    return ticks


def _hours(at: datetime, moment: datetime | None) -> float:
    return (moment - at) / timedelta(hours=1) if moment else 0.0


def _task(visit: Visit, waiting: Waiting) -> Task:
    ship = waiting.vessel or waiting.call_id
    queue = f"/queue/{waiting.run_id}?call={waiting.call_id}"
    due = visit.figures.moment(waiting.due_at) if waiting.due_at else ""
    count = {"n": visit.figures.number(waiting.count), "all": visit.figures.number(waiting.total), "ship": ship}
    if waiting.kind == "approve":
        left = visit.gettext("%(n)s above the line still open") % count if waiting.count else ""
        return Task(queue, visit.gettext("Approve %(ship)s") % count, left, due)
    if waiting.kind == "hits":
        head = visit.gettext("Compare %(n)s list hits") % count
        return Task(f"/hits?call={waiting.call_id}", head, visit.gettext("%(ship)s, %(all)s in all") % count, due)
    head = visit.gettext("Judge %(n)s data faults") % count
    return Task(f"{queue}&view=data_faults", head, visit.gettext("%(ship)s, %(all)s in all") % count, due)


def _uses(visit: Visit, calls: Sequence[CallShown]) -> list[tuple[str, Markup]]:
    """For each resource of the newest run on the board: its slots, and which ship takes how many."""
    if not calls:
        return []
    newest = max(calls, key=lambda call: call.run.at).run.id
    of_run = [call for call in calls if call.run.id == newest]
    words = {
        "open": visit.gettext("%(slots)s openings: %(value)s by value, %(random)s at random"),
        "scan": visit.gettext("%(slots)s scans: %(value)s by value, %(random)s at random"),
        "documents": visit.gettext("%(slots)s document checks: %(value)s by value, %(random)s at random"),
    }
    shown = []
    for number, use in enumerate(of_run[0].uses):
        each = [call.uses[number] for call in of_run]
        by_value = [one.by_value + one.by_officer for one in each]
        at_random = sum(one.at_random for one in each)
        told = words[use.control] % {"slots": use.slots, "value": sum(by_value), "random": at_random}
        parts = [*((slots, "c-barx") for slots in by_value), (at_random, "w-model")]
        left = max(use.slots - sum(by_value) - at_random, 0)
        shown.append((told, shares_bar([*parts, (left, "w-less")], whole=max(use.slots, 1), told=told)))
    return shown


def _histogram(visit: Visit, board: Arrivals) -> Markup:
    bins = (
        [sum(counts) for counts in zip(*(call.histogram for call in board.calls), strict=True)] if board.calls else []
    )
    bars = [(number * BIN, count) for number, count in enumerate(bins) if number >= FIRST_BIN]
    told = visit.gettext("Consignments by points: %(bars)s") % {
        "bars": ", ".join(f"{low}: {count}" for low, count in bars),
    }
    line = visit.gettext("high line %(n)s") % {"n": board.high_line}
    return histogram(bars, high_line=board.high_line, words=line, told=told)
