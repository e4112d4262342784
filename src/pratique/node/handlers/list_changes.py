"""Changes of lists: what each load changed, entry by entry, and the hits that it raised."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from pratique.flow.screening.difference import CHANGES
from pratique.node.acts import Query, View
from pratique.node.errors import refuse
from pratique.node.hits.lines import HitLine, hit_lines
from pratique.node.hits.raised import raised_frame
from pratique.node.lake import known_frame
from pratique.node.runs.at_hand import taken_at_hand
from pratique.node.storage.list_changes import (
    RAISED_COLUMNS,
    StoredListChange,
    list_change_by_seq,
    list_changes,
    raised_hits_of_change,
)
from pratique.node.storage.runs import run_by_seq
from pratique.vocabulary.errors import Category

MOST_ENTRIES: Final = 500


@dataclass(frozen=True, slots=True)
class FieldChanged:
    """One field of an entry: the values that only the older version has, and those that only the newer one has."""

    field: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryChanged:
    """One entry that was added, changed (then with its fields) or removed."""

    entity_id: str
    change: str
    kind: str | None
    name: str | None
    programme: str | None
    fields: tuple[FieldChanged, ...]


@dataclass(frozen=True, slots=True)
class ListChangeShown:
    """One change of a list: ``entries`` of all ``total`` that were asked for, and where the hits it raised stand now.

    A raised hit that a later one has replaced is not among ``raised``. ``counts`` are those of entries added, changed
    and removed.
    """

    change: StoredListChange
    counts: Mapping[str, int]
    entries: tuple[EntryChanged, ...]
    total: int
    raised: tuple[HitLine, ...]


@dataclass(frozen=True, slots=True)
class ListListChanges(Query[list[StoredListChange]]):
    """What every load (of one list) changed, newest first."""

    list_id: str | None = None


@dataclass(frozen=True, slots=True)
class ShowListChange(Query[ListChangeShown]):
    """One change by its number: its entries, only those of ``kind`` (added, changed, removed) where it is given."""

    number: int
    kind: str | None = None
    limit: int = 100
    offset: int = 0


def list_list_changes(query: ListListChanges, view: View) -> list[StoredListChange]:
    """Empty where no such list was ever loaded."""
    return list_changes(view.connection, query.list_id)


def show_list_change(query: ShowListChange, view: View) -> ListChangeShown:
    """Raises ``NOT_FOUND`` for a number that is no change, ``REJECTED`` for a kind or limit that cannot be."""
    if query.kind is not None and query.kind not in CHANGES:
        raise refuse("lists.no_change_kind", kind=query.kind, known=", ".join(CHANGES))
    if not 1 <= query.limit <= MOST_ENTRIES or query.offset < 0:
        raise refuse("queue.limit", limit=query.limit, most=MOST_ENTRIES)
    change = list_change_by_seq(view.connection, query.number)
    if change is None:
        raise refuse("lists.no_change", Category.NOT_FOUND, number=query.number)
    rows = known_frame(view.folder, json.loads(change.frame))
    wanted = rows if query.kind is None else rows.filter(change=query.kind)
    ids = wanted.select("entity_id", "change").unique(maintain_order=True)
    page = ids.slice(query.offset, query.limit)
    return ListChangeShown(
        change=change,
        counts=json.loads(change.counts),
        entries=_entries(wanted.join(page, on=["entity_id", "change"], how="semi", maintain_order="left")),
        total=ids.height,
        raised=_raised(change, view),
    )


def _entries(rows: pl.DataFrame) -> tuple[EntryChanged, ...]:
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        grouped.setdefault((row["change"], row["entity_id"]), []).append(row)
    return tuple(_entry(same) for same in grouped.values())


def _entry(same: list[dict[str, Any]]) -> EntryChanged:
    first = same[0]
    fields = tuple(FieldChanged(row["field"], tuple(row["gone"]), tuple(row["come"])) for row in same if row["field"])
    plain = {name: first[name] for name in ("entity_id", "change", "kind", "name", "programme")}
    return EntryChanged(**plain, fields=fields)


def _raised(change: StoredListChange, view: View) -> tuple[HitLine, ...]:
    rows = raised_hits_of_change(view.connection, change.seq)
    at_run = RAISED_COLUMNS.index("run_seq")
    numbers: dict[int, set[int]] = {}
    for run_seq, number in zip((row[at_run] for row in rows), raised_frame(rows)["number"], strict=True):
        numbers.setdefault(run_seq, set()).add(number)
    found: list[HitLine] = []
    for run_seq, wanted in numbers.items():
        at_hand = taken_at_hand(view.connection, view.folder, run_by_seq(view.connection, run_seq))
        lines = hit_lines(at_hand, at_hand.calls, view.connection, view.at)
        found.extend(line for line in lines if line.number in wanted)
    return tuple(found)
