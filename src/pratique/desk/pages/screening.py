"""Screening on demand: one name, compared with the lists in force while the officer looks on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

import polars as pl
from starlette.responses import Response

from pratique.desk.hit_words import SCORE_PARTS, cost_told
from pratique.desk.visit import Visit
from pratique.node.errors import refuse
from pratique.node.handlers.screening import NamesScreened, ScreenNames
from pratique.node.hits.name_table import COLUMNS, ROW, checked_names
from pratique.vocabulary.errors import Category, PratiqueError

KINDS: Final = ("party", "person", "organisation", "vessel", "address", "document", "equipment")
ASKED: Final = ("name", "kind", "country", "birth_date", "identifiers")
LONGEST: Final = 500
LONGEST_BUDGET: Final = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """One entry that answers: its list with date, the spelling, how sure it is, and why."""

    list_id: str
    list_date: str | None
    listed_name: str
    programme: str | None
    score: str
    reasons: tuple[str, ...]


def show(visit: Visit) -> Response:
    """The form."""
    return _page(visit, {})


def screen(visit: Visit) -> Response:
    """The form with what answers; the name stays out of addresses, which are kept in histories."""
    given = {name: visit.given(name).strip()[:LONGEST] for name in ASKED}
    budget = visit.given("budget").strip()
    if budget and not (budget.isdecimal() and len(budget) < LONGEST_BUDGET):
        raise refuse("names.budget", Category.REJECTED, budget=budget[:LONGEST_BUDGET], most=1000)
    row = {"id": "1", **given}
    rows = pl.DataFrame({name: [row.get(name)] for name in COLUMNS}, schema=dict.fromkeys(COLUMNS, pl.String))
    try:
        asked = checked_names(rows.with_columns(pl.lit(1).alias(ROW)), visit.gettext("The form"))
        found = visit.ask(ScreenNames(asked, budget=int(budget) if budget else None))
    except PratiqueError as refused:
        if refused.category not in (Category.REJECTED, Category.NOT_FOUND):
            raise
        return _page(visit, {**given, "budget": budget}, refused=visit.retold(refused))
    return _page(visit, {**given, "budget": budget}, found=found)


def _page(
    visit: Visit, given: dict[str, str], *, found: NamesScreened | None = None, refused: PratiqueError | None = None
) -> Response:
    kinds = {
        "party": visit.gettext("person or company"),
        "person": visit.gettext("person"),
        "organisation": visit.gettext("company"),
        "vessel": visit.gettext("vessel"),
        "address": visit.gettext("address"),
        "document": visit.gettext("document"),
        "equipment": visit.gettext("box"),
    }
    return visit.page(
        "screen.html",
        status=refused.category.http_status if refused else 200,
        given=dict.fromkeys((*ASKED, "budget"), "") | given,
        kinds=kinds,
        asked=found is not None,
        refused=refused,
        answers=_answers(visit, found) if found else [],
        lines=[(each, cost_told(visit, each.alert_line)) for each in found.lists] if found else [],
    )


def _answers(visit: Visit, found: NamesScreened) -> list[Answer]:
    return [
        Answer(
            list_id=hit["list_id"],
            list_date=hit["list_date"],
            listed_name=hit["listed_name"],
            programme=hit["programme"],
            score=visit.figures.number(hit["score_permille"] / SCORE_PARTS),
            reasons=tuple(visit.told(each["code"], each["params"]) for each in json.loads(hit["reasons"])),
        )
        for hit in found.hits.iter_rows(named=True)
    ]
