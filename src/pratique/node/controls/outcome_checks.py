"""What an outcome must be before it is recorded: its words, its moment, and the person who gives it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pratique.flow.controls.outcomes import Claim, ControlFinding, Outcome, first_fault
from pratique.node.canonical import canonical
from pratique.node.controls.order_at_hand import OrderAtHand
from pratique.node.controls.reason_codes import checked_note, checked_reason
from pratique.node.errors import refuse
from pratique.node.instants import to_text

LONGEST_BASIS: Final = 200
FIELDS: Final = ControlFinding.__slots__


@dataclass(frozen=True, slots=True)
class Result:
    """What an officer says that a control came to.

    ``outcome`` is conform, discrepancy, seizure or not_controlled; the last needs a coded ``reason``, a seizure a
    ``legal_basis`` and a finding that was seized. ``duty_recovered_minor`` is in minor units of ``duty_currency``.
    ``controlled_at`` is the moment of the control, where it is not now.
    """

    outcome: str
    reason: str | None = None
    note: str = ""
    findings: tuple[ControlFinding, ...] = ()
    legal_basis: str = ""
    duty_recovered_minor: int | None = None
    duty_currency: str | None = None
    controlled_at: datetime | None = None


def checked_claim(result: Result) -> tuple[Claim, str]:
    """The claim and its note, as far as they can be checked without the order. Raises ``REJECTED``."""
    if result.outcome not in set(Outcome):
        raise refuse("controls.no_outcome", outcome=result.outcome, known=", ".join(Outcome))
    basis = result.legal_basis.strip()
    if len(basis) > LONGEST_BASIS or not basis.isprintable():
        raise refuse("controls.legal_basis_unfit", most=LONGEST_BASIS)
    outcome = Outcome(result.outcome)
    if outcome is Outcome.NOT_CONTROLLED and result.reason:
        reason, note = checked_reason("not_controlled", result.reason, result.note)
    else:
        reason, note = result.reason, checked_note(result.note)
    claim = Claim(outcome, reason, result.findings, basis, result.duty_recovered_minor, result.duty_currency)
    return claim, note


def require_whole(at_hand: OrderAtHand, claim: Claim) -> None:
    """Raises ``REJECTED`` where the claim contradicts itself, or the checklist is not answered."""
    fault = first_fault(claim, at_hand.kind, {step: each["answer"] for step, each in at_hand.answers.items()})
    if fault is not None:
        raise refuse(fault.code, **fault.params)


def controlled_at(at_hand: OrderAtHand, result: Result, at: datetime) -> str:
    """The moment of the control: as given, else of the record that is corrected, else now.

    Raises ``REJECTED`` where it is before the order or in the future.
    """
    before = at_hand.standing.controlled_at if at_hand.standing else to_text(at)
    moment = to_text(result.controlled_at) if result.controlled_at else before
    if not at_hand.order.at <= moment <= to_text(at):
        raise refuse("controls.controlled_at", moment=moment, ordered=at_hand.order.at, now=to_text(at))
    return moment


def findings_text(claim: Claim) -> str:
    """The findings as they are kept."""
    return canonical([{name: getattr(each, name) for name in FIELDS} for each in claim.findings])
