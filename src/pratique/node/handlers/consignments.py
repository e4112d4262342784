"""One consignment: as declared, and why it was chosen or not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import polars as pl

from pratique.node.acts import Query, View
from pratique.node.errors import refuse
from pratique.node.handlers.queue import ShortReason, short_reason
from pratique.node.handlers.runs import run_frame
from pratique.node.hits.pairs import SUPERSEDED
from pratique.node.hits.raised import RAISED_BY
from pratique.node.learning.likely_headings import LikelyHeadings, likely_headings
from pratique.node.runs.at_hand import taken_at_hand
from pratique.node.runs.draw import told_of_the_draw, without_the_draw
from pratique.node.runs.manifest import manifest_of
from pratique.node.runs.raised_lines import RaisedPoints, raised_points
from pratique.node.storage import profiles
from pratique.node.storage import runs as stored
from pratique.node.storage.disputes import StoredDispute, disputes_of
from pratique.node.storage.runs import StoredConsignment, StoredRun
from pratique.vocabulary.errors import Category
from pratique.vocabulary.reasons import ASSESSED_HIT, DECISION

Rows = tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The consignment that a reference names, and where else the same reference leads: told, never guessed silently.

    ``chosen`` is its newest version in its newest run; ``others`` are the further versions and consignments.
    """

    ref: str
    run: StoredRun
    chosen: StoredConsignment
    others: tuple[StoredConsignment, ...]

    @property
    def ambiguous(self) -> bool:
        """The reference leads to more than one consignment (not only to several runs of one)."""
        return any(other.id != self.chosen.id for other in self.others)


@dataclass(frozen=True, slots=True)
class ConsignmentShown:
    """A consignment as its message declared it, by frame, with the decision as it stands."""

    found: Found
    consignment: dict[str, Any]
    message: dict[str, Any]
    goods_items: Rows
    equipment: Rows
    parties: Rows
    transport: Rows
    findings: Rows
    version: dict[str, Any]
    decision: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReasonExplained:
    """One bar of the waterfall: the reason, its evidence (field, value, place) and the profile as it was then."""

    reason: ShortReason
    evidence: Rows
    profile_text: str | None
    activated_by: str | None


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a consignment has its score and its channel: the points of the reasons add up to the score.

    ``decision`` is as it stands: what an officer decided has the basis ``officer``. ``hits`` has those that stay quiet
    (``quiet_by``) and those that a list raised since (``raised_by``), which both gave no points in the run;
    ``hit_numbers`` name them inside the run, in the same order. ``learned`` is what the model in force said (schema
    ``LEARNED``), ``shadow`` what one in shadow said, which counted nothing; ``None`` where none spoke of it.
    ``model_spoke`` says that one was in force, ``currency`` is that of stakes. ``disputes`` are those that stand.
    ``raised`` are changes of lists since the run: what they add stands beside its score, and ``score_now`` is both
    together. ``headings`` are those that goods without one speak for: a help, and no points.
    """

    found: Found
    score: dict[str, Any]
    decision: dict[str, Any]
    reasons: tuple[ReasonExplained, ...]
    hits: Rows
    hit_numbers: tuple[int, ...]
    version: dict[str, Any]
    findings: Rows
    learned: dict[str, Any] | None
    shadow: dict[str, Any] | None
    model_spoke: bool
    currency: str
    disputes: tuple[StoredDispute, ...]
    raised: tuple[RaisedPoints, ...]
    score_now: int
    headings: tuple[LikelyHeadings, ...]


@dataclass(frozen=True, slots=True)
class ShowConsignment(Query[ConsignmentShown]):
    """A consignment by its short id or its bill number."""

    ref: str


@dataclass(frozen=True, slots=True)
class ExplainConsignment(Query[Explained]):
    """The reasons of a consignment, by its short id or its bill number."""

    ref: str


def show_consignment(query: ShowConsignment, view: View) -> ConsignmentShown:
    """Raises ``NOT_FOUND`` where nothing has that id or bill number."""
    found = _found(query.ref, view)
    consignment = _one(found, "consignments", view)
    message = {"message": consignment["message"]}
    return ConsignmentShown(
        found=found,
        consignment=consignment,
        message=_rows(run_frame(found.run, "message", view), **message)[0],
        goods_items=_many(found, "goods_items", view),
        equipment=_many(found, "equipment", view),
        parties=_many(found, "parties", view),
        transport=_rows(run_frame(found.run, "transport", view), **message),
        findings=_findings(found, view),
        version=_one(found, "versions", view),
        decision=_decision(found, view),
    )


def explain_consignment(query: ExplainConsignment, view: View) -> Explained:
    """Raises ``NOT_FOUND`` where nothing has that id or bill number."""
    found = _found(query.ref, view)
    hits = _hits(found, view)
    rows = _many(found, "reasons", view)
    at_hand = taken_at_hand(view.connection, view.folder, found.run)
    frames, number = at_hand.frames, found.chosen.consignment
    raised = raised_points(at_hand, view.connection, pl.Series([number], dtype=pl.UInt32)).get(number, ())
    score = _one(found, "scores", view)
    ordered = sorted(rows, key=lambda row: (-row["points"], row["profile_id"]))
    return Explained(
        found=found,
        score=score,
        decision=_decision(found, view),
        reasons=tuple(_explained(row, view) for row in ordered),
        hits=tuple(hits.select(*ASSESSED_HIT, RAISED_BY).to_dicts()),
        hit_numbers=tuple(hits["number"].to_list()),
        version=_one(found, "versions", view),
        findings=_findings(found, view),
        learned=_said(frames.learned, found),
        shadow=_said(frames.shadow, found),
        model_spoke=frames.learned is not None,
        currency=manifest_of(found.run)["settings"]["base_currency"],
        disputes=tuple(disputes_of(view.connection, found.chosen.id)),
        raised=raised,
        score_now=score["score"] + sum(each.points for each in raised),
        headings=likely_headings(_many(found, "goods_items", view), view.folder, at_hand.manifest),
    )


def _found(ref: str, view: View) -> Found:
    called = stored.consignments_called(view.connection, ref.strip())
    if not called:
        raise refuse("consignments.not_found", Category.NOT_FOUND, ref=ref)
    chosen = called[0]
    return Found(ref, stored.run_by_seq(view.connection, chosen.run_seq), chosen, tuple(called[1:]))


def _said(learned: pl.DataFrame | None, found: Found) -> dict[str, Any] | None:
    """What a model said of the consignment, if it said anything."""
    rows = () if learned is None else _rows(learned, consignment=found.chosen.consignment)
    return next(iter(rows), None)


def _explained(row: dict[str, Any], view: View) -> ReasonExplained:
    versions = profiles.stored_profiles(view.connection, row["profile_id"])
    stored_profile = next((each for each in versions if each.version == row["profile_version"]), None)
    return ReasonExplained(
        reason=short_reason(row),
        evidence=tuple(json.loads(row["evidence"] or "[]")),
        profile_text=stored_profile.text if stored_profile else None,
        activated_by=stored_profile.activated_by if stored_profile else None,
    )


def _hits(found: Found, view: View) -> pl.DataFrame:
    at_hand = taken_at_hand(view.connection, view.folder, found.run)
    return at_hand.hits.filter(~pl.col(SUPERSEDED), consignment=found.chosen.consignment)


def _decision(found: Found, view: View) -> dict[str, Any]:
    """The row of schema ``DECISION`` under the selection and the acts in force, as the one who asks may see it."""
    state = taken_at_hand(view.connection, view.folder, found.run).state()
    told = state if told_of_the_draw(view.actor) else without_the_draw(state)
    row = told.filter(consignment=found.chosen.consignment).with_columns(unplaced="left_open")
    return row.select(list(DECISION)).row(0, named=True)


def _one(found: Found, frame: str, view: View) -> dict[str, Any]:
    return _many(found, frame, view)[0]


def _many(found: Found, frame: str, view: View) -> Rows:
    return _rows(run_frame(found.run, frame, view), consignment=found.chosen.consignment)


def _findings(found: Found, view: View) -> Rows:
    return tuple(row | {"params": json.loads(row["params"] or "{}")} for row in _many(found, "findings", view))


def _rows(frame: pl.DataFrame, **equal: int) -> Rows:
    return tuple(frame.filter(**equal).to_dicts())
