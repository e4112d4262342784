"""What controls came to: by why they were made, by profile, origin, office and trader, each share with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from pratique.desk.pages.controls import words_of
from pratique.desk.pictures.bands import Stream, bands
from pratique.desk.pictures.gain import Words, gain_curve
from pratique.desk.shares import drawn
from pratique.desk.visit import Visit
from pratique.flow.controls.attribution import Gain
from pratique.flow.controls.effectiveness import OFFICER, RANDOM, RISK, TOO_OFTEN, TOO_SELDOM, Effectiveness
from pratique.flow.learning.rising import WAY, WAYS
from pratique.node.handlers.drift import ListDriftDays, MeasureDrift
from pratique.node.handlers.effectiveness import MeasureEffectiveness
from pratique.node.learning.ways_told import places_told, way_told
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.sentences import money

FOUND, NOTHING = "found", "nothing"
MARKED = 10  # hundredths of the consignments


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
        drawn=lambda told: drawn(visit, told),
        told=measured,
        gain=None if measured.gain is None else _gain(visit, measured.gain),
        source_words=_source_words(visit),
        may_drift=visit.may(MeasureDrift),
        money=lambda minor, currency: money(minor, currency, visit.language),
        coded_control=lambda code: words_of(visit)("control", code),
        coded_threat=lambda code: words_of(visit)("threat", code),
        same=lambda name: name,
    )


def drift(visit: Visit) -> Response:
    """How far things have moved: a part of the page, else a page of its own."""
    values: dict[str, Any] = {
        "found": visit.ask(MeasureDrift()),
        "days": visit.ask(ListDriftDays()),
        "drawn": lambda told: drawn(visit, told),
        "input_words": _input_words(visit),
        "way_told": lambda told: way_told(told, visit.language),
        "places_told": lambda told: places_told(told, visit.language),
    }
    if visit.partial:
        return visit.part("drift.html", "moved", **values)
    return visit.page("drift.html", **values)


def _gain(visit: Visit, told: Gain) -> Markup:
    """The curve in hundredths of the consignments, marked at a tenth of them."""
    curve = [(point.controlled_permille // 10, point.found_permille / 1000) for point in told.curve]
    at = next(point for point in curve if point[0] == MARKED)
    words = Words(
        told=visit.gettext("The tenth with the highest scores holds %(share)s of all finds")
        % {"share": visit.figures.percent(at[1])},
        by_lot=visit.gettext("by lot"),
        controls=visit.gettext("% of consignments"),
    )
    return gain_curve(curve, at=at, lot=1.0, words=words)


def _source_words(visit: Visit) -> dict[str, str]:
    word = visit.gettext
    return {
        "list": word("A list that was hit"),
        "rules": word("Rules about the data itself"),
        "history": word("What was known before"),
        "model": word("A model"),
        "trust": word("Trust"),
        "information": word("Information of another service or partner"),
    }


def _input_words(visit: Visit) -> dict[str, str]:
    word = visit.gettext
    return {
        **{name: visit.told(f"way.{name.removeprefix(WAY)}", {}) for name in WAYS},
        "score": word("Score"),
        "chance": word("Chance that the model gives"),
        "office": word("Office"),
        "origin": word("Country of origin"),
        "dispatch": word("Country of dispatch"),
        "loading": word("Place of loading"),
        "chapter": word("Chapter of the goods"),
        "container_operator": word("Owner of the box"),
        "package_type": word("Kind of package"),
        "procedure": word("Procedure"),
        "regime": word("Nature of the bill"),
        "gross_mass_g": word("Gross mass"),
        "net_mass_g": word("Net mass"),
        "packages": word("Packages"),
        "value_minor": word("Value"),
        "freight_minor": word("Freight"),
    }


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
