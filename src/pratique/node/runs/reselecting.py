"""A new selection on the stored scores of a run: another capacity, the same seed; approved calls stay as they are."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pratique.flow.assess import standing
from pratique.flow.selection import select, value_of
from pratique.node.controls.state import SLOTS
from pratique.node.hits.raised import MANDATORY, POINTS, Late
from pratique.node.runs.at_hand import RunAtHand
from pratique.node.runs.in_force import capacity_of, knobs_of
from pratique.node.settings import Settings
from pratique.vocabulary.reasons import DECISION


def reselected(at_hand: RunAtHand, capacity: Mapping[str, int]) -> pl.DataFrame:
    """The decisions (schema ``DECISION``) under ``capacity``, in order of rank.

    The slots that approved calls use are taken off first, and their rows keep the decisions they have. What lists
    raised since counts: points with the score, and what must be controlled for it.
    """
    frames = at_hand.frames
    approved = [call.number for call in at_hand.calls if call.id in at_hand.approvals]
    is_held = at_hand.queue["call"].is_in(approved) if approved else pl.repeat(False, at_hand.queue.height, eager=True)
    held = at_hand.decisions.filter(pl.col("consignment").is_in(at_hand.queue.filter(is_held)["consignment"].implode()))
    used: dict[str, int] = dict(held.group_by("control").len().iter_rows())
    settings = Settings.of(at_hand.manifest["settings"])
    stands = standing(frames["consignments"], messages=frames["message"], versions=frames["versions"])
    scores = _as_they_stand(frames["scores"], at_hand.late)
    decided = select(
        scores,
        eligible=stands & ~is_held,
        capacity=capacity_of(settings, {name: max(0, capacity[name] - used.get(name, 0)) for name in SLOTS}),
        high_line=frames.high_line,
        seed=at_hand.seed,
        value=None if frames.learned is None else value_of(frames.learned, scores, knobs_of(settings)),
    )
    if not approved:
        return decided
    free = decided.join(held.select("consignment"), on="consignment", how="anti", maintain_order="left")
    return pl.concat([free, held]).sort("rank").cast(pl.Schema(DECISION))


def _as_they_stand(scores: pl.DataFrame, late: Late) -> pl.DataFrame:
    """The scores (schema ``SCORE``), in their order, with what came to the run since."""
    joined = scores.join(late.points, on="consignment", how="left", maintain_order="left")
    return joined.with_columns(
        (pl.col("score") + pl.col(POINTS).fill_null(0)).cast(scores.schema["score"]),
        pl.col("mandatory") | pl.col(MANDATORY).fill_null(value=False),
    ).select(scores.columns)
