"""Outcomes: each order comes to exactly one; a correction supersedes it with a reason and a second person."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

from pratique.flow.controls.catalogue import ControlType
from pratique.flow.controls.lifecycle import OrderEvent, OrderState
from pratique.flow.controls.outcomes import Claim, ControlFinding, Outcome
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.controls.order_at_hand import (
    OrderAtHand,
    order_at_hand,
    orders_at_hand,
    require_clock,
    require_not_concluded,
)
from pratique.node.controls.order_lines import OrderLine, awaited_second_looks, is_hidden, order_line
from pratique.node.controls.outcome_checks import Result, checked_claim, controlled_at, findings_text, require_whole
from pratique.node.controls.reason_codes import checked_reason
from pratique.node.controls.recording import note_event, require_open_consignment, told
from pratique.node.errors import refuse
from pratique.node.handlers.orders import require_other_officer
from pratique.node.instants import to_text
from pratique.node.storage import control_outcomes as stored
from pratique.node.storage import journal
from pratique.node.storage.control_outcomes import StoredEvidence, StoredOutcome
from pratique.node.storage.orders import of_consignment
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class OutcomeRecord:
    """One record of an outcome, with its findings; ``supersedes`` is the record that it corrects, 0 for none."""

    seq: int
    supersedes: int
    outcome: str
    reason: str | None
    note: str
    legal_basis: str
    duty_recovered_minor: int | None
    duty_currency: str | None
    findings: tuple[ControlFinding, ...]
    controlled_at: str
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class OrderShown:
    """One order whole: checklist with the answers so far, evidence, and the records of its outcome, oldest first.

    ``answers`` has ``answer`` and ``text`` by step. Where the result waits for a second look by this officer,
    ``answers``, ``evidence`` and ``records`` are empty and the line says ``hidden``.
    """

    line: OrderLine
    kind: ControlType
    answers: dict[str, dict[str, str]]
    evidence: tuple[StoredEvidence, ...]
    records: tuple[OutcomeRecord, ...]


@dataclass(frozen=True, slots=True)
class RecordOutcome(Command[OutcomeRecord]):
    """Records what a control came to. A second outcome is refused: a mistake is corrected."""

    order: str
    result: Result
    entry: ClassVar[str] = "controls.outcome_recorded"


@dataclass(frozen=True, slots=True)
class CorrectOutcome(Command[OutcomeRecord]):
    """Supersedes the standing record of an order, for a coded reason; by another person than recorded it."""

    order: str
    result: Result
    why: str
    entry: ClassVar[str] = "controls.outcome_corrected"


@dataclass(frozen=True, slots=True)
class ShowOrder(Query[OrderShown]):
    """One order, by its short id."""

    order: str


def record_outcome(command: RecordOutcome, work: Work) -> Act[OutcomeRecord]:
    """Raises ``NOT_FOUND``, ``REJECTED`` (it contradicts itself, steps are open), ``CONFLICT`` (second, released …)."""
    claim, note = checked_claim(command.result)

    def act(connection: Connection) -> Done[OutcomeRecord]:
        before = order_at_hand(connection, command.order)
        _require_first(before)
        event = OrderEvent.GIVEN_UP if claim.outcome is Outcome.NOT_CONTROLLED else OrderEvent.CONCLUDED
        require_open_consignment(connection, before, event, work.at)
        one = before.order
        if one.repeats is None:
            require_not_concluded(connection, one.run_seq, one.consignment, one.consignment_id)
        require_other_officer(connection, before, work.actor.name)
        require_whole(before, claim)
        row = _row(before, claim, _Told(command.result, note, work, journal.next_seq(connection)))
        stored.add_outcome(connection, row)
        step = note_event(connection, before, event, {}, work)
        return Done(_shown(row), command=told(before, row, step), outcome={"outcome": row.outcome})

    return act


def correct_outcome(command: CorrectOutcome, work: Work) -> Act[OutcomeRecord]:
    """Raises ``NOT_FOUND``, ``REJECTED``, ``CONFLICT`` (nothing to correct), ``DENIED`` (the same person)."""
    why, note = checked_reason("correct", command.why, command.result.note)
    claim, _ = checked_claim(command.result)

    def act(connection: Connection) -> Done[OutcomeRecord]:
        before = order_at_hand(connection, command.order)
        standing = before.standing
        if standing is None:
            raise refuse("controls.nothing_to_correct", Category.CONFLICT, order=before.order.id)
        if standing.by == work.actor.name:
            raise refuse("controls.same_person", Category.DENIED, order=before.order.id)
        require_clock(before, work.at)
        _require_carried_out(before, claim)
        require_whole(before, claim)
        row = _row(before, claim, _Told(command.result, note, work, journal.next_seq(connection)))
        stored.add_outcome(connection, row)
        facts = told(before, row) | {"supersedes": row.supersedes, "why": why}
        return Done(_shown(row), command=facts, outcome={"outcome": row.outcome})

    return act


def show_order(query: ShowOrder, view: View) -> OrderShown:
    """Raises ``NOT_FOUND``."""
    found = order_at_hand(view.connection, query.order)
    same = orders_at_hand(view.connection, of_consignment(found.order.run_seq, found.order.consignment))
    awaited = awaited_second_looks(same)
    line = order_line(found, view.actor, awaited)
    if is_hidden(found, view.actor, awaited):
        return OrderShown(line, found.kind, {}, (), ())
    evidence = stored.evidence_of_order(view.connection, found.order.id)
    return OrderShown(line, found.kind, found.answers, tuple(evidence), tuple(_shown(each) for each in found.outcomes))


def _require_first(at_hand: OrderAtHand) -> None:
    standing = at_hand.standing
    if standing is not None:
        told_of = {"order": at_hand.order.id, "outcome": standing.outcome, "by": standing.by, "at": standing.at}
        raise refuse("controls.second_outcome", Category.CONFLICT, **told_of)


def _require_carried_out(at_hand: OrderAtHand, claim: Claim) -> None:
    """A control that never started cannot be corrected to one that was carried out."""
    started = any(each.event == OrderEvent.STARTED for each in at_hand.events)
    if claim.outcome is not Outcome.NOT_CONTROLLED and not started:
        state, event = OrderState.ORDERED.value, OrderEvent.CONCLUDED.value
        raise refuse("controls.not_now", Category.CONFLICT, order=at_hand.order.id, state=state, event=event)


@dataclass(frozen=True, slots=True)
class _Told:
    """A result as it was given: its note as checked, the command at work, and the number of its journal entry."""

    result: Result
    note: str
    work: Work
    seq: int


def _row(at_hand: OrderAtHand, claim: Claim, given: _Told) -> StoredOutcome:
    return StoredOutcome(
        seq=given.seq,
        order_id=at_hand.order.id,
        supersedes=at_hand.standing.seq if at_hand.standing else 0,
        outcome=claim.outcome.value,
        reason=claim.reason,
        note=given.note,
        legal_basis=claim.legal_basis,
        duty_recovered_minor=claim.duty_recovered_minor,
        duty_currency=claim.duty_currency,
        findings=findings_text(claim),
        controlled_at=controlled_at(at_hand, given.result, given.work.at),
        at=to_text(given.work.at),
        by=given.work.actor.name,
    )


def _shown(row: StoredOutcome) -> OutcomeRecord:
    findings = tuple(ControlFinding(**each) for each in json.loads(row.findings))
    kept = {name: getattr(row, name) for name in OutcomeRecord.__slots__ if name != "findings"}
    return OutcomeRecord(findings=findings, **kept)
