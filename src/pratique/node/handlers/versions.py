"""Versions of a bill side by side: what each message said, and what changed from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import polars as pl

from pratique.node.acts import Query, View
from pratique.node.errors import refuse
from pratique.node.runs.at_hand import RunAtHand, taken_at_hand
from pratique.node.storage import runs as stored
from pratique.node.storage.runs import StoredConsignment
from pratique.vocabulary.errors import Category

MOST_VERSIONS: Final = 10
ROLES: Final = {"consignor": "CZ", "consignee": "CN", "notify": "NI"}
PLAIN: Final = (
    "nature_code",
    "loading_location",
    "unloading_location",
    "place_of_acceptance",
    "final_destination",
    "transit_countries",
    "gross_mass_g",
    "volume_dm3",
    "package_count",
    "customs_value_minor",
    "customs_value_currency",
    "freight_charge_minor",
    "freight_charge_currency",
)
SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"

Value = str | int | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class VersionOfBill:
    """One version: in which message it came and when, in which run it was judged last, and how it was seen there.

    ``change`` is new, unchanged, changed, cancelled, superseded or duplicate; ``hours_before_arrival`` full hours.
    """

    consignment_id: str
    run_id: str
    version: int
    change: str | None
    changed_fields: tuple[str, ...]
    hours_before_arrival: int | None
    raw_sha256: str | None
    place: str
    issued_at: str | None


@dataclass(frozen=True, slots=True)
class FieldOfVersions:
    """One field in every version, oldest first; ``changes`` says for each version what it did to the one before it.

    The first change is ``None``; others are same, changed, added or removed. Several values are a sorted tuple; units
    are those of the frames (grams, minor units).
    """

    field: str
    values: tuple[Value, ...]
    changes: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class VersionsShown:
    """The versions of a bill of one sender, oldest first (the newest ten), field by field."""

    bill: str | None
    sender_id: str | None
    versions: tuple[VersionOfBill, ...]
    fields: tuple[FieldOfVersions, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class ShowVersions(Query[VersionsShown]):
    """Every version of the bill that the consignment (short id or bill number) is a version of."""

    ref: str


def show_versions(query: ShowVersions, view: View) -> VersionsShown:
    """Raises ``NOT_FOUND`` where nothing has that id or bill number."""
    called = stored.consignments_called(view.connection, query.ref.strip())
    if not called:
        raise refuse("consignments.not_found", Category.NOT_FOUND, ref=query.ref)
    chosen = called[0]
    same = _same_bill(chosen, view)
    shown = same[-MOST_VERSIONS:]
    runs: dict[int, RunAtHand] = {}
    for each in shown:
        if each.run_seq not in runs:
            run = stored.run_by_seq(view.connection, each.run_seq)
            runs[each.run_seq] = taken_at_hand(view.connection, view.folder, run)
    said = [_said(each, runs[each.run_seq]) for each in shown]
    return VersionsShown(
        bill=chosen.bill,
        sender_id=chosen.sender_id,
        versions=tuple(_version(each, runs[each.run_seq]) for each in shown),
        fields=tuple(_field(name, [values[name] for values in said]) for name in said[0]),
        left_out=len(same) - len(shown),
    )


def _same_bill(chosen: StoredConsignment, view: View) -> list[StoredConsignment]:
    """Each version once, as the newest run has it; in the order in which they first came."""
    if chosen.bill is None:
        return [chosen]
    found = [
        each
        for each in stored.consignments_called(view.connection, chosen.bill)
        if each.bill == chosen.bill and each.sender_id == chosen.sender_id
    ]
    first: dict[str, tuple[int, int]] = {}
    newest: dict[str, StoredConsignment] = {}
    for each in found:  # newest run first
        newest.setdefault(each.id, each)
        first[each.id] = (each.run_seq, each.consignment)
    return sorted(newest.values(), key=lambda each: first[each.id])


def _version(stored_row: StoredConsignment, at_hand: RunAtHand) -> VersionOfBill:
    row = _one(at_hand.frames["consignments"], stored_row)
    change = _one(at_hand.frames["versions"], stored_row)
    message = at_hand.frames["message"].row(by_predicate=pl.col("message") == row["message"], named=True)
    issued = message["issue_datetime"]
    return VersionOfBill(
        consignment_id=stored_row.id,
        run_id=at_hand.run.id,
        version=stored_row.version,
        change=change["change"],
        changed_fields=tuple(change["changed_fields"] or ()),
        hours_before_arrival=change["hours_before_arrival"],
        raw_sha256=message["raw_sha256"],
        place=row["place"],
        issued_at=issued.isoformat() if issued else None,
    )


def _said(stored_row: StoredConsignment, at_hand: RunAtHand) -> dict[str, Value]:
    """Every compared field of one version."""
    row = _one(at_hand.frames["consignments"], stored_row)
    parties = _rows(at_hand.frames["parties"], stored_row)
    goods = _rows(at_hand.frames["goods_items"], stored_row)
    boxes = _rows(at_hand.frames["equipment"], stored_row)
    names = {role: _first(parties.filter(role_code=code), "name") for role, code in ROLES.items()}
    seals = [*boxes["seal_ids"].explode().to_list(), *(row["seal_ids"] or ())]
    return {
        **names,
        **{name: _plain(row[name]) for name in PLAIN},
        "descriptions": _sorted(goods["description"].to_list()),
        "commodity_codes": _sorted(goods["commodity_code"].to_list()),
        "origin_countries": _sorted(goods["origin_country"].to_list()),
        "equipment_ids": _sorted(boxes["equipment_id"].to_list()),
        "seal_ids": _sorted(seals),
    }


def _field(name: str, values: list[Value]) -> FieldOfVersions:
    changes: list[str | None] = [None]
    changes += [_change(before, after) for before, after in pairwise(values)]
    return FieldOfVersions(name, tuple(values), tuple(changes))


def _change(before: Value, after: Value) -> str:
    if before == after:
        return SAME
    if before in (None, ()):
        return ADDED
    return REMOVED if after in (None, ()) else CHANGED


def _one(frame: pl.DataFrame, stored_row: StoredConsignment) -> Mapping[str, Any]:
    return _rows(frame, stored_row).row(0, named=True)


def _rows(frame: pl.DataFrame, stored_row: StoredConsignment) -> pl.DataFrame:
    return frame.filter(consignment=stored_row.consignment)


def _first(rows: pl.DataFrame, column: str) -> str | None:
    return next((value for value in rows[column].to_list() if value), None)


def _plain(value: Any) -> Value:
    return tuple(value) if isinstance(value, list) else value


def _sorted(values: list[str | None]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))
