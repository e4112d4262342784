"""When an answer is due, what day it is, and when to remind: 30, 60 and 90 days, or what the instrument says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from pratique.partners.assistance.model import Reply
from pratique.partners.assistance.states import Standing, State

LAPSES_AFTER: Final = 365  # days without an answer: the house's own rule, so that nothing waits for ever


class Pressure(StrEnum):
    """How near the end of the clock is; in words, so that no colour has to say it alone."""

    RUNNING = "running"
    FIRST_REMINDER = "first_reminder"
    SECOND_REMINDER = "second_reminder"
    OVERDUE = "overdue"
    STOPPED = "stopped"  # returned or postponed: the other side waits for us, or a day was agreed
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of a request. Days count from the day on which the version at hand went out; that day is day 0.

    ``binding``: the instrument itself sets the time; else it is the house's own, to remind by.
    """

    start: date
    day: int
    days: int
    due: date
    reminders: tuple[date, ...]
    pressure: Pressure
    binding: bool
    article: str

    @property
    def left(self) -> int:
        """Days left; negative once it is overdue."""
        return self.days - self.day


def clock(standing: Standing, reply: Reply, *, today: date, reply_by: date | None = None) -> Clock | None:
    """The clock on that day; ``None`` before the request was sent. A day that was asked for earlier shortens nothing:
    it is shown in the request, while the clock is that of the instrument.
    """
    if standing.clock_from is None:
        return None
    start, end = standing.clock_from.date(), _day(standing.ended_at)
    day = ((end or today) - start).days
    days = reply.days
    if standing.state is State.POSTPONED and standing.postponed_until:
        days = max(days, (standing.postponed_until - start).days)
    reminders = tuple(start + timedelta(days=round(days * third / 3)) for third in (1, 2))
    return Clock(
        start=start,
        day=day,
        days=days,
        due=start + timedelta(days=days),
        reminders=reminders,
        pressure=_pressure(standing, day, days),
        binding=reply.rule == "within_days",
        article=reply.article,
    )


def reminder_due(standing: Standing, clock: Clock) -> bool:
    """Whether the next reminder should go out: one for each third that has passed, and one a month when overdue."""
    if clock.pressure in (Pressure.STOPPED, Pressure.ENDED):
        return False
    passed = min(2, clock.day * 3 // clock.days) + max(0, (clock.day - clock.days) // 30 + (clock.day > clock.days))
    return passed > standing.reminders


def lapses(standing: Standing, clock: Clock) -> bool:
    """Whether the request has been open for so long that it should be closed as lapsed by a person."""
    return standing.is_open and clock.day > max(LAPSES_AFTER, clock.days * 2)


def _pressure(standing: Standing, day: int, days: int) -> Pressure:
    if not standing.is_open:
        return Pressure.ENDED
    if standing.state in (State.RETURNED, State.POSTPONED):
        return Pressure.STOPPED
    if day > days:
        return Pressure.OVERDUE
    thirds = day * 3 // days
    return (Pressure.RUNNING, Pressure.FIRST_REMINDER, Pressure.SECOND_REMINDER, Pressure.SECOND_REMINDER)[thirds]


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
