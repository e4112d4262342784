"""A consignment: why it stands where it does, what the messages say, and who stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.responses import Response

from pratique.desk.hit_words import kinds_told
from pratique.desk.pages import consignment_short
from pratique.desk.pages.model_said import dispute_codes, disputes_seen, model_said
from pratique.desk.pages.queue_rows import control_words, seen, sentence
from pratique.desk.pictures.waterfall import Axis, head, steps, total
from pratique.desk.visit import Visit
from pratique.flow.risk import parse_profile, render_reason
from pratique.flow.risk.point_source import source_of, source_of_reason
from pratique.node.handlers.agreements_shares import PreviewFields
from pratique.node.handlers.alerts import DraftAlert
from pratique.node.handlers.consignments import (
    ConsignmentShown,
    ExplainConsignment,
    Explained,
    ReasonExplained,
    ShowConsignment,
)
from pratique.node.handlers.lists import ListLists
from pratique.node.handlers.queue_page import QueuePage
from pratique.node.runs.raised_lines import RaisedPoints
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.model_reasons import is_of_a_model, model_sentence
from pratique.vocabulary.sentences import kilograms, money

WIDE: Final = 330
ROLES: Final = ("CZ", "CN", "NI", "CA", "DT")
MOST_CHIPS: Final = 6


@dataclass(frozen=True, slots=True)
class Chip:
    """A piece of evidence: what it says and where the exact bytes are."""

    words: str
    where: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One reason as a row of the waterfall."""

    sentence: str
    rule: str
    code: str
    points: int
    source: str
    picture: Markup
    chips: tuple[Chip, ...]
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Raised:
    """What one change of a list adds to the score since the run, in words."""

    change: int
    head: str
    points: int
    reasons: tuple[str, ...]


def show(visit: Visit) -> Response:
    """The whole page; the queue's own answer says what can be done with it. Who works no queue reads less."""
    if not visit.may(QueuePage) and visit.may(DraftAlert):
        return consignment_short.show(visit)
    ref = visit.request.path_params["ref"]
    shown, explained = visit.ask(ShowConsignment(ref)), visit.ask(ExplainConsignment(ref))
    page = visit.ask(QueuePage(run=explained.found.run.id, only=(explained.found.chosen.id,)))
    line = page.rows[0]
    reached = sum(each.reason.points for each in explained.reasons if each.reason.points > 0)
    axis = Axis(max(reached, line.score_now), page.high_line, width=WIDE)
    row = seen(visit, line, axis)
    rows = _steps(visit, shown, explained, axis)
    return visit.page(
        "consignment.html",
        it=shown,
        explained=explained,
        run=page.run,
        high_line=page.high_line,
        seen=row,
        heading=row.title,
        goods=_goods(shown),
        steps=rows,
        model=model_said(visit, explained),
        disputes=disputes_seen(visit, explained),
        dispute_codes=dispute_codes(visit),
        may_share=visit.may(DraftAlert, PreviewFields),
        sources={row.source for row in rows},
        head=head(axis, line_words=visit.gettext("high line")),
        total=total(axis, line.score),
        total_now=total(axis, line.score_now),
        raised=[_raised(visit, each) for each in line.raised],
        alert_lines=_alert_lines(visit, explained),
        asks=control_words(visit)[row.asks_for],
        findings=[_finding(visit, row) for row in shown.findings],
        parties=_parties(visit, shown),
        mass=_mass(visit, shown),
        value=_value(visit, shown),
    )


def _goods(shown: ConsignmentShown) -> str:
    described = [item["description"] for item in shown.goods_items if item["description"]]
    return "; ".join(described)


def _steps(visit: Visit, shown: ConsignmentShown, explained: Explained, axis: Axis) -> list[Step]:
    sources = [_source(reason) for reason in explained.reasons]
    drawn = steps(axis, [(source, each.reason.points) for source, each in zip(sources, explained.reasons, strict=True)])
    sha256 = shown.message["raw_sha256"]
    version = visit.gettext("version")
    return [
        Step(
            sentence=_sentence(visit, each),
            rule=f"{each.reason.profile_id}, {version} {each.reason.profile_version}",
            code=each.reason.profile_id,
            points=each.reason.points,
            source=source,
            picture=picture,
            chips=_chips(each.evidence, sha256),
            legal_basis=_legal_basis(each),
        )
        for each, source, picture in zip(explained.reasons, sources, drawn, strict=True)
    ]


def _alert_lines(visit: Visit, explained: Explained) -> list[tuple[str, list[str]]]:
    """Beside hits: the lines of their lists, by kind, with the budget and what was seen; for who may see lists."""
    lists = {hit["list_id"] for hit in explained.hits}
    if not (lists and visit.may(ListLists)):
        return []
    shown = [each for each in visit.ask(ListLists(only_in_force=True)) if each.version.list_id in lists]
    return [(each.version.list_id, kinds_told(visit, each.alert_line)) for each in shown]


def _raised(visit: Visit, each: RaisedPoints) -> Raised:
    day = visit.figures.day(date.fromisoformat(each.dated))
    head = visit.gettext("Raised since by list %(list)s of %(day)s") % {"list": each.list_id, "day": day}
    gone = visit.gettext("Holds no more: %(rule)s")
    told = [sentence(visit, one) if one.fires else gone % {"rule": one.profile_id} for one in each.reasons]
    return Raised(each.change, head, each.points, tuple(told))


def _source(each: ReasonExplained) -> str:
    profile = _profile(each)
    return (source_of(profile) if profile else source_of_reason(each.reason.profile_id)).value


def _sentence(visit: Visit, each: ReasonExplained) -> str:
    profile = _profile(each)
    if profile is None and is_of_a_model(each.reason.profile_id):
        return model_sentence(each.reason.profile_id, each.reason.params, visit.language)
    if profile is None:
        return each.reason.profile_id
    return render_reason(each.reason.profile_id, profile.sentence, each.reason.params, visit.language)


def _legal_basis(each: ReasonExplained) -> str:
    profile = _profile(each)
    return profile.legal_basis if profile else ""


def _profile(each: ReasonExplained) -> Any:
    try:
        return parse_profile(each.profile_text) if each.profile_text else None
    except PratiqueError:
        return None


def _chips(evidence: Sequence[dict[str, Any]], sha256: str) -> tuple[Chip, ...]:
    """One chip for each different place; a value that stands nowhere in the message has words only."""
    found: dict[tuple[str, str | None], Chip] = {}
    for piece in evidence:
        place = piece.get("place")
        words = place or f"{piece.get('field')}: {piece.get('value')}"
        where = f"/place/{sha256}?{urlencode({'place': place})}" if place else None
        found.setdefault((words, where), Chip(words, where))
    return tuple(found.values())[:MOST_CHIPS]


def _finding(visit: Visit, row: dict[str, Any]) -> dict[str, Any]:
    return row | {"sentence": visit.told(row["rule"], row["params"])}


def _parties(visit: Visit, shown: ConsignmentShown) -> list[tuple[str, str, str]]:
    """``role, name, where`` of the parties, those that matter first."""
    words = {
        "CZ": visit.gettext("Consignor"),
        "CN": visit.gettext("Consignee"),
        "NI": visit.gettext("Notify party"),
        "CA": visit.gettext("Carrier"),
        "DT": visit.gettext("Declarant"),
    }
    order = {role: number for number, role in enumerate(ROLES)}
    rows = sorted(shown.parties, key=lambda row: order.get(row["role_code"], len(ROLES)))
    told = []
    for row in rows:
        address = [row[name] for name in ("address_line", "city", "postcode", "country") if row[name]]
        told.append((words.get(row["role_code"], row["role_code"] or "?"), row["name"] or "?", ", ".join(address)))
    return list(dict.fromkeys(told))


def _mass(visit: Visit, shown: ConsignmentShown) -> str | None:
    grams = shown.consignment["gross_mass_g"]
    return kilograms(grams, visit.language) if grams is not None else None


def _value(visit: Visit, shown: ConsignmentShown) -> str | None:
    row = shown.consignment
    minor = row["customs_value_minor"]
    return money(minor, row["customs_value_currency"], visit.language) if minor is not None else None
