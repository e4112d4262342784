"""What a control came to, and what in it contradicts itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pratique.flow.controls.catalogue import ControlType, catalogue
from pratique.vocabulary.codes import commodity, currency

LARGEST: Final = 10**15  # of a quantity, value or mass: beyond it somebody's finger slipped


class Outcome(StrEnum):
    """What a control came to."""

    CONFORM = "conform"
    DISCREPANCY = "discrepancy"
    SEIZURE = "seizure"
    NOT_CONTROLLED = "not_controlled"


WAIVED: Final = "waived"
"""The outcome that no control has: a waiver with a coded reason, on the control list."""

FOUND: Final = frozenset({Outcome.DISCREPANCY, Outcome.SEIZURE})
CONTROLLED: Final = frozenset({Outcome.CONFORM, *FOUND})


@dataclass(frozen=True, slots=True)
class ControlFinding:
    """One thing that was found.

    ``threat`` and ``concealment`` are codes of the catalogue, ``hs`` 2 to 10 digits. ``quantity_milli`` is in
    thousandths of ``unit`` (Recommendation 20), ``value_minor`` in minor units of ``currency``, ``mass_g`` in grams;
    what is not known is ``None``. ``seized`` says that it was taken.
    """

    threat: str
    concealment: str = "none"
    hs: str | None = None
    quantity_milli: int | None = None
    unit: str | None = None
    value_minor: int | None = None
    currency: str | None = None
    mass_g: int | None = None
    seized: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """What an officer says that a control came to; ``duty_recovered_minor`` is in minor units of ``duty_currency``."""

    outcome: Outcome
    reason: str | None = None
    findings: tuple[ControlFinding, ...] = ()
    legal_basis: str = ""
    duty_recovered_minor: int | None = None
    duty_currency: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not fit: a code with the parameters of its sentence."""

    code: str
    params: Mapping[str, object]


def first_fault(claim: Claim, kind: ControlType, answered: Mapping[str, str]) -> Fault | None:
    """What contradicts itself or is missing in the claim; ``None`` where nothing does.

    ``answered`` are the answers to the steps so far. A control has an answer to every step, even "not reached".
    """
    return _outcome_fault(claim) or _steps_fault(claim, kind, answered) or _findings_fault(claim)


def _outcome_fault(claim: Claim) -> Fault | None:
    told: Mapping[str, object] = {"outcome": claim.outcome.value}
    if (claim.outcome in FOUND) != bool(claim.findings):
        return Fault("controls.findings_missing" if claim.outcome in FOUND else "controls.findings_contradict", told)
    if (claim.outcome is Outcome.NOT_CONTROLLED) != (claim.reason is not None):
        return Fault("controls.reason_missing" if claim.reason is None else "controls.reason_contradicts", told)
    seized = any(each.seized for each in claim.findings)
    if seized != (claim.outcome is Outcome.SEIZURE):
        return Fault("controls.seizure_contradicts", told)
    if bool(claim.legal_basis) != (claim.outcome is Outcome.SEIZURE):
        return Fault("controls.legal_basis_contradicts" if claim.legal_basis else "controls.legal_basis_missing", told)
    if claim.duty_recovered_minor is not None and claim.outcome not in FOUND:
        return Fault("controls.duty_contradicts", told)
    return _amount_fault("duty_recovered", claim.duty_recovered_minor, claim.duty_currency)


def _steps_fault(claim: Claim, kind: ControlType, answered: Mapping[str, str]) -> Fault | None:
    if claim.outcome is Outcome.NOT_CONTROLLED:
        return None
    open_steps = [step.code for step in kind.steps if step.code not in answered]
    if open_steps:
        return Fault("controls.steps_open", {"count": len(open_steps), "steps": ", ".join(open_steps)})
    if claim.outcome is Outcome.CONFORM and all(answer != "done" for answer in answered.values()):
        return Fault("controls.nothing_done", {})
    return None


def _findings_fault(claim: Claim) -> Fault | None:
    return next((fault for each in claim.findings if (fault := _finding_fault(each)) is not None), None)


def _finding_fault(finding: ControlFinding) -> Fault | None:
    known = catalogue()
    coded = (
        ("threat", finding.threat, known.threats),
        ("concealment", finding.concealment, known.concealments),
        ("unit", finding.unit, (None, *known.units)),
    )
    for field, value, codes in coded:
        if value not in codes:
            listed = ", ".join(code for code in codes if code)
            return Fault("controls.no_such_code", {"field": field, "value": value, "known": listed})
    if finding.hs is not None and not _is_heading(finding.hs):
        return Fault("controls.no_heading", {"value": finding.hs})
    if (finding.quantity_milli is None) != (finding.unit is None):
        return Fault("controls.quantity_and_unit", {})
    for field, amount in (("quantity", finding.quantity_milli), ("mass", finding.mass_g)):
        if amount is not None and not 0 < amount <= LARGEST:
            return Fault("controls.amount", {"field": field, "value": amount})
    return _amount_fault("value", finding.value_minor, finding.currency)


def _is_heading(hs: str) -> bool:
    """Digits of a chapter that there is; the heading itself may be of an earlier edition or national."""
    return re.fullmatch(commodity.SHAPE, hs) is not None and commodity.is_known(hs[:2])


def _amount_fault(field: str, minor: int | None, code: str | None) -> Fault | None:
    if (minor is None) != (code is None):
        return Fault("controls.value_and_currency", {"field": field})
    if minor is not None and not 0 <= minor <= LARGEST:
        return Fault("controls.amount", {"field": field, "value": minor})
    if code is not None and not currency.is_known(code):
        return Fault("controls.no_such_code", {"field": f"{field}_currency", "value": code, "known": "ISO 4217"})
    return None
