"""What a profile would do: its rule on a run that is stored, before anybody puts it in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from pratique.flow.risk import score
from pratique.flow.risk.profiles import RiskProfile
from pratique.node.acts import Query, View
from pratique.node.profiles.texts import parsed
from pratique.node.runs.at_hand import RunHead, run_at_hand
from pratique.node.runs.facts import facts_of_run
from pratique.node.runs.queue_lines import QueueReason, reasons_shown

MOST_EXAMPLES: Final = 10


@dataclass(frozen=True, slots=True)
class ProjectedHit:
    """A consignment that the profile would fire on: its rank and score in the run, and the reason it would get."""

    consignment_id: str
    bill: str | None
    rank: int
    score: int
    reason: QueueReason


@dataclass(frozen=True, slots=True)
class Projection:
    """What the profile would do to a run.

    ``fires`` counts consignments it fires on, ``newly_above`` those that its points alone would lift to the high line;
    ``examples`` stand highest. ``fired_before`` counts consignments on which a version of the same profile fired in
    the run already.
    """

    run: RunHead
    profile_id: str
    points: int
    fires: int
    newly_above: int
    fired_before: int
    examples: tuple[ProjectedHit, ...]


@dataclass(frozen=True, slots=True)
class ProjectProfile(Query[Projection]):
    """What the profile written in ``text`` would do to a run (else the newest); changes nothing."""

    text: str
    run: str | None = None


def project_profile(query: ProjectProfile, view: View) -> Projection:
    """Raises ``REJECTED`` with the line where the profile is faulty, ``NOT_FOUND`` where there is no run."""
    profile = parsed(query.text)
    at_hand = run_at_hand(view.connection, view.folder, query.run)
    found = score(facts_of_run(at_hand, view.connection), [profile]).reasons
    before = at_hand.frames["reasons"].filter(profile_id=profile.id)
    hit = at_hand.selected.filter(pl.col("consignment").is_in(found["consignment"].implode())).sort("rank")
    lifted = (pl.col("score") + profile.points >= at_hand.frames.high_line) & ~pl.col("above_line") & pl.col("stands")
    fired_before = pl.col("consignment").is_in(before["consignment"].implode())
    return Projection(
        run=at_hand.head,
        profile_id=profile.id,
        points=profile.points,
        fires=hit.height,
        newly_above=hit.filter(lifted & ~fired_before).height,
        fired_before=before.height,
        examples=_examples(hit.head(MOST_EXAMPLES), found, profile),
    )


def _examples(rows: pl.DataFrame, reasons: pl.DataFrame, profile: RiskProfile) -> tuple[ProjectedHit, ...]:
    wanted = reasons.filter(pl.col("consignment").is_in(rows["consignment"].implode()))
    told = reasons_shown(wanted, {(profile.id, profile.version): profile})
    return tuple(
        ProjectedHit(row["consignment_id"], row["bill"], row["rank"], row["score"], told[row["consignment"]][0])
        for row in rows.iter_rows(named=True)
    )
