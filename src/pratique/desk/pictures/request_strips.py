"""Requests on one axis of days: a bar from sending to its end or today, with what happened on it and the day due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from pratique.desk.pictures.svg import Value, element, path, picture, rect, text
from pratique.partners.assistance.states import Event

WIDTH: Final = 1345
NAMES: Final = 200  # the column of names
RIGHT: Final = 16
TOP: Final = 26
ROW: Final = 32
BAR: Final = 8
LEAST_DAYS: Final = 30
TICKS: Final = 8
MARKED: Final = (
    Event.RECEIVED,
    Event.ACKNOWLEDGED,
    Event.REMINDED,
    Event.RETURNED,
    Event.PARTLY_ANSWERED,
    Event.POSTPONED,
    Event.ANSWERED,
    Event.REFUSED,
)
"""The events that have a sign of their own; the others stand in the history of the request alone."""


@dataclass(frozen=True, slots=True)
class Strip:
    """One request: its name, days of its life, and what happened when. ``ended`` is ``None`` while it is open."""

    name: str
    partner: str
    start: date
    ended: date | None
    due: date
    marks: tuple[tuple[date, Event], ...]


def request_strips(strips: Sequence[Strip], *, today: date, told: str, days: Sequence[tuple[date, str]]) -> Markup:
    """The picture, one row for each; ``days`` are the days named on the axis with their words."""
    axis = _Axis(strips, today)
    height = TOP + ROW * len(strips) + 6
    inside = [path("".join(f"M{axis.x(day):.1f} {TOP - 6}V{height - 6}" for day, _ in days), class_="w-grid")]
    inside += [text(axis.x(day), TOP - 12, words, anchor="middle") for day, words in days]
    for number, strip in enumerate(strips):
        inside += _row(strip, TOP + ROW * number + ROW / 2, axis, today)
    inside.append(path(f"M{axis.x(today):.1f} {TOP - 6}V{height - 6}", class_="c-acc"))
    return picture(WIDTH, height, told, *inside, fluid=True)


def named_days(strips: Sequence[Strip], today: date) -> list[date]:
    """Days for the axis: evenly over it, at whole weeks, and none so near to either end that it would be cut off."""
    first, last = _ends(strips, today)
    step = max(7, round((last - first).days / TICKS / 7) * 7)
    return [first + timedelta(days=days) for days in range(step // 2, (last - first).days - step // 3, step)]


def sign(event: Event) -> Markup:
    """The sign of an event alone, for the legend; the words stand beside it."""
    shown: dict[str, Value] = {"viewBox": "0 0 14 14", "width": 14, "height": 14, "aria_hidden": "true"}
    return element("svg", _sign(event, 7, 7), **shown)


class _Axis:
    """Where a day stands."""

    def __init__(self, strips: Sequence[Strip], today: date) -> None:
        self.first, last = _ends(strips, today)
        self.day = (WIDTH - NAMES - RIGHT) / (last - self.first).days

    def x(self, day: date) -> float:
        """From the left."""
        return NAMES + (day - self.first).days * self.day


def _ends(strips: Sequence[Strip], today: date) -> tuple[date, date]:
    first = min((strip.start for strip in strips), default=today)
    last = max([today, *(strip.due for strip in strips)])
    return first, max(last, first + timedelta(days=LEAST_DAYS))


def _row(strip: Strip, y: float, axis: _Axis, today: date) -> Iterable[Markup]:
    """Name and partner, the time that is left as an outline, the time that has passed filled, what is over dashed."""
    end = strip.ended or today
    start, due, now = axis.x(strip.start), axis.x(strip.due), axis.x(end)
    yield text(0, y - 2, strip.name, class_="t-ink")
    yield text(0, y + 11, strip.partner)
    yield rect(start, y - BAR / 2, due - start, BAR, class_="c-soft")
    yield rect(start, y - BAR / 2, min(now, due) - start, BAR, class_="c-bar" if strip.ended else "c-sum")
    if now > due:
        yield path(f"M{due:.1f} {y}H{now:.1f}", class_="c-warn")
    yield path(f"M{due:.1f} {y - 10}v20", class_="w-net")
    for day, event in strip.marks:
        yield _sign(event, axis.x(day), y)


def _sign(event: Event, x: float, y: float) -> Markup:
    """A shape for each event, so that no colour has to say it."""
    if event is Event.RECEIVED:
        return element("circle", cx=x, cy=y, r=3, class_="c-nodex")
    if event is Event.ACKNOWLEDGED:
        return element("circle", cx=x, cy=y, r=5, class_="c-port")
    if event is Event.REMINDED:
        return path(f"M{x:.1f} {y - 6:.1f}l6 11h-12z", class_="c-port")
    if event is Event.PARTLY_ANSWERED:
        return path(f"M{x:.1f} {y - 5:.1f}a5 5 0 0 1 0 10z", class_="c-nodex")
    if event is Event.POSTPONED:
        return path(f"M{x - 2:.1f} {y - 6:.1f}v12M{x + 2:.1f} {y - 6:.1f}v12", class_="w-net")
    if event is Event.ANSWERED:
        return path(f"M{x:.1f} {y - 6:.1f}l6 6-6 6-6-6z", class_="c-nodex")
    if event is Event.REFUSED:
        return path(f"M{x - 5:.1f} {y - 5:.1f}l10 10m0-10l-10 10", class_="w-net")
    return path(f"M{x - 5:.1f} {y - 5:.1f}h10v10h-10z", class_="c-port")  # sent back
