"""Watchlists: every version, which is in force, which is due, and loading a new one."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from starlette.datastructures import UploadFile
from starlette.responses import Response

from pratique.desk.hit_words import cost_told, field_words, kind_words, state_words
from pratique.desk.visit import Visit
from pratique.node.errors import refuse
from pratique.node.handlers.list_changes import ShowListChange
from pratique.node.handlers.lists import ListLists, ListShown, LoadList
from pratique.node.incoming import sent_name

SOURCES: Final = ("ofac", "un", "ftm", "bis", "own")
MOST_BEFORE: Final = 20
PAGE: Final = 100  # entries of a change on one page
LONGEST_NUMBER: Final = 10


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
        cost=lambda shown: cost_told(visit, shown.alert_line),
    )


def load(visit: Visit) -> Response:
    """Takes the files of the form in as the new version of a list; a broken one leaves the old in force."""
    came = [file for file in visit.form.getlist("file") if isinstance(file, UploadFile) and file.filename]
    if not came:
        raise refuse("desk.no_file")
    with TemporaryDirectory(prefix="pratique-list-") as folder:
        places = []
        for number, file in enumerate(came):
            place = Path(folder) / str(number) / sent_name(file.filename or "")
            place.parent.mkdir()
            with place.open("wb") as target:
                shutil.copyfileobj(file.file, target)
            places.append(place)
        done = visit.execute(LoadList(visit.given("source"), tuple(places), visit.given("list_id").strip() or None))
    return visit.go(f"/lists/changes/{done.change.seq}", loaded="1")


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
    )


def _version(shown: ListShown) -> Version:
    return Version(shown, int(json.loads(shown.version.counts).get("rows", 0)))
