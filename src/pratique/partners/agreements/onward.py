"""What a recipient is bound to: the duties of a received message as a caveat, by which use and passing on are decided.

The same rules stand on both sides. Passing on is decided by the new agreement and by every caveat that was inherited,
so that a wider agreement never washes a caveat off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from pratique.partners.agreements.decide import Decision, Gate, decide
from pratique.partners.agreements.errors import FactsError
from pratique.partners.agreements.facts import Caveat, Consent, Facts
from pratique.partners.agreements.facts_data import caveat_from

_CARRIED: Final = {"onward", "evidence_with_consent", "tlp", "handling"}


class UseFault(StrEnum):
    """Why received information may not be used for something."""

    OTHER_PURPOSE = "other_purpose"
    NOT_AS_EVIDENCE = "not_as_evidence"
    TIME_OVER = "time_over"


@dataclass(frozen=True, slots=True)
class Use:
    """What somebody wants to use received information for, and when."""

    purpose: str
    at: date
    as_evidence: bool = False


def inherited_caveat(duties: object, *, by: str, under: str = "") -> Caveat:
    """The caveat that the duties of a received message (``Duties.as_data``) lay on it.

    ``by`` is the administration that sent it. Raises :class:`FactsError` for duties that say something unknown:
    what is not understood cannot be kept to.
    """
    needed = {*_CARRIED, "use", "retain_until"}
    told = {"withhold", "answer_by", "acts", "sources"}
    if not isinstance(duties, dict) or not needed <= set(duties) <= needed | told:
        raise FactsError("agreements.facts.no_mapping", "duties")
    carried = {name: duties[name] for name in _CARRIED}
    limits = {"purposes": duties["use"], "until": duties["retain_until"]}
    return caveat_from({"by": by, "under": under, **carried, **limits}, "duties")


def decide_onward(facts: Facts, inherited: Sequence[Caveat], *, gate: Gate, clause: str) -> Decision:
    """Whether received information may be passed on: ``facts`` are those of the new disclosure."""
    return decide(passed_on(facts, inherited), gate=gate, clause=clause)


def passed_on(facts: Facts, inherited: Sequence[Caveat]) -> Facts:
    """The facts of a disclosure that holds received information."""
    return replace(facts, caveats=(*facts.caveats, *(each for each in inherited if each not in facts.caveats)))


def use_faults(use: Use, inherited: Sequence[Caveat], consents: Sequence[Consent] = ()) -> tuple[UseFault, ...]:
    """Why the recipient itself may not use it so; empty where it may. ``consents`` are those of the originators."""
    faults: list[UseFault] = []
    for each in inherited:
        own = (one for one in consents if one.by == each.by)
        agreed = [one for one in own if one.covers(to=one.to or "", purpose=use.purpose, at=use.at)]
        if each.purposes is not None and use.purpose not in each.purposes and not agreed:
            faults.append(UseFault.OTHER_PURPOSE)
        if use.as_evidence and each.evidence_with_consent and not any(one.evidence for one in agreed):
            faults.append(UseFault.NOT_AS_EVIDENCE)
        if each.until is not None and use.at > each.until:
            faults.append(UseFault.TIME_OVER)
    return tuple(dict.fromkeys(faults))
