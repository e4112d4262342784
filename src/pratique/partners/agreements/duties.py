"""Duties that travel with a disclosure: all of them together, and where they conflict the strictest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from pratique.partners.agreements.facts import Caveat, Facts, Onward
from pratique.partners.agreements.interpret import applies, applying
from pratique.partners.agreements.model import Clause, ClauseKind, Instrument, Obligation
from pratique.partners.agreements.terms import EUROPOL, TLP, Purpose


class Takes(StrEnum):
    """What an obligation needs beside its name."""

    NOTHING = "nothing"
    DAYS = "days"
    CATEGORIES = "categories"
    PURPOSES = "purposes"
    MARKS = "marks"


OBLIGATIONS: Final = {
    "withhold": Takes.CATEGORIES,  # before sealing
    "retain_days": Takes.DAYS,
    "use_as_stated": Takes.NOTHING,
    "use_only": Takes.PURPOSES,
    "onward_with_consent": Takes.NOTHING,
    "onward_never": Takes.NOTHING,
    "evidence_with_consent": Takes.NOTHING,
    "mark": Takes.MARKS,
    "answer_days": Takes.DAYS,
    "protect_equally": Takes.NOTHING,
    "need_to_know": Takes.NOTHING,
    "not_decisive_unverified": Takes.NOTHING,
    "notify_on_use": Takes.NOTHING,
    "report_outcome": Takes.NOTHING,
    "return_or_destroy": Takes.NOTHING,
    "confirm_in_writing": Takes.NOTHING,
    "give_reasons": Takes.NOTHING,
    "consult_first": Takes.NOTHING,
    "correct_errors": Takes.NOTHING,
    "notify_breach": Takes.NOTHING,
}
"""Every duty there is."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a duty comes from: ``agreement/clause`` (or the originator of a caveat), and the article."""

    duty: str
    clause: str
    article: str


@dataclass(frozen=True, slots=True)
class Duties:
    """What binds the recipient (and, where an act says so, the sender) of a disclosure.

    ``retain_until`` is the last day on which a copy may be kept, ``use`` the purposes that are allowed (``None``: no
    limit), ``answer_by`` the day until which an answer is due, ``acts`` the duties that somebody has to do.
    """

    retain_until: date | None
    use: frozenset[str] | None
    onward: Onward
    evidence_with_consent: bool
    tlp: str
    handling: frozenset[str]
    withhold: frozenset[str]
    answer_by: date | None
    acts: tuple[str, ...]
    sources: tuple[Source, ...]

    def as_data(self) -> dict[str, object]:
        """The duties as they stand in a sealed message and in a stored decision."""
        return {
            "retain_until": self.retain_until.isoformat() if self.retain_until else None,
            "use": sorted(str(each) for each in self.use) if self.use is not None else None,
            "onward": str(self.onward),
            "evidence_with_consent": self.evidence_with_consent,
            "tlp": self.tlp,
            "handling": sorted(self.handling),
            "withhold": sorted(self.withhold),
            "answer_by": self.answer_by.isoformat() if self.answer_by else None,
            "acts": list(self.acts),
            "sources": [[each.duty, each.clause, each.article] for each in self.sources],
        }

    def as_caveat(self, by: str, *, under: str = "") -> Caveat:
        """What the recipient has to keep to, as the caveat of the administration that disclosed it."""
        return Caveat(
            by=by,
            onward=self.onward,
            evidence_with_consent=self.evidence_with_consent,
            purposes=self.use,
            until=self.retain_until,
            tlp=self.tlp,
            handling=self.handling,
            under=under,
        )


OBLIGING: Final = (ClauseKind.DUTY, ClauseKind.PROCEDURE)


@dataclass(frozen=True, slots=True)
class _Owed:
    obligation: Obligation
    source: Source


def duties_of(facts: Facts, instrument: Instrument, relied_on: Clause, *, always: Sequence[Instrument] = ()) -> Duties:
    """The duties of the clause relied on, of every duty and procedure that applies, and of the caveats inherited."""
    owed = list(_owed(relied_on, instrument))
    for each in (instrument, *always):
        for clause in applying(OBLIGING, facts, each):
            owed += _owed(clause, each)
    return _together(facts, owed)


def withheld_by(
    facts: Facts, instrument: Instrument, relied_on: Clause, *, always: Sequence[Instrument] = ()
) -> dict[str, str]:
    """The categories that a duty says to leave out, each with the last clause (``agreement/clause``) that says so."""
    left_out: dict[str, str] = {}
    for each in (instrument, *always):
        for clause in each.clauses:
            words = [word for duty in clause.duties if duty.kind == "withhold" for word in duty.words]
            if words and (clause is relied_on or (clause.kind in OBLIGING and applies(clause, facts, each))):
                left_out |= dict.fromkeys(words, f"{each.id}/{clause.id}")
    return left_out


def _owed(clause: Clause, instrument: Instrument) -> Iterable[_Owed]:
    for each in clause.duties:
        yield _Owed(each, Source(each.kind, f"{instrument.id}/{clause.id}", clause.article))


def _together(facts: Facts, owed: list[_Owed]) -> Duties:
    kinds = {each.obligation.kind for each in owed}
    marks = [word for each in owed if each.obligation.kind == "mark" for word in each.obligation.words]
    acts = tuple(kind for kind in _ACTS if kind in kinds)
    standing = facts.standing
    return Duties(
        retain_until=_earliest([_after(facts, owed, "retain_days"), *(each.until for each in standing)]),
        use=_narrowest(facts, owed),
        onward=_strictest_onward(facts, kinds),
        evidence_with_consent="evidence_with_consent" in kinds
        or "h1" in facts.codes
        or any(each.evidence_with_consent for each in standing),
        tlp=max((facts.marking, *(each for each in marks if each in TLP)), key=TLP.index),
        handling=facts.codes | {each for each in marks if each in EUROPOL},
        withhold=frozenset(w for each in owed if each.obligation.kind == "withhold" for w in each.obligation.words),
        answer_by=_after(facts, owed, "answer_days"),
        acts=acts,
        sources=(*dict.fromkeys(each.source for each in owed), *_inherited(facts)),
    )


_FOLDED: Final = frozenset({"use_as_stated", "onward_with_consent", "onward_never", "evidence_with_consent"})
_ACTS: Final = tuple(kind for kind, takes in OBLIGATIONS.items() if takes is Takes.NOTHING and kind not in _FOLDED)
_ANY_PURPOSE: Final = frozenset(Purpose)
_ORDER: Final = tuple(Onward)  # the strictest last


def _after(facts: Facts, owed: Iterable[_Owed], kind: str) -> date | None:
    days = [each.obligation.days for each in owed if each.obligation.kind == kind]
    return facts.at + timedelta(days=min(each for each in days if each is not None)) if days else None


def _earliest(days: Iterable[date | None]) -> date | None:
    return min((each for each in days if each is not None), default=None)


def _narrowest(facts: Facts, owed: Iterable[_Owed]) -> frozenset[str] | None:
    """The purposes that every limit allows; ``None`` where there is no limit."""
    limits = [frozenset(each.obligation.words) for each in owed if each.obligation.kind == "use_only"]
    limits += [frozenset({facts.purpose}) for each in owed if each.obligation.kind == "use_as_stated"]
    limits += [each.purposes for each in facts.standing if each.purposes is not None]
    return _ANY_PURPOSE.intersection(*limits) if limits else None


def _strictest_onward(facts: Facts, kinds: set[str]) -> Onward:
    said = [each.onward for each in facts.standing]
    if "onward_with_consent" in kinds or "h2" in facts.codes:
        said.append(Onward.WITH_CONSENT)
    if "onward_never" in kinds:
        said.append(Onward.NEVER)
    return max(said, key=_ORDER.index, default=Onward.FREE)


def _inherited(facts: Facts) -> tuple[Source, ...]:
    return tuple(Source("caveat", each.by, each.under) for each in facts.standing)
