"""Which consignments are still in hand, assessed and not released, and which went lately."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import polars as pl

from pratique.node.controls.state import SLOTS
from pratique.node.folder import NodeFolder
from pratique.node.instants import from_text
from pratique.node.runs.at_hand import RunAtHand
from pratique.node.runs.calls import Call
from pratique.node.runs.covered import Runs, standing_calls
from pratique.node.storage.control_outcomes import releases
from pratique.node.storage.store import Connection


def known_still(
    connection: Connection, folder: NodeFolder, *, at: datetime, days: int
) -> Iterator[tuple[RunAtHand, pl.Series, pl.Series]]:
    """Each run with the numbers of its consignments that may still be stopped at ``at``, and of those released by then.

    A consignment is looked at where no newer run covers its call, it stands in its run (it is not cancelled, nor
    replaced by a later one of the same bill), and its ship arrived no longer than ``days`` ago or is still to come;
    where no arrival is known the moment of the assessment counts.

    What the node is told of releases counts; of most nobody tells it, and what it knows is the control list and its
    approval. So a consignment counts as not released where no release of it was noted, and the ship has not arrived,
    the list of the call is not approved, or there is a control (open, scan, documents) on it, whose result is
    outstanding.
    """
    runs = Runs(connection, folder)
    earliest = at - timedelta(days=days)
    standing = standing_calls(runs, is_wanted=lambda call: _arrival(call, runs) >= earliest)
    by_run: dict[str, list[pl.DataFrame]] = {}
    for each in standing:
        by_run.setdefault(each.call.run_id, []).append(_in_hand(each.call, runs[each.call.run_id], at))
    for run_id, found in by_run.items():
        gone = list(releases(connection, runs[run_id].run.seq))
        rows = pl.concat(found).unique("consignment").sort("consignment")
        in_hand = pl.col("in_hand") & ~pl.col("consignment").is_in(gone)
        yield runs[run_id], rows.filter(in_hand)["consignment"], rows.filter(~in_hand)["consignment"]


def _arrival(call: Call, runs: Runs) -> datetime:
    return call.arrives_at or from_text(runs[call.run_id].run.at)


def _in_hand(call: Call, at_hand: RunAtHand, at: datetime) -> pl.DataFrame:
    """``consignment`` and ``in_hand`` of those that stand."""
    has_arrived = call.arrives_at is not None and call.arrives_at <= at
    may_go = has_arrived and call.id in at_hand.approvals
    in_hand = pl.col("control").is_in(SLOTS) if may_go else pl.lit(value=True)
    return at_hand.state(call).filter("stands").select("consignment", in_hand=in_hand)
