"""The control list of a run: who is to be controlled, how, and why in short."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from pratique.node.acts import Query, View
from pratique.node.errors import refuse
from pratique.node.handlers.runs import named_run, run_frame
from pratique.node.run_rows import chosen_decisions
from pratique.node.storage import runs as stored
from pratique.node.storage.runs import StoredRun
from pratique.vocabulary.errors import Category
from pratique.vocabulary.reasons import CHANNEL

EVERYTHING: Final = "all"
CONSIGNOR: Final = "CZ"
CONSIGNEE: Final = "CN"


@dataclass(frozen=True, slots=True)
class ShortReason:
    """One reason of a consignment: which profile, how many points, with the parameters of its sentence."""

    profile_id: str
    profile_version: int
    risk_type: str
    points: int
    control: str
    mandatory: bool
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the control list; mass in grams, reasons with most points first."""

    rank: int
    consignment_id: str
    bill: str | None
    channel: str
    control: str
    basis: str
    score: int
    mandatory: bool
    unplaced: bool
    probability_open: float
    probability_scan: float
    probability_documents: float
    consignor: str | None
    consignee: str | None
    description: str | None
    loading_location: str | None
    unloading_location: str | None
    gross_mass_g: int | None
    equipment_ids: tuple[str, ...]
    reasons: tuple[ShortReason, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """The list and its run; ``total`` counts the lines before ``limit`` cut them."""

    run: StoredRun
    total: int
    rows: tuple[QueueRow, ...]


@dataclass(frozen=True, slots=True)
class ListQueue(Query[Queue]):
    """The control list of a run (else of the newest), ranked.

    ``channel`` keeps one channel; ``all`` keeps every consignment; without it the list has those that take a person's
    time.
    """

    run: str | None = None
    channel: str | None = None
    limit: int | None = None


def list_queue(query: ListQueue, view: View) -> Queue:
    """Raises ``NOT_FOUND`` where there is no such run, ``REJECTED`` for a channel that is none."""
    run = named_run(view.connection, query.run) if query.run else stored.newest_run(view.connection)
    if run is None:
        raise refuse("runs.none_yet", Category.NOT_FOUND)
    wanted = _wanted(run_frame(run, "decisions", view), query.channel)
    shown = wanted if query.limit is None else wanted.head(query.limit)
    return Queue(run, wanted.height, tuple(_rows(shown, run, view)))


def reasons_by_consignment(reasons: pl.DataFrame) -> dict[int, tuple[ShortReason, ...]]:
    """The reasons of each consignment, most points first."""
    collected: dict[int, list[ShortReason]] = {}
    ordered = reasons.sort(["points", "profile_id"], descending=[True, False], maintain_order=True)
    for row in ordered.iter_rows(named=True):
        collected.setdefault(row["consignment"], []).append(short_reason(row))
    return {consignment: tuple(found) for consignment, found in collected.items()}


def short_reason(row: dict[str, Any]) -> ShortReason:
    """One row of a ``REASON`` frame."""
    names = ("profile_id", "profile_version", "risk_type", "points", "control", "mandatory")
    return ShortReason(**{name: row[name] for name in names}, params=json.loads(row["params"] or "{}"))


def _wanted(decisions: pl.DataFrame, channel: str | None) -> pl.DataFrame:
    if channel is None:
        return chosen_decisions(decisions)
    if channel == EVERYTHING:
        return decisions.sort("rank")
    if channel not in CHANNEL.values():
        raise refuse("queue.no_channel", channel=channel, known=", ".join([*CHANNEL.values(), EVERYTHING]))
    return decisions.filter(pl.col("channel") == channel).sort("rank")


def _rows(shown: pl.DataFrame, run: StoredRun, view: View) -> list[QueueRow]:
    keys = shown["consignment"]
    reasons = reasons_by_consignment(_of(run_frame(run, "reasons", view), keys))
    joined = shown
    for extra in (
        run_frame(run, "scores", view).select("consignment", "score", "mandatory"),
        run_frame(run, "consignments", view),
        _names(_of(run_frame(run, "parties", view), keys)),
        _goods(_of(run_frame(run, "goods_items", view), keys)),
        _boxes(_of(run_frame(run, "equipment", view), keys)),
    ):
        joined = joined.join(extra, on="consignment", how="left", maintain_order="left")
    joined = joined.rename({"transport_contract_document_id": "bill"}).with_columns(
        pl.col("equipment_ids").fill_null(pl.lit([], dtype=pl.List(pl.String)))
    )
    plain = [name for name in QueueRow.__slots__ if name not in ("reasons", "equipment_ids")]
    return [
        QueueRow(
            **{name: row[name] for name in plain},
            equipment_ids=tuple(row["equipment_ids"]),
            reasons=reasons.get(row["consignment"], ()),
        )
        for row in joined.select("consignment", "equipment_ids", *plain).iter_rows(named=True)
    ]


def _of(rows: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
    return rows.filter(pl.col("consignment").is_in(keys.implode()))


def _names(parties: pl.DataFrame) -> pl.DataFrame:
    role, name = pl.col("role_code"), pl.col("name")
    return parties.group_by("consignment", maintain_order=True).agg(
        consignor=name.filter(role == CONSIGNOR).drop_nulls().first(),
        consignee=name.filter(role == CONSIGNEE).drop_nulls().first(),
    )


def _goods(goods_items: pl.DataFrame) -> pl.DataFrame:
    words = pl.col("description").drop_nulls().unique(maintain_order=True).str.join("; ")
    return goods_items.group_by("consignment", maintain_order=True).agg(description=words)


def _boxes(equipment: pl.DataFrame) -> pl.DataFrame:
    boxes = pl.col("equipment_id").drop_nulls().unique(maintain_order=True)
    return equipment.group_by("consignment", maintain_order=True).agg(equipment_ids=boxes)
