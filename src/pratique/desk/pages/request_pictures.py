"""Pictures of many requests: strips on one axis of days, the ages of what is open, the curve of waiting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from pratique.desk.pictures.ageing import age_sign, ageing_bar
from pratique.desk.pictures.request_strips import MARKED, Strip, named_days, request_strips, sign
from pratique.desk.pictures.waiting_curve import waiting_curve
from pratique.desk.visit import Visit
from pratique.node.assistance.request_lines import RequestLine
from pratique.node.handlers.request_clocks import PartnerPanel
from pratique.partners.assistance.clocks import Pressure
from pratique.vocabulary.sentences import coded

DAYS: Final = 90
MOST_STRIPS: Final = 16  # more is a table's work


def strips(visit: Visit, lines: Sequence[RequestLine]) -> Markup | None:
    """The requests that went out, in the order of the list; ``None`` where none did."""
    today, fig = visit.now.date(), visit.figures
    drawn = [
        Strip(
            name=each.request.id,
            partner=each.request.partner,
            start=each.clock.start,
            ended=each.ended,
            due=each.clock.due,
            marks=tuple(mark for mark in each.marks if mark[1] in MARKED and mark[0] >= each.clock.start),
        )
        for each in lines
        if each.clock is not None
    ][:MOST_STRIPS]
    if not drawn:
        return None
    over = sum(each.clock is not None and each.clock.pressure is Pressure.OVERDUE for each in lines)
    told = visit.ngettext("%(n)s request on one axis", "%(n)s requests on one axis", len(drawn))
    overdue = visit.gettext("%(n)s overdue now") % {"n": fig.number(over)}
    days = [(day, fig.day(day)) for day in named_days(drawn, today)]
    return request_strips(drawn, today=today, told=f"{told % {'n': fig.number(len(drawn))}}; {overdue}", days=days)


def strip_legend(visit: Visit) -> list[tuple[Markup, str]]:
    """Each sign with its words."""
    return [(sign(each), coded("request_event", each.value, visit.language)) for each in MARKED]


def age_words(visit: Visit) -> list[str]:
    """The names of the ages, youngest first."""
    word = visit.gettext
    return [word("first third"), word("second third"), word("last third"), word("over its time")]


def age_legend(visit: Visit) -> list[tuple[Markup, str]]:
    """Each age with its look."""
    return [(age_sign(number), words) for number, words in enumerate(age_words(visit))]


def ages(visit: Visit, panel: PartnerPanel, most: int) -> Markup:
    """The bar of one partner."""
    parts = (
        f"{words} {visit.figures.number(count)}" for words, count in zip(age_words(visit), panel.ages, strict=True)
    )
    return ageing_bar(panel.ages, most=most, told=f"{panel.partner}: {', '.join(parts)}")


def curve(visit: Visit, panel: PartnerPanel) -> Markup:
    """The share of requests that still wait, day by day."""
    times, word = panel.times, visit.gettext
    median = word("not half answered") if times.median_days is None else str(times.median_days)
    told = word("%(partner)s: %(settled)s of %(all)s answered, median in days: %(median)s") % {
        "partner": panel.partner,
        "settled": visit.figures.number(times.settled),
        "all": visit.figures.number(times.requests),
        "median": median,
    }
    span = max(DAYS, times.curve[-1].day if times.curve else 0)
    last = word("%(n)s days") % {"n": visit.figures.number(span)}
    return waiting_curve(times.curve, days=span, told=told, last=last)
