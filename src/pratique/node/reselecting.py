"""A new selection on the stored scores of a run: another capacity, the same seed; approved calls stay as they are."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pratique.flow.assess import standing
from pratique.flow.selection import Capacity, select
from pratique.node.control_state import SLOTS
from pratique.node.run_at_hand import RunAtHand
from pratique.vocabulary.reasons import DECISION


def reselected(at_hand: RunAtHand, capacity: Mapping[str, int]) -> pl.DataFrame:
    """The decisions (schema ``DECISION``) under ``capacity``, in order of rank.

    The slots that approved calls use are taken off first, and their rows keep the decisions they have.
    """
    frames = at_hand.frames
    approved = [call.number for call in at_hand.calls if call.id in at_hand.approvals]
    is_held = at_hand.queue["call"].is_in(approved) if approved else pl.repeat(False, at_hand.queue.height, eager=True)
    held = at_hand.decisions.filter(pl.col("consignment").is_in(at_hand.queue.filter(is_held)["consignment"].implode()))
    used: dict[str, int] = dict(held.group_by("control").len().iter_rows())
    stands = standing(frames["consignments"], messages=frames["message"], versions=frames["versions"])
    decided = select(
        frames["scores"],
        eligible=stands & ~is_held,
        capacity=Capacity(
            **{name: max(0, capacity[name] - used.get(name, 0)) for name in SLOTS},
            random_share_permille=int(at_hand.manifest["settings"]["random_share_permille"]),
        ),
        high_line=frames.high_line,
        seed=at_hand.seed,
    )
    if not approved:
        return decided
    free = decided.join(held.select("consignment"), on="consignment", how="anti", maintain_order="left")
    return pl.concat([free, held]).sort("rank").cast(pl.Schema(DECISION))
