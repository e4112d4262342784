"""Watchlists: every version, which is in force, which is due, and loading a new one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from pratique.desk.hit_words import cost_told, field_words, kind_words, kinds_told, state_words
from pratique.desk.pages import following
from pratique.desk.uploads import handed_in
from pratique.desk.visit import Visit
from pratique.node.handlers.list_changes import ShowListChange
from pratique.node.handlers.lists import ListLists, ListShown, LoadList, require_loadable
from pratique.vocabulary.errors import PratiqueError

SOURCES: Final = ("ofac", "un", "ftm", "bis", "own")
MOST_BEFORE: Final = 20
PAGE: Final = 100  # entries of a change on one page
LONGEST_NUMBER: Final = 10
MOST_ODD: Final = 20


@dataclass(frozen=True, slots=True)
class Version:
    """One version as a row: what the node says of it, and how many rows it holds."""

    shown: ListShown
    rows: int


def show(visit: Visit) -> Response:
    """Lists in force first, then the versions before them, newest first."""
    every = [_version(each) for each in visit.ask(ListLists())]
    now = [each for each in every if each.shown.in_force]
    before = [each for each in reversed(every) if not each.shown.in_force]
    return visit.page(
        "lists.html",
        in_force=now,
        before=before[:MOST_BEFORE],
        left_out=max(0, len(before) - MOST_BEFORE),
        overdue=sum(each.shown.overdue for each in now),
        sources=SOURCES,
        may_load=visit.may(LoadList),
        loads=[job for job in visit.desk.jobs.all() if job.kind == "load_list" and not job.ended],
        cost=lambda shown: cost_told(visit, shown.alert_line),
        by_kind=lambda shown: kinds_told(visit, shown.alert_line) if shown.in_force else [],
    )


def load(visit: Visit) -> Response:
    """Takes the files of the form in as the new version of a list; a broken one leaves the old in force."""
    command = LoadList(visit.given("source"), (), visit.given("list_id").strip() or None)
    visit.desk.node.admit(command, actor=visit.actor)
    require_loadable(command)
    job = visit.desk.jobs.start(
        "load_list",
        actor=visit.actor,
        files=handed_in(visit),
        source=command.source,
        list_id=command.list_id,
    )
    return following.begun(visit, job)


def show_change(visit: Visit) -> Response:
    """What one load of a list changed, entry by entry, and the hits it raised on consignments in hand."""
    kinds = kind_words(visit)
    kind = visit.asked("kind") if visit.asked("kind") in kinds else None
    offset = visit.asked("from")
    first = int(offset) if offset.isdecimal() and len(offset) < LONGEST_NUMBER else 0
    found = visit.ask(ShowListChange(visit.request.path_params["number"], kind, limit=PAGE, offset=first))
    more = first + PAGE
    return visit.page(
        "list_change.html",
        it=found,
        kind=kind,
        kinds=kinds,
        fields=field_words(visit),
        states=state_words(visit),
        more=more if more < found.total else None,
        loaded=bool(visit.asked("loaded")),
        odd=_odd(visit, found.change.seq),
    )


def _odd(visit: Visit, number: int) -> list[str]:
    """What was odd in the files of a load that was just done, as long as its job is remembered."""
    try:
        result = visit.desk.jobs.show(visit.asked("loaded")).result or {}
    except PratiqueError:
        return []
    findings = result["findings"] if result.get("change") == number else []
    return [visit.told(each["rule"], each["params"]) for each in findings[:MOST_ODD]]


def _version(shown: ListShown) -> Version:
    return Version(shown, int(json.loads(shown.version.counts).get("rows", 0)))
