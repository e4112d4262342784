"""What changes of lists add to a score since the run was made: which list, of which date, how many points, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pratique.node.hits.raised import RAISED_BY
from pratique.node.profiles.texts import kept_profile
from pratique.node.runs.at_hand import RunAtHand
from pratique.node.storage.list_changes import list_change_by_seq
from pratique.node.storage.store import Connection
from pratique.node.storage.versions import all_lists


@dataclass(frozen=True, slots=True)
class RaisedReason:
    """A reason that the new hits bring, or (``fires`` false) one of the run that holds no more: its points are off."""

    profile_id: str
    profile_version: int
    risk_type: str
    points: int
    control: str
    mandatory: bool
    fires: bool
    template: str | None
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RaisedPoints:
    """What one change of a list adds to the score of a consignment.

    ``change`` is its number, ``dated`` the day of the list that was loaded (of the load where it has none).
    """

    change: int
    list_id: str
    dated: str
    points: int
    reasons: tuple[RaisedReason, ...]


def raised_points(
    at_hand: RunAtHand, connection: Connection, consignments: pl.Series
) -> dict[int, tuple[RaisedPoints, ...]]:
    """By number of the consignment, oldest change first; those without are left out."""
    rows = at_hand.raised_reasons.filter(pl.col("consignment").is_in(consignments.implode()))
    if rows.is_empty():
        return {}
    templates = {(each.id, each.version): kept_profile(each).sentence for each in at_hand.profiles}
    dated = {each.digest: each.list_date for each in all_lists(connection)}
    found: dict[int, tuple[RaisedPoints, ...]] = {}
    for (consignment, seq), told in rows.group_by("consignment", RAISED_BY, maintain_order=True):
        change = list_change_by_seq(connection, int(str(seq)))
        if change is None:  # erased with its time
            continue
        reasons = tuple(_reason(row, templates) for row in told.sort("points", descending=True).iter_rows(named=True))
        day = dated.get(change.version) or change.at[:10]
        of_change = RaisedPoints(change.seq, change.list_id, day, sum(each.points for each in reasons), reasons)
        number = int(str(consignment))
        found[number] = (*found.get(number, ()), of_change)
    return found


def _reason(row: Mapping[str, Any], templates: Mapping[tuple[str, int], str]) -> RaisedReason:
    plain = [name for name in RaisedReason.__slots__ if name not in ("template", "params")]
    template = templates.get((row["profile_id"], row["profile_version"]))
    return RaisedReason(
        **{name: row[name] for name in plain}, template=template, params=json.loads(row["params"] or "{}")
    )
