"""Watchlists: loaded as versions, the newest in force."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final

from fastapi import Path, Query
from pydantic import BaseModel, Field

from pratique.api.paging import Page, Paged
from pratique.api.routes.list_changes import ListChange, shown_change
from pratique.api.serving import By
from pratique.api.shown import FoundOdd, Moment, Sha256, shown_findings
from pratique.api.slice import Slice
from pratique.api.texts import OnlyInForce
from pratique.node.handlers.lists import ListLists, LoadList
from pratique.node.handlers.lists import ListShown as Shown
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


class ListLoaded(BaseModel):
    """The version now in force, what it changed and raised, and what was odd in the files."""

    version: VersionOfList
    change: ListChange
    findings: list[FoundOdd]


@SLICE.read("/lists", summary="List watchlists")
def list_lists(by: By, window: Paged, only_in_force: OnlyInForce = False) -> Page[ListShown]:
    """Every version of every list, oldest first, or only those in force."""
    found = by.ask(ListLists(only_in_force))
    return window.page(found, key=lambda shown: (shown.version.seq,), show=_shown)


@SLICE.write("/lists/{source}", takes="load", missing=True, summary="Load a watchlist")
def load_list(by: By, source: Source, list_id: ListId = None) -> ListLoaded:
    """Takes the files of one list, whole or not at all; where it is broken the version in force stays in force.

    Entries that are new or changed raise hits on consignments that are assessed and not yet released.
    """
    loaded = by.execute(LoadList(source, tuple(by.files.files), list_id))
    return ListLoaded(
        version=_version(loaded.version),
        change=shown_change(loaded.change),
        findings=shown_findings(loaded.findings),
    )


def _shown(shown: Shown) -> ListShown:
    return ListShown(version=_version(shown.version), in_force=shown.in_force, due=shown.due, overdue=shown.overdue)


def _version(version: ListVersion) -> VersionOfList:
    inside: dict[str, Any] = {name: json.loads(getattr(version, name)) for name in ("counts", "inputs")}
    plain = {name: getattr(version, name) for name in VersionOfList.model_fields if name not in inside}
    return VersionOfList.model_validate(plain | inside)
