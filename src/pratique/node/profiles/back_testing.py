"""A rule on the node's own past: what it would have fired on, what controls of that came to, whom it would displace.

Newest runs first, up to a bound: what was left out is counted. A run whose data cannot be read as it was decided is
left out too, so that one damaged file does not hide what all others say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

from pratique.flow.assess import standing
from pratique.flow.controls.scorecard import FIRING, Scorecard, scorecards
from pratique.flow.risk import RiskProfile, score
from pratique.flow.selection import Capacity, select
from pratique.node.canonical import digest
from pratique.node.folder import NodeFolder
from pratique.node.frame_cache import FRAMES
from pratique.node.instants import from_text
from pratique.node.profiles.rule_history import history_of
from pratique.node.runs.at_hand import RunAtHand, taken_at_hand
from pratique.node.runs.facts import facts_of_run
from pratique.node.runs.manifest import CONSIGNMENT_ID
from pratique.node.runs.past import runs_between
from pratique.node.settings import Settings
from pratique.node.storage.runs import StoredRun
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.reasons import Control, RiskType

MOST_ROWS: Final = 200_000
SLOTS: Final = ("open", "scan", "documents")
_STRONGEST_FIRST: Final = tuple(each.value for each in Control)


@dataclass(frozen=True, slots=True)
class Effect:
    """What the rule would change in the newest run at the capacity that the settings have today.

    ``chosen`` consignments get a slot by points or as a must without it; ``enters`` get one because of it, ``leaves``
    lose theirs; ``fires`` are those it fires on, ``reached`` those of them that get a slot.
    """

    run: str
    capacity: Mapping[str, int]
    chosen: int
    fires: int
    reached: int
    enters: int
    leaves: int


@dataclass(frozen=True, slots=True)
class BackTest:
    """A rule on the runs of the last ``days``: ``runs`` were used, ``unreadable`` could not be, ``beyond`` the bound.

    ``card`` is what it would have done; ``effect`` is ``None`` where there is no run. A version of the same
    profile that was in force then is taken out before the rule is put in.
    """

    profile: str
    points: int
    days: int
    since: date
    until: date
    runs: int
    unreadable: int
    beyond: int
    card: Scorecard
    effect: Effect | None


def back_test(profile: RiskProfile, connection: Connection, folder: NodeFolder, *, days: int, at: datetime) -> BackTest:
    """The back-test of a profile over the days up to ``at``. Reads; keeps nothing."""
    until = at.date()
    since = until - timedelta(days=days)
    period = runs_between(connection, since, until)
    used, fired, unreadable, effect = list[StoredRun](), [pl.DataFrame(schema=FIRING)], 0, None
    rows, left = 0, len(period)
    for run in reversed(period):
        if rows and rows + run.consignment_count > MOST_ROWS:
            break
        left -= 1
        try:
            at_hand = taken_at_hand(connection, folder, run)
            found = _fires(profile, at_hand, connection)
            effect = effect or _effect(profile, at_hand, found, _capacity(connection))
        except PratiqueError as fault:
            if fault.category is not Category.BROKEN:
                raise
            unreadable += 1
            continue
        rows += run.consignment_count
        used.append(run)
        fired.append(_firing(at_hand, found, profile.id))
    history = history_of(connection, folder, used[::-1], as_of=at)
    others = history.fired.filter(pl.col("profile") != profile.id)
    mine = pl.concat(fired).with_columns(pl.col("consignment").replace(history.first))
    (card,) = scorecards(history.consignments, pl.concat([others, mine]), history.results, [profile.id])
    return BackTest(profile.id, profile.points, days, since, until, len(used), unreadable, left, card, effect)


def _fires(profile: RiskProfile, at_hand: RunAtHand, connection: Connection) -> pl.DataFrame:
    """Where the rule fires in a run (``consignment, points, risk_type``), kept in memory: neither ever changes."""
    made_of = [at_hand.run.manifest_sha256, profile.rule, profile.points, profile.risk_type.value]
    return FRAMES.get(
        digest(["fires", *made_of]),
        lambda: score(facts_of_run(at_hand, connection), [profile]).reasons.select(
            "consignment", "points", "risk_type"
        ),
    )


def _firing(at_hand: RunAtHand, found: pl.DataFrame, profile_id: str) -> pl.DataFrame:
    ids = at_hand.frames["consignments"].select("consignment", id=CONSIGNMENT_ID)
    on = pl.lit(from_text(at_hand.run.at).date())
    told = found.select("consignment").join(ids, on="consignment")
    return told.select(pl.col("id").alias("consignment"), profile=pl.lit(profile_id), on=on)


def _capacity(connection: Connection) -> Settings:
    return Settings.of(changed_settings(connection))


def _effect(profile: RiskProfile, at_hand: RunAtHand, found: pl.DataFrame, settings: Settings) -> Effect:
    """Both selections with the same seed: the draw at random is the same, so that only the rule moves anything."""
    frames = at_hand.frames
    stands = standing(frames["consignments"], messages=frames["message"], versions=frames["versions"])
    capacity = Capacity(**settings.capacity(), random_share_permille=settings.number("random_share_permille"))
    before = without(frames["scores"], frames["reasons"].filter(profile_id=profile.id))
    chosen = [
        _chosen(
            select(
                scores, eligible=stands, capacity=capacity, high_line=settings.number("high_line"), seed=at_hand.seed
            )
        )
        for scores in (before, with_rule(before, found, profile))
    ]
    fires = found["consignment"].filter(
        found["consignment"].is_in(frames["scores"]["consignment"].filter(stands).implode())
    )
    return Effect(
        run=at_hand.run.id,
        capacity=settings.capacity(),
        chosen=len(chosen[0]),
        fires=len(fires),
        reached=int(fires.is_in(chosen[1].implode()).sum()),
        enters=len(chosen[1].filter(~chosen[1].is_in(chosen[0].implode()))),
        leaves=len(chosen[0].filter(~chosen[0].is_in(chosen[1].implode()))),
    )


def _chosen(decisions: pl.DataFrame) -> pl.Series:
    """Consignments with a slot that no lot gave them."""
    has_slot = pl.col("control").is_in(SLOTS) & (pl.col("basis") != "random")
    return decisions.filter(has_slot)["consignment"]


def without(scores: pl.DataFrame, reasons: pl.DataFrame) -> pl.DataFrame:
    """The scores without the points of these reasons, one a consignment; what they asked for stays with the rest."""
    taken = reasons.select("consignment", own="points", own_type="risk_type")
    return _moved(scores, taken, sign=-1)


def with_rule(scores: pl.DataFrame, reasons: pl.DataFrame, profile: RiskProfile) -> pl.DataFrame:
    """The scores with the points of a rule where its reasons are, and the control that it asks for."""
    fires = pl.col("consignment").is_in(reasons["consignment"].implode())
    rank = pl.col("control").replace_strict({name: n for n, name in enumerate(_STRONGEST_FIRST)}, return_dtype=pl.Int64)
    stronger = fires & (rank > _STRONGEST_FIRST.index(profile.control.value))
    moved = _moved(scores, reasons.select("consignment", own="points", own_type="risk_type"), sign=1)
    return moved.with_columns(
        mandatory=pl.col("mandatory") | (fires & profile.mandatory),
        control=pl.when(stronger).then(pl.lit(profile.control.value)).otherwise("control"),
    )


def _moved(scores: pl.DataFrame, taken: pl.DataFrame, *, sign: int) -> pl.DataFrame:
    """The scores with so many points more of their type; ``taken`` has ``consignment, own, own_type``."""
    joined = scores.join(taken, on="consignment", how="left", maintain_order="left")
    more = pl.col("own").fill_null(0) * sign
    by_type = {
        f"points_{kind.value}": pl.col(f"points_{kind.value}")
        + pl.when(pl.col("own_type") == kind.value).then(more).otherwise(0)
        for kind in RiskType
    }
    return joined.with_columns(score=pl.col("score") + more, **by_type).select(scores.columns)
