"""Changes of watchlists: what each load changed, and the hits that it raised."""

from __future__ import annotations

import json
from typing import Annotated, Final, Literal

from fastapi import Path, Query
from pydantic import BaseModel, Field

from pratique.api.paging import Page, Paged
from pratique.api.serving import By
from pratique.api.shown import Moment, Sha256
from pratique.api.slice import Slice
from pratique.node.handlers.list_changes import (
    MOST_ENTRIES,
    EntryChanged,
    ListListChanges,
    ShowListChange,
)
from pratique.node.hits.lines import HitLine
from pratique.node.storage.list_changes import StoredListChange

SLICE: Final = Slice("list_changes", persons=True)

LARGEST: Final = 2**31 - 1

Number = Annotated[int, Path(ge=0, le=LARGEST, description="Number of the change, as its load has in the journal.")]
OfList = Annotated[str | None, Query(max_length=40, description="Id of a list; else every list.", examples=["ofac"])]
Kind = Annotated[
    Literal["added", "changed", "removed"] | None, Query(description="Entries that were added, changed or removed.")
]
Most = Annotated[int, Query(ge=1, le=MOST_ENTRIES, description="How many entries at most.")]
From = Annotated[int, Query(ge=0, le=LARGEST, description="How many entries to leave out before.")]


class Counts(BaseModel):
    """Entries by what became of them."""

    added: int
    changed: int
    removed: int


class ListChange(BaseModel):
    """One load of a list: which version it replaced, what it changed, and what that raised."""

    number: int
    list_id: str
    version: Sha256
    before: Sha256 | None
    at: Moment
    by: str
    counts: Counts
    screened_count: int = Field(description="Consignments, assessed and not released, that were compared with it.")
    raised_count: int


class ListChangeDetail(BaseModel):
    """A change with its entries and the hits that it raised, as they stand now."""

    change: ListChange
    entries: list[EntryChanged]
    total: int
    raised: list[HitLine]


@SLICE.read("/list_changes", summary="List changes of watchlists")
def list_list_changes(by: By, window: Paged, list_id: OfList = None) -> Page[ListChange]:
    """What every load changed, newest first."""
    found = by.ask(ListListChanges(list_id))
    return window.page(found, key=lambda change: (LARGEST - change.seq,), show=shown_change)


@SLICE.read("/list_changes/{number}", missing=True, summary="Show a change of a watchlist")
def show_list_change(
    by: By, number: Number, kind: Kind = None, limit: Most = 100, offset: From = 0
) -> ListChangeDetail:
    """Entry by entry and field by field, with the hits raised on consignments that were assessed before it."""
    shown = by.ask(ShowListChange(number, kind, limit, offset))
    return ListChangeDetail(
        change=shown_change(shown.change), entries=list(shown.entries), total=shown.total, raised=list(shown.raised)
    )


def shown_change(change: StoredListChange) -> ListChange:
    """The change without where its frame lies."""
    plain = {name: getattr(change, name) for name in ListChange.model_fields if name not in ("number", "counts")}
    return ListChange.model_validate(plain | {"number": change.seq, "counts": json.loads(change.counts)})
