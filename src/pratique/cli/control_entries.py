"""What people type about a control becomes values: findings, amounts, answers to steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pratique.vocabulary.errors import PratiqueError

if TYPE_CHECKING:
    from pratique.flow.controls.outcomes import ControlFinding
    from pratique.node.controls.outcome_checks import Result
    from pratique.node.handlers.orders import StepAnswer

FIELDS = ("concealment", "hs", "quantity", "value", "mass")


def assembled(
    outcome: str,
    *,
    reason: str | None,
    note: str,
    findings: Sequence[str],
    legal_basis: str,
    duty: str | None,
) -> Callable[[datetime | None], Result]:
    """The result as typed, which still wants to know when the control was made. Raises ``PratiqueError``."""
    from pratique.node.controls.outcome_checks import Result

    found = tuple(finding_of(each) for each in findings)
    recovered, currency = money_of(duty) if duty else (None, None)

    def at(moment: datetime | None) -> Result:
        when = None if moment is None else (moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        return Result(outcome, reason, note, found, legal_basis, recovered, currency, when)

    return at


def finding_of(text: str) -> ControlFinding:
    """``narcotics concealment=cooling_unit quantity=214:KGM value=1200.50:EUR mass=214 seized``; mass in kilograms."""
    from pratique.flow.controls.outcomes import ControlFinding
    from pratique.node.controls.entered import thousandths

    threat, *rest = text.split() or [""]
    fields, seized = {}, False
    for word in rest:
        name, equals, value = word.partition("=")
        if word == "seized":
            seized = True
        elif equals and name in FIELDS and name not in fields:
            fields[name] = value
        else:
            raise _not_understood(word)
    quantity, _, unit = fields.get("quantity", "").partition(":")
    value_minor, currency = money_of(fields["value"]) if "value" in fields else (None, None)
    return ControlFinding(
        threat=threat,
        concealment=fields.get("concealment", "none"),
        hs=fields.get("hs"),
        quantity_milli=thousandths(quantity) if quantity else None,
        unit=unit or None,
        value_minor=value_minor,
        currency=currency,
        mass_g=thousandths(fields["mass"]) if "mass" in fields else None,
        seized=seized,
    )


def money_of(text: str) -> tuple[int, str]:
    """``180.00:EUR`` in minor units, and the currency."""
    from pratique.node.controls.entered import minor_units

    amount, _, currency = text.partition(":")
    return minor_units(amount, currency), currency


def answered(text: str) -> StepAnswer:
    """``seal_read=done:H441`` as an answer to a step."""
    from pratique.node.handlers.orders import StepAnswer

    step, equals, rest = text.partition("=")
    if not equals:
        raise _not_understood(text)
    answer, _, said = rest.partition(":")
    return StepAnswer(step, answer, said)


def day_of(text: str) -> date:
    """A day written ``YYYY-MM-DD``, else today (UTC)."""
    try:
        return date.fromisoformat(text) if text else datetime.now(UTC).date()
    except ValueError:
        raise _not_understood(text) from None


def finding_words(finding: ControlFinding) -> str:
    """A finding in one line."""
    from pratique.vocabulary.sentences import coded, kilograms, money

    parts = [coded("threat", finding.threat), coded("concealment", finding.concealment)]
    if finding.quantity_milli is not None:
        parts.append(f"{finding.quantity_milli / 1000:g} {finding.unit}")
    if finding.value_minor is not None:
        parts.append(money(finding.value_minor, finding.currency))
    parts += [kilograms(finding.mass_g)] if finding.mass_g is not None else []
    parts += [f"HS {finding.hs}"] if finding.hs else []
    return ", ".join([*parts, *(["seized"] if finding.seized else [])])


def _not_understood(word: str) -> PratiqueError:
    from pratique.node.errors import refuse

    return refuse("controls.not_understood", word=word)
