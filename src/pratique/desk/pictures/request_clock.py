"""The clock of a request: a bar from sending to the day an answer is due, with events, and earlier answers as dots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from pratique.desk.pictures.svg import element, path, picture, rect, text
from pratique.partners.assistance.clocks import Clock

WIDTH: Final = 1345
HEIGHT: Final = 150
LEFT: Final = 20
LENGTH: Final = 1305
BAR: Final = 44
DOTS: Final = 112
NEAR: Final = 90  # places closer than this would write over one another
LONGEST_STACK: Final = 3


@dataclass(frozen=True, slots=True)
class ClockWords:
    """What is written: the start, today, the reminders and the end, the median, and how many earlier answers."""

    told: str
    start: str
    today: str
    reminders: tuple[str, ...]
    due: str
    median: str
    earlier: str


@dataclass(frozen=True, slots=True)
class Mark:
    """An event on the bar: on which day, in which words."""

    day: int
    words: str


def request_clock(
    clock: Clock, marks: Sequence[Mark], dots: Sequence[int], *, median: int | None, words: ClockWords
) -> Markup:
    """The picture; the axis ends with the clock, or with today where it is overdue."""
    span = max(clock.days, clock.day, 1)
    today = _x(clock.day, span)
    inside = [
        rect(LEFT, BAR - 4, LENGTH, 8, class_="c-soft"),
        rect(LEFT, BAR - 4, today - LEFT, 8, class_="c-sum"),
        path("".join(f"M{_x(day, span):.1f} 32v24" for day in _ticks(clock)), class_="w-line"),
        *_marks(marks, span, today),
        path(f"M{today:.1f} 26v104", class_="c-acc"),
        element("circle", class_="c-dot", cx=today, cy=BAR, r=7),
        text(today, 16, words.today, class_="t-acc t-12", anchor=_anchor(today)),
        text(LEFT, 70, words.start),
        *_labels(clock, span, words),
        path(f"M{LEFT} 122h{LENGTH}", class_="w-grid"),
        *_dots(dots, span),
        text(LEFT, 142, words.earlier),
    ]
    if median is not None and median <= span:
        x = _x(median, span)
        inside += [path(f"M{x:.1f} 94v34", class_="w-net")]
        inside += [text(x, 142, words.median, class_="t-ink", anchor=_anchor(x))] if x > LEFT + 200 else []
    return picture(WIDTH, HEIGHT, words.told, *inside, fluid=True)


def _marks(marks: Iterable[Mark], span: int, today: float) -> list[Markup]:
    """Circles on the bar; the words only where there is room for them."""
    drawn, last = [], -NEAR * 1.0
    for mark in marks:
        x = _x(min(mark.day, span), span)
        drawn.append(element("circle", class_="c-port", cx=x, cy=BAR, r=5))
        if x - last >= NEAR and abs(x - today) >= NEAR:
            drawn.append(text(x, 22, mark.words, anchor=_anchor(x)))
            last = x
    return drawn


def _labels(clock: Clock, span: int, words: ClockWords) -> list[Markup]:
    days = [(reminder - clock.start).days for reminder in clock.reminders]
    inner = [text(_x(day, span), 70, said, anchor="middle") for day, said in zip(days, words.reminders, strict=True)]
    end = _x(clock.days, span)
    return [*inner, text(end, 70, words.due, class_="t-ink", anchor=_anchor(end))]


def _dots(dots: Sequence[int], span: int) -> list[Markup]:
    """Earlier answers by their days, stacked where they fall on the same; later ones than the axis stand at its end."""
    drawn = []
    for day, count in sorted(Counter(min(each, span) for each in dots).items()):
        drawn += [
            element("circle", cx=_x(day, span), cy=DOTS - 10 * place, r=4, class_="c-bar")
            for place in range(min(count, LONGEST_STACK))
        ]
    return drawn


def _ticks(clock: Clock) -> list[int]:
    return [*((reminder - clock.start).days for reminder in clock.reminders), clock.days]


def _x(day: int, span: int) -> float:
    return LEFT + LENGTH * day / span


def _anchor(x: float) -> str:
    if x < LEFT + NEAR:
        return "start"
    return "end" if x > LEFT + LENGTH - NEAR else "middle"
