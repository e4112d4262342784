"""The lines of a page: what an officer sees of one consignment, with the strongest reasons and what was done to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from pratique.flow.risk.point_source import PointSource, source_of, source_of_reason
from pratique.flow.risk.profiles import RiskProfile
from pratique.node.controls.state import RANDOM
from pratique.node.hits.pairs import OPEN, SUPERSEDED, answered, answers_by_pair
from pratique.node.hits.raised import RAISED_BY
from pratique.node.profiles.texts import kept_profile
from pratique.node.runs.at_hand import RunAtHand
from pratique.node.runs.calls import Call
from pratique.node.runs.queue_frame import LEARNED_SHOWN, OF_ITS_OWN
from pratique.node.runs.raised_lines import RaisedPoints, raised_points
from pratique.node.storage.control_acts import StoredAct
from pratique.node.storage.runs import newer_versions
from pratique.node.storage.store import Connection

MOST_REASONS: Final = 3


@dataclass(frozen=True, slots=True)
class PointsBySource:
    """The points of a score by where they come from; they add up to the score. ``trust`` is zero or less."""

    list: int
    rules: int
    history: int
    model: int
    trust: int


@dataclass(frozen=True, slots=True)
class QueueReason:
    """One reason: its profile, source and points, with the template of its sentence and the parameters."""

    profile_id: str
    profile_version: int
    source: str
    risk_type: str
    points: int
    control: str
    mandatory: bool
    template: str | None
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HitCounts:
    """The list hits of a consignment by where they stand.

    ``raised`` of the open ones come from a list that changed after the assessment: the run does not know of them.
    """

    open: int
    same: int
    different: int
    cannot_tell: int
    raised: int


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One row of a page; mass in grams, reasons with most points first (``reason_count`` counts all of them).

    ``control`` and ``channel`` are what counts now; ``proposed_control`` is what was selected before any act.
    ``left_open`` says that the row is above the line, has no control and nobody decided. ``is_random`` is ``None`` for
    those who are not told of the draw. ``chance_ppm`` (millionths, with its interval) and ``stake_minor`` are what the
    model in force said; ``None`` where it said nothing. ``newer_run`` names a later run that has a newer version of the
    bill. ``acts`` are those that stand, oldest first. ``raised`` are changes of lists since the run, which add
    ``raised_points`` to its score; ``above_line`` counts them.
    """

    rank: int
    group: str
    consignment_id: str
    call_id: str | None
    bill: str | None
    channel: str
    control: str
    proposed_control: str
    basis: str
    score: int
    points: PointsBySource
    mandatory: bool
    above_line: bool
    left_open: bool
    waived: bool
    is_random: bool | None
    probability: float | None
    equipment_ids: tuple[str, ...]
    consignor: str | None
    consignee: str | None
    description: str | None
    loading_location: str | None
    unloading_location: str | None
    gross_mass_g: int | None
    reasons: tuple[QueueReason, ...]
    reason_count: int
    hits: HitCounts
    fault_count: int
    chance_ppm: int | None
    low_ppm: int | None
    high_ppm: int | None
    stake_minor: int | None
    acts: tuple[StoredAct, ...]
    newer_run: str | None
    raised_points: int
    raised: tuple[RaisedPoints, ...]

    @property
    def score_now(self) -> int:
        """The score of the run with what came since."""
        return self.score + self.raised_points


def lines_of(
    page: pl.DataFrame, at_hand: RunAtHand, connection: Connection, *, at: datetime, is_told: bool
) -> tuple[QueueLine, ...]:
    """The lines of the rows in ``page`` (rows of ``RunAtHand.state``), in their order; hits stand as they do ``at``."""
    keys = page["consignment"].implode()
    reasons = _reasons(at_hand.frames["reasons"].filter(pl.col("consignment").is_in(keys)), at_hand)
    hits = _hit_counts(at_hand, connection, keys, at) if page["hit_count"].sum() else {}
    proposed = at_hand.decisions.filter(pl.col("consignment").is_in(keys)).select("consignment", "control")
    before = dict(proposed.iter_rows())
    raised = raised_points(at_hand, connection, page["consignment"])
    newer = newer_versions(connection, at_hand.run.seq, page["bill"].drop_nulls().to_list())
    calls = {call.number: call for call in at_hand.calls}
    acts: dict[int, list[StoredAct]] = {}
    for act in at_hand.acts:
        acts.setdefault(act.consignment, []).append(act)
    return tuple(
        _line(
            row,
            calls.get(row["call"]),
            is_told=is_told,
            proposed=before[row["consignment"]],
            rest={
                "reasons": tuple(reasons.get(row["consignment"], ())[:MOST_REASONS]),
                "reason_count": len(reasons.get(row["consignment"], ())),
                "hits": hits.get(row["consignment"], HitCounts(0, 0, 0, 0, 0)),
                "acts": tuple(acts.get(row["consignment"], ())),
                "newer_run": newer.get(row["bill"]),
                "raised": raised.get(row["consignment"], ()),
            },
        )
        for row in page.iter_rows(named=True)
    )


PLAIN: Final = (
    "rank",
    "consignment_id",
    "bill",
    "channel",
    "control",
    "basis",
    "score",
    "raised_points",
    "mandatory",
    "above_line",
    "left_open",
    "waived",
    "consignor",
    "consignee",
    "description",
    "loading_location",
    "unloading_location",
    "gross_mass_g",
    "fault_count",
    *LEARNED_SHOWN,
)


def _line(
    row: Mapping[str, Any], call: Call | None, *, is_told: bool, proposed: str, rest: Mapping[str, Any]
) -> QueueLine:
    drawn = row["basis"] == RANDOM
    return QueueLine(
        **{name: row[name] for name in PLAIN},
        group=("listed", "random", "below")[row["group"]],
        call_id=call.id if call else None,
        proposed_control=proposed,
        points=PointsBySource(**{source.value: row[f"from_{source.value}"] for source in PointSource}),
        is_random=drawn if is_told else None,
        probability=row[f"probability_{row['control']}"] if is_told and drawn else None,
        equipment_ids=tuple(row["equipment_ids"]),
        **rest,
    )


def _reasons(rows: pl.DataFrame, at_hand: RunAtHand) -> dict[int, list[QueueReason]]:
    return reasons_shown(rows, {(each.id, each.version): kept_profile(each) for each in at_hand.profiles})


def reasons_shown(rows: pl.DataFrame, profiles: Mapping[tuple[str, int], RiskProfile]) -> dict[int, list[QueueReason]]:
    """The reasons (schema ``REASON``) of each consignment, most points first, with what ``profiles`` say of them."""
    found: dict[int, list[QueueReason]] = {}
    for row in rows.sort(["points", "profile_id"], descending=[True, False]).iter_rows(named=True):
        profile = profiles.get((row["profile_id"], row["profile_version"]))
        found.setdefault(row["consignment"], []).append(
            QueueReason(
                profile_id=row["profile_id"],
                profile_version=row["profile_version"],
                source=(source_of(profile) if profile else source_of_reason(row["profile_id"])).value,
                risk_type=row["risk_type"],
                points=row["points"],
                control=row["control"],
                mandatory=row["mandatory"],
                template=profile.sentence if profile else None,
                params=json.loads(row["params"] or "{}"),
            )
        )
    return found


def _hit_counts(at_hand: RunAtHand, connection: Connection, keys: pl.Series, at: datetime) -> dict[int, HitCounts]:
    hits = at_hand.hits.filter(pl.col("consignment").is_in(keys) & ~pl.col(SUPERSEDED) & OF_ITS_OWN)
    about = answers_by_pair(connection, hits["pair"])
    states: dict[int, list[tuple[str, bool]]] = {}
    for hit in hits.iter_rows(named=True):
        stands = answered(hit, about.get(hit["pair"], ()), at).state
        states.setdefault(hit["consignment"], []).append((stands, hit[RAISED_BY] is not None))
    return {number: _counted(each) for number, each in states.items()}


def _counted(states: list[tuple[str, bool]]) -> HitCounts:
    plain = [state for state, _ in states]
    counts = {name: plain.count(name) for name in (OPEN, "same", "different", "cannot_tell")}
    return HitCounts(**counts, raised=states.count((OPEN, True)))
