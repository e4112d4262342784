"""Data protection: who read what and why, who was refused, signs of misuse, rights taken in an emergency."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from starlette.responses import Response

from pratique.desk.pictures.hours import hours_bars
from pratique.desk.purpose_words import purpose_words
from pratique.desk.reading_words import reading_words
from pratique.desk.visit import Visit
from pratique.node.access.purposes import purposes
from pratique.node.handlers.access_log import ReadAccessLog
from pratique.node.handlers.break_glass import ListTakenRights, ReviewBreakGlass
from pratique.node.handlers.misuse import ShowMisuse

DAYS = (1, 7, 30, 90, 365)


def show(visit: Visit) -> Response:
    """The whole page for a period of days; a manager sees the rights taken, data protection sees all."""
    days = int(visit.asked("days", "30")) if visit.asked("days", "30") in {str(each) for each in DAYS} else 30
    since, until = visit.now - timedelta(days=days), visit.now + timedelta(seconds=1)
    whole = visit.may(ReadAccessLog)
    log = visit.ask(ReadAccessLog(since, until, limit=50, zone=visit.figures.zone)) if whole else None
    return visit.page(
        "data_protection.html",
        days=days,
        choices=DAYS,
        log=log,
        signs=visit.ask(ShowMisuse(since, until)) if whole else None,
        rights=visit.ask(ListTakenRights()),
        hours=hours_bars(log.by_hour, told=_hours_told(visit, log.by_hour)) if log else "",
        purpose_names=purpose_words(visit.gettext),
        reading_names=reading_words(visit.gettext),
        purposes={each.code: each for each in purposes()},
        sign_names=_sign_names(visit),
        midnight=_midnight,
    )


def review(visit: Visit) -> Response:
    """Says whether a right that was taken was justified."""
    visit.execute(ReviewBreakGlass(visit.given("right"), visit.given("verdict"), visit.given("note")))
    return visit.go("/data-protection")


def _midnight(day: date) -> datetime:
    """The day as a moment, to be written as days are."""
    return datetime.combine(day, time(), UTC)


def _hours_told(visit: Visit, counts: tuple[int, ...]) -> str:
    busiest = max(range(24), key=lambda hour: counts[hour])
    return visit.gettext("Readings by hour of the day; most from %(hour)s:00.") % {"hour": f"{busiest:02}"}


def _sign_names(visit: Visit) -> dict[str, str]:
    return {
        "own_name": visit.gettext("Own name, family name or declared interest"),
        "mass_reads": visit.gettext("Many more records than usual"),
        "out_of_shift": visit.gettext("While the office is closed"),
        "odd_hours": visit.gettext("At an hour the officer hardly ever works"),
    }
