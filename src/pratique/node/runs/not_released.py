"""Which consignments are still in hand, assessed and not released, and which went lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from pratique.flow.assess import standing
from pratique.node.controls.state import SLOTS, controls_now
from pratique.node.folder import NodeFolder
from pratique.node.instants import from_text
from pratique.node.runs.at_hand import RunAtHand, run_at_hand
from pratique.node.runs.calls import Call
from pratique.node.runs.covered import Runs, standing_calls
from pratique.node.storage.control_outcomes import releases
from pratique.node.storage.runs import run_ids_after
from pratique.node.storage.store import Connection


@dataclass(frozen=True, slots=True)
class KnownStill:
    """A run, and the numbers of its consignments that may still be stopped, and of those that were released."""

    at_hand: RunAtHand
    in_hand: pl.Series
    released: pl.Series


def calls_still(
    connection: Connection, folder: NodeFolder, *, at: datetime, days: int, after_run: int = 0
) -> dict[str, list[Call]]:
    """The calls that are looked at, by their run, of runs behind number ``after_run``, the newest run first.

    They are those that no newer run covers, whose ship arrived no longer than ``days`` ago or is still to come; where
    no arrival is known the moment of the assessment counts.
    """
    runs = Runs(connection, folder)
    earliest, later = at - timedelta(days=days), run_ids_after(connection, after_run)

    def is_wanted(call: Call) -> bool:
        return call.run_id in later and (call.arrives_at or from_text(runs[call.run_id].run.at)) >= earliest

    by_run: dict[str, list[Call]] = {}
    for each in standing_calls(runs, is_wanted=is_wanted):
        by_run.setdefault(each.call.run_id, []).append(each.call)
    return {run_id: by_run[run_id] for run_id in later if run_id in by_run}


def known_still(
    connection: Connection, folder: NodeFolder, run_id: str, calls: Sequence[Call], *, at: datetime
) -> KnownStill:
    """What is known of the ``calls`` of a run ``at`` a moment; a consignment counts where it stands in its run.

    It does not where it is cancelled, or replaced by a later one of the same bill.

    What the node is told of releases counts; of most nobody tells it, and what it knows is the control list and its
    approval. So a consignment counts as not released where no release of it was noted, and the ship has not arrived,
    the list of the call is not approved, or there is a control (open, scan, documents) on it, whose result is
    outstanding.
    """
    at_hand = run_at_hand(connection, folder, run_id)
    gone = list(releases(connection, at_hand.run.seq))
    rows = _standing(at_hand, calls, at)
    in_hand = ~pl.col("consignment").is_in(gone) & (~pl.col("may_go") | pl.col("control").is_in(SLOTS))
    return KnownStill(at_hand, rows.filter(in_hand)["consignment"], rows.filter(~in_hand)["consignment"])


def _standing(at_hand: RunAtHand, calls: Sequence[Call], at: datetime) -> pl.DataFrame:
    """``consignment, control, may_go`` of those that stand: their list is approved and their ship is there."""
    frames = at_hand.frames
    may_go = {message: _may_go(call, at_hand, at) for call in calls for message in call.messages}
    stands = standing(frames["consignments"], messages=frames["message"], versions=frames["versions"])
    rows = frames["consignments"].select("consignment", "message").filter(stands & pl.col("message").is_in([*may_go]))
    return (
        rows.join(controls_now(at_hand.decisions, at_hand.acts), on="consignment", how="inner")
        .with_columns(may_go=pl.col("message").replace_strict(may_go, return_dtype=pl.Boolean))
        .sort("consignment")
    )


def _may_go(call: Call, at_hand: RunAtHand, at: datetime) -> bool:
    return call.arrives_at is not None and call.arrives_at <= at and call.id in at_hand.approvals
