"""Which consignments are still in hand: assessed, and not released."""

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


def not_released(
    connection: Connection, folder: NodeFolder, *, at: datetime, days: int
) -> Iterator[tuple[RunAtHand, pl.Series]]:
    """Each run that has some, with the numbers of its consignments that are assessed and not yet released at ``at``.

    What the node is told of releases counts; of most nobody tells it, and what it knows is the control list and its
    approval. So a consignment counts as not released where all of this holds:

    - no release of it was noted;
    - no newer run covers its call, and in its run it stands: it is not cancelled, nor replaced by a later one of the
      same bill;
    - its ship arrived no longer than ``days`` ago, or is still to come; where no arrival is known the moment of the
      assessment counts;
    - it may still be stopped: the ship has not arrived, the list of the call is not approved, or there is a control
      (open, scan, documents) on it, whose result is outstanding.
    """
    runs = Runs(connection, folder)
    earliest = at - timedelta(days=days)
    standing = standing_calls(runs, is_wanted=lambda call: _arrival(call, runs) >= earliest)
    by_run: dict[str, list[pl.Series]] = {}
    for each in standing:
        by_run.setdefault(each.call.run_id, []).append(_in_hand(each.call, runs[each.call.run_id], at))
    for run_id, numbers in by_run.items():
        found = pl.concat(numbers).unique().sort()
        gone = list(releases(connection, runs[run_id].run.seq))
        found = found.filter(~found.is_in(gone)) if gone else found
        if found.len():
            yield runs[run_id], found


def _arrival(call: Call, runs: Runs) -> datetime:
    return call.arrives_at or from_text(runs[call.run_id].run.at)


def _in_hand(call: Call, at_hand: RunAtHand, at: datetime) -> pl.Series:
    rows = at_hand.state(call).filter("stands")
    has_arrived = call.arrives_at is not None and call.arrives_at <= at
    if has_arrived and call.id in at_hand.approvals:
        rows = rows.filter(pl.col("control").is_in(SLOTS))
    return rows["consignment"]
