"""Watchlists: loaded as versions, the newest in force."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final

from fastapi import Path, Query, Request, Response
from pydantic import BaseModel, Field

from pratique.api.once import about_to_start
from pratique.api.paging import Page, Paged
from pratique.api.routes.jobs import LOCATION, JobShown, begun
from pratique.api.serving import By
from pratique.api.shown import Moment, Sha256
from pratique.api.slice import Slice
from pratique.api.texts import OnlyInForce
from pratique.node.handlers.lists import ListLists, LoadList, require_loadable
from pratique.node.handlers.lists import ListShown as Shown
from pratique.node.hits.alert_line import AlertLine
from pratique.node.storage.versions import ListVersion

SLICE: Final = Slice("lists")

Source = Annotated[
    str, Path(max_length=40, description="Where the list comes from: ofac, un, bis, ftm, own.", examples=["own"])
]
ListId = Annotated[
    str | None,
    Query(
        pattern="^[a-z0-9][a-z0-9_-]{0,39}$",
        description="Name of the list, where several lists share a source; else that of the source.",
        examples=["port-bans"],
    ),
]


class Input(BaseModel):
    """One file of a list."""

    name: str
    sha256: Sha256


class VersionOfList(BaseModel):
    """One load of a watchlist."""

    seq: int
    list_id: str
    source: str
    digest: Sha256
    list_date: str | None = Field(description="The date that the list itself bears.", examples=["2026-10-01"])
    counts: dict[str, int]
    inputs: list[Input]
    loaded_at: Moment
    loaded_by: str


class ListShown(BaseModel):
    """One version: whether it is in force, and whether it is past its due date."""

    version: VersionOfList
    in_force: bool
    due: str = Field(description="The day from which it is overdue.", examples=["2026-10-12"])
    overdue: bool
    grade: str = Field(description="Of the list as set now; empty where it has none.", examples=["B2"])
    alert_line: AlertLine
    change: int | None = Field(description="Number of what its newest load changed; `GET /list_changes/{number}`.")


@SLICE.read("/lists", summary="List watchlists")
def list_lists(by: By, window: Paged, only_in_force: OnlyInForce = False) -> Page[ListShown]:
    """Every version of every list, oldest first, or only those in force."""
    found = by.ask(ListLists(only_in_force))
    return window.page(found, key=lambda shown: (shown.version.seq,), show=_shown)


@SLICE.write(
    "/lists/{source}", takes="load", status_code=202, missing=True, summary="Load a watchlist", responses=LOCATION
)
def load_list(by: By, request: Request, response: Response, source: Source, list_id: ListId = None) -> JobShown:
    """Takes the files of one list, whole or not at all; where it is broken the version in force stays in force.

    The answer is a job, done within a second where the list is small; `result.change` is then the number of what
    changed. Entries that are new or changed raise hits on consignments that are assessed and not yet released.
    """
    command = LoadList(source, tuple(by.files.files), list_id)
    by.serving.node.admit(command, actor=by.actor)
    require_loadable(command)
    about_to_start(request, by)
    by.files.taken = True
    job = by.serving.jobs.start("load_list", actor=by.actor, files=by.files.files, source=source, list_id=list_id)
    return begun(request, response, by, job)


def _shown(shown: Shown) -> ListShown:
    plain = {name: getattr(shown, name) for name in ListShown.model_fields if name != "version"}
    return ListShown(version=_version(shown.version), **plain)


def _version(version: ListVersion) -> VersionOfList:
    inside: dict[str, Any] = {name: json.loads(getattr(version, name)) for name in ("counts", "inputs")}
    plain = {name: getattr(version, name) for name in VersionOfList.model_fields if name not in inside}
    return VersionOfList.model_validate(plain | inside)
