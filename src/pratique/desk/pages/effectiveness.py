"""What controls came to: by why they were made, by profile, origin, office and trader, each share with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from markupsafe import Markup
from starlette.responses import Response

from pratique.desk.pages.controls import words_of
from pratique.desk.pictures.bands import Stream, bands
from pratique.desk.pictures.interval import interval
from pratique.desk.visit import Visit
from pratique.flow.controls.effectiveness import OFFICER, RANDOM, RISK, TOO_OFTEN, TOO_SELDOM, Effectiveness, Rate
from pratique.node.handlers.effectiveness import MeasureEffectiveness
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.sentences import money

FOUND, NOTHING = "found", "nothing"


def show(visit: Visit) -> Response:
    """The measure of a period; of everything where the period is none."""
    word = visit.gettext
    error = None
    try:
        measured = visit.ask(MeasureEffectiveness(_day(visit, "since"), _day(visit, "until")))
    except PratiqueError as refused:
        if refused.category.http_status == 403:
            raise
        error, measured = visit.retold(refused), visit.ask(MeasureEffectiveness())
    reasons = {RISK: word("Chosen by risk"), OFFICER: word("Chosen by an officer"), RANDOM: word("Drawn at random")}
    ends = {FOUND: word("Something found"), NOTHING: word("Nothing found")}
    return visit.page(
        "effectiveness.html",
        422 if error else 200,
        it=measured.measure,
        refusal=error,
        since=visit.asked("since"),
        until=visit.asked("until"),
        reasons=reasons,
        sizes={"few": word("1 or 2 consignments"), "some": word("3 to 19"), "many": word("20 and more")},
        signs={
            TOO_OFTEN: word("controlled more often than others, found less often"),
            TOO_SELDOM: word("controlled less often than others, found more often"),
        },
        sankey=_streams(visit, measured.measure, {**ends, **reasons}),
        drawn=lambda told: _interval(visit, told),
        money=lambda minor, currency: money(minor, currency, visit.language),
        coded_control=lambda code: words_of(visit)("control", code),
        same=lambda name: name,
    )


def _day(visit: Visit, name: str) -> date | None:
    """Raises ``report.day`` for what is no day."""
    given = visit.asked(name).strip()
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise PratiqueError("report.day", f"{given[:20]!r} is no day.", todo="Write it as 2026-11-28.") from error


def _streams(visit: Visit, told: Effectiveness, words: Mapping[str, str]) -> Markup:
    streams = [
        stream
        for each in told.by_reason
        for stream in (Stream(each.name, FOUND, each.found), Stream(each.name, NOTHING, each.controlled - each.found))
    ]
    sentence = visit.gettext("Controls by why they were made, and what they came to")
    named = {name: f"{text} {visit.figures.number(_count(streams, name))}" for name, text in words.items()}
    return bands(streams, named, told=sentence)


def _count(streams: list[Stream], name: str) -> int:
    return sum(each.count for each in streams if name in (each.source, each.end))


def _interval(visit: Visit, told: Rate) -> Markup:
    if told.permille is None or told.low_permille is None or told.high_permille is None:
        return Markup()
    percent = visit.figures.percent
    sentence = visit.gettext("%(share)s, 95 %% interval %(low)s to %(high)s") % {
        "share": percent(told.permille / 1000, 1),
        "low": percent(told.low_permille / 1000, 1),
        "high": percent(told.high_permille / 1000, 1),
    }
    return interval(told.low_permille, told.permille, told.high_permille, told=sentence)
