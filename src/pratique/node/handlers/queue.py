"""The control list of a run: who is to be controlled, how, and why in short."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from pratique.node.acts import Query, View
from pratique.node.errors import refuse
from pratique.node.runs.at_hand import RunAtHand, run_at_hand
from pratique.node.runs.draw import told_of_the_draw, without_the_draw
from pratique.node.runs.raised_lines import RaisedPoints, raised_points
from pratique.node.storage.runs import StoredRun
from pratique.node.storage.store import Connection
from pratique.vocabulary.reasons import CHANNEL, Control

EVERYTHING: Final = "all"


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
    """One line of the control list; mass in grams, reasons with most points first.

    ``score`` is that of the run; ``raised`` are changes of lists since, with the ``raised_points`` they add to it.
    """

    rank: int
    consignment_id: str
    bill: str | None
    channel: str
    control: str
    basis: str
    score: int
    raised_points: int
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
    raised: tuple[RaisedPoints, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """The list and its run; ``total`` counts the lines before ``limit`` cut them."""

    run: StoredRun
    total: int
    rows: tuple[QueueRow, ...]


@dataclass(frozen=True, slots=True)
class ListQueue(Query[Queue]):
    """The control list of a run (else of the newest), ranked; points that came since the run move a line.

    ``channel`` keeps one channel; ``all`` keeps every consignment; without it the list has those that take a person's
    time. ``skip`` lines from the top are left out before ``limit`` counts.
    """

    run: str | None = None
    channel: str | None = None
    limit: int | None = None
    skip: int = 0


def list_queue(query: ListQueue, view: View) -> Queue:
    """The list as it stands: with the acts of officers, under the selection in force, without what is not to be told.

    Raises ``NOT_FOUND`` where there is no such run, ``REJECTED`` for a channel that is none.
    """
    at_hand = run_at_hand(view.connection, view.folder, query.run)
    state = at_hand.state()
    told = state if told_of_the_draw(view.actor) else without_the_draw(state)
    wanted = _wanted(told, query.channel)
    shown = wanted.slice(query.skip, query.limit)
    return Queue(at_hand.run, wanted.height, tuple(_rows(shown, at_hand, view.connection)))


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


def _wanted(state: pl.DataFrame, channel: str | None) -> pl.DataFrame:
    if channel is None:
        return state.filter((pl.col("control") != Control.NONE.value) | pl.col("left_open")).sort("order")
    if channel == EVERYTHING:
        return state.sort("order")
    if channel not in CHANNEL.values():
        raise refuse("queue.no_channel", channel=channel, known=", ".join([*CHANNEL.values(), EVERYTHING]))
    return state.filter(pl.col("channel") == channel).sort("order")


def _rows(shown: pl.DataFrame, at_hand: RunAtHand, connection: Connection) -> list[QueueRow]:
    fired = at_hand.frames["reasons"].filter(pl.col("consignment").is_in(shown["consignment"].implode()))
    reasons = reasons_by_consignment(fired)
    raised = raised_points(at_hand, connection, shown["consignment"])
    plain = [name for name in QueueRow.__slots__ if name not in ("reasons", "raised", "equipment_ids")]
    rows = shown.with_columns(unplaced="left_open").select("consignment", "equipment_ids", *plain)
    return [
        QueueRow(
            **{name: row[name] for name in plain},
            equipment_ids=tuple(row["equipment_ids"]),
            reasons=reasons.get(row["consignment"], ()),
            raised=raised.get(row["consignment"], ()),
        )
        for row in rows.iter_rows(named=True)
    ]
