"""Arrivals: which ships come, what is known of each, how ready its control list is, and what waits for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import polars as pl

from pratique.node.acts import Query, View
from pratique.node.controls.state import SLOTS, list_digest, used_slots
from pratique.node.handlers.queue_page import ControlUse, acts_after_approval
from pratique.node.hits.pairs import OPEN, QUESTION, SUPERSEDED, hit_states
from pratique.node.instants import from_text
from pratique.node.runs.at_hand import RunAtHand, RunHead
from pratique.node.runs.call_counts import Boxes, boxes_of, histogram
from pratique.node.runs.calls import Call
from pratique.node.runs.covered import Runs, StandingCall, manifest_version, received, standing_calls
from pratique.node.settings import Settings
from pratique.node.storage.quarantined import open_parts
from pratique.node.storage.settings import changed_settings

HOURS: Final = 36
PAST_HOURS: Final = 12  # an arrival is shown so long after it was due


@dataclass(frozen=True, slots=True)
class DataFaults:
    """What is wrong with the data of a call: parts of its messages not read, findings by severity."""

    quarantined: int
    errors: int
    warnings: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.quarantined + self.errors + self.warnings


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far a call's control list is.

    ``manifest_version`` counts the messages about this ship, voyage and port that bring its bills, this one included;
    ``received_at``, ``screened_at`` and ``proposed_at`` are when the message came, the run was made and the selection
    in force was made. ``controls`` counts the rows with a control now, ``left_open`` those above the line on which
    nobody decided. The rest is ``None``, 0 or false until the list is approved; ``moved_since_approval`` says that it
    is no longer the approved one.
    """

    manifest_version: int
    received_at: datetime | None
    screened_at: datetime
    proposed_at: datetime
    controls: int
    left_open: int
    approved_by: str | None
    approved_at: datetime | None
    acts_after_approval: int
    moved_since_approval: bool


@dataclass(frozen=True, slots=True)
class CallShown:
    """One ship's card. ``approve_by`` is the last moment to approve (``approval_lead_hours`` before the arrival).

    ``has_arrived`` says that the moment of arrival is in the past. ``with_rule_hit`` counts consignments with any
    reason, ``above_line`` those at or above the high line (or mandatory) that stand; ``histogram`` counts consignments
    by ten points, the last bin from 100 on. ``uses`` is how this call uses the slots of its run. ``list_sha256`` goes
    with an approval.
    """

    call: Call
    run: RunHead
    boxes: Boxes
    consignments: int
    with_rule_hit: int
    above_line: int
    hits: int
    hits_open: int
    hits_same: int
    hits_different: int
    hits_undecided: int
    faults: DataFaults
    readiness: Readiness
    approve_by: datetime | None
    has_arrived: bool
    uses: tuple[ControlUse, ...]
    histogram: tuple[int, ...]
    list_sha256: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for a person: ``approve``, ``hits`` or ``faults`` of a call.

    ``count`` is what is open, ``total`` what there is; ``due_at`` is when it must be done.
    """

    kind: str
    call_id: str
    run_id: str
    vessel: str | None
    count: int
    total: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Ships in order of arrival (those without a moment last), at ``at``; ``earlier`` and ``later`` lie outside."""

    at: datetime
    hours: int | None
    high_line: int
    calls: tuple[CallShown, ...]
    waiting: tuple[Waiting, ...]
    earlier: int
    later: int


@dataclass(frozen=True, slots=True)
class ListArrivals(Query[Arrivals]):
    """Ships that arrive within ``hours`` (or did up to 12 hours ago), out of the newest run that covers each.

    ``None`` asks for all of them. The figures of a call never say more than the newest run that covers it knows.
    """

    hours: int | None = HOURS


def list_arrivals(query: ListArrivals, view: View) -> Arrivals:
    """An arrival of which a newer run has every bill is covered by that run and not told twice."""
    runs = Runs(view.connection, view.folder)
    standing = standing_calls(runs, is_wanted=lambda call: _place(call, query.hours, view.at) == 0)
    settings = Settings.of(changed_settings(view.connection))
    lead = timedelta(hours=settings.number("approval_lead_hours"))
    quarantined = _quarantined(view)
    shown = sorted((_shown(each, runs, view, lead=lead, quarantined=quarantined) for each in standing), key=_in_order)
    outside = {call.ship: place for call in runs.all_calls() if (place := _place(call, query.hours, view.at))}
    return Arrivals(
        at=view.at,
        hours=query.hours,
        high_line=settings.number("high_line"),
        calls=tuple(shown),
        waiting=tuple(_waiting(shown)),
        earlier=sum(place < 0 for place in outside.values()),
        later=sum(place > 0 for place in outside.values()),
    )


def _place(call: Call, hours: int | None, at: datetime) -> int:
    """Before (-1), inside (0) or behind (1) the hours that are asked for."""
    if hours is None or call.arrives_at is None:
        return 0
    if call.arrives_at < at - timedelta(hours=PAST_HOURS):
        return -1
    return int(call.arrives_at > at + timedelta(hours=hours))


def _in_order(shown: CallShown) -> tuple[bool, str, str]:
    arrives = shown.call.arrives_at
    return (arrives is None, arrives.isoformat() if arrives else "", shown.call.id)


def _shown(
    standing: StandingCall, runs: Runs, view: View, *, lead: timedelta, quarantined: Mapping[str, int]
) -> CallShown:
    call, at_hand = standing.call, runs[standing.call.run_id]
    state = at_hand.state(call)
    answers = _hit_states(at_hand, state, view)
    used = used_slots(state)
    return CallShown(
        call=call,
        run=at_hand.head,
        boxes=boxes_of(at_hand.frames, at_hand.calls).get(call.number, Boxes(0, 0, 0, 0, 0)),
        consignments=state.height,
        with_rule_hit=state.filter(pl.col("score") > 0).height,
        above_line=int(state["above_line"].sum()),
        hits=len(answers),
        hits_open=answers.count(OPEN),
        hits_same=answers.count("same"),
        hits_different=answers.count("different"),
        hits_undecided=answers.count("cannot_tell"),
        faults=_faults(call, at_hand, quarantined),
        readiness=_readiness(standing, runs, state, view),
        approve_by=call.arrives_at - lead if call.arrives_at else None,
        has_arrived=call.arrives_at is not None and call.arrives_at < view.at,
        uses=tuple(ControlUse(name, at_hand.capacity.get(name, 0), **used[name]) for name in SLOTS),
        histogram=histogram(state["score"]),
        list_sha256=list_digest(state),
    )


def _hit_states(at_hand: RunAtHand, state: pl.DataFrame, view: View) -> list[str]:
    """Where the hits of a call stand, each question once: a listed ship is one, whatever it carries."""
    if not at_hand.has_hits:
        return []
    wanted = pl.col("consignment").is_in(state["consignment"].implode()) & ~pl.col(SUPERSEDED)
    asked = at_hand.hits.filter(wanted).unique(list(QUESTION), keep="first", maintain_order=True)
    return hit_states(view.connection, asked, view.at)


def _readiness(standing: StandingCall, runs: Runs, state: pl.DataFrame, view: View) -> Readiness:
    call, at_hand = standing.call, runs[standing.call.run_id]
    approval = at_hand.approvals.get(call.id)
    return Readiness(
        manifest_version=manifest_version(runs, standing),
        received_at=received(view.connection, runs, call),
        screened_at=from_text(at_hand.run.at),
        proposed_at=from_text(at_hand.selection.at if at_hand.selection else at_hand.run.at),
        controls=state.filter(pl.col("control").is_in(SLOTS)).height,
        left_open=int(state["left_open"].sum()),
        approved_by=approval.by if approval else None,
        approved_at=from_text(approval.at) if approval else None,
        acts_after_approval=acts_after_approval(at_hand, call) if approval else 0,
        moved_since_approval=approval is not None and approval.list_sha256 != list_digest(state),
    )


def _faults(call: Call, at_hand: RunAtHand, quarantined: Mapping[str, int]) -> DataFaults:
    messages = at_hand.frames["message"].filter(pl.col("message").is_in(call.messages))
    findings = at_hand.frames["findings"].filter(pl.col("message").is_in(call.messages))
    severities: dict[str, int] = dict(findings.group_by("severity").len().iter_rows())
    return DataFaults(
        quarantined=sum(quarantined.get(sha, 0) for sha in messages["raw_sha256"].unique().drop_nulls()),
        errors=severities.get("error", 0),
        warnings=severities.get("warning", 0),
    )


def _quarantined(view: View) -> dict[str, int]:
    counted: dict[str, int] = {}
    for part in open_parts(view.connection):
        counted[part.raw_sha256] = counted.get(part.raw_sha256, 0) + 1
    return counted


def _waiting(shown: Iterable[CallShown]) -> Iterable[Waiting]:
    """What is open, call by call in order of arrival: the list to approve, hits to compare, faults to judge."""
    for each in shown:
        call, readiness = each.call, each.readiness
        named = (call.id, call.run_id, call.vessel)
        if readiness.approved_at is None and not each.has_arrived:
            yield Waiting("approve", *named, readiness.left_open, readiness.controls, each.approve_by)
        if each.hits_open:
            yield Waiting("hits", *named, each.hits_open, each.hits, each.approve_by)
        if each.faults.quarantined:
            yield Waiting("faults", *named, each.faults.quarantined, each.faults.total, each.approve_by)
