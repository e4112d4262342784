"""The gate: one disclosure, one named clause, one decision with its reasons.

Who sends names the clause. Permitted means that this very clause permits it and that nothing forbids it; that another,
wider clause would do is told, never used. The record of a decision replays to the same bytes
(:mod:`~pratique.partners.agreements.replay`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import cedarpy

from pratique.partners.agreements.canonical import canonical, digest
from pratique.partners.agreements.cedar import ENGINE, Answer, asked, compiled, policies
from pratique.partners.agreements.duties import Duties, duties_of
from pratique.partners.agreements.facts import Facts
from pratique.partners.agreements.facts_data import facts_data, party_data
from pratique.partners.agreements.interpret import OF_CONTENT, found
from pratique.partners.agreements.model import Clause, ClauseKind, Condition, Instrument

RECORD: Final = "pratique/gate-decision/1"


class Verdict(StrEnum):
    """What the gate came to."""

    PERMITTED = "permitted"
    FORBIDDEN = "forbidden"
    NOT_PERMITTED = "not_permitted"
    REFUSED_ON_ERROR = "refused_on_error"


@dataclass(frozen=True, slots=True)
class Prohibition:
    """A clause that forbids and asks about the content of a message: its conditions on that, and on what is around."""

    clause: Clause
    instrument: Instrument
    of_content: tuple[Condition, ...]
    around: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """One version of one agreement, compiled, with what is always forbidden behind it. Made by :func:`gate_of`."""

    instrument: Instrument
    always: tuple[Instrument, ...]
    policy_set: cedarpy.PolicySet = field(repr=False, compare=False)
    policy_sha256: str
    """Digest of the files and the policies that decide."""
    of_content: tuple[Prohibition, ...] = field(repr=False, compare=False)
    """The prohibitions that one field can bring about and another not, in the order of the files."""

    def cited(self, named: str) -> Cited:
        """The clause behind ``agreement/clause``."""
        instrument_id, _, clause_id = named.partition("/")
        for each in (self.instrument, *self.always):
            clause = each.clause(clause_id) if each.id == instrument_id else None
            if clause is not None:
                return Cited(each.id, clause.id, clause.article, each.verified and clause.verified)
        return Cited(instrument_id, clause_id, "", False)


@dataclass(frozen=True, slots=True)
class Cited:
    """A clause that took part in a decision; ``verified``: a lawyer compared it with the authentic text."""

    agreement: str
    clause: str
    article: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Met:
    """A condition of the clause relied on, the words that satisfy it, and what the facts say."""

    condition: str
    wanted: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict with its reasons. ``duties`` are there where it is permitted; ``record`` is what is kept."""

    verdict: Verdict
    agreement: str
    version: int
    clause: str
    article: str
    verified: bool
    determining: tuple[Cited, ...]
    met: tuple[Met, ...]
    duties: Duties | None
    errors: tuple[str, ...]
    policy_sha256: str
    engine: str
    record: bytes = field(repr=False)

    @property
    def permitted(self) -> bool:
        """Nothing but this opens the way out."""
        return self.verdict is Verdict.PERMITTED

    @property
    def sha256(self) -> str:
        """The digest of the record."""
        return digest(self.record)


def gate_of(instrument: Instrument, always: Sequence[Instrument] = ()) -> Gate:
    """The agreement, compiled. Raises :class:`~pratique.partners.agreements.cedar.NotCompiled`."""
    text = policies(instrument, always)
    stands_for = {
        "files": [instrument.sha256, *(each.sha256 for each in always)],
        "policies": digest(text.encode()),
    }
    every = (instrument, *always)
    return Gate(instrument, every[1:], compiled(text), digest(canonical(stands_for)), tuple(_prohibitions(every)))


def decide(facts: Facts, *, gate: Gate, clause: str) -> Decision:
    """Whether ``clause`` of the gate's agreement permits the disclosure that ``facts`` describe. Never raises."""
    answer = asked(facts, gate.instrument, gate.policy_set)
    named = gate.instrument.clause(clause)
    verdict = _verdict(answer, f"{gate.instrument.id}/{clause}", named)
    duties = None
    if verdict is Verdict.PERMITTED and named is not None:
        duties = duties_of(facts, gate.instrument, named, always=gate.always)
    return _decision(facts, gate, clause, _Outcome(verdict, answer, duties))


def _prohibitions(instruments: Iterable[Instrument]) -> Iterable[Prohibition]:
    for instrument in instruments:
        for each in instrument.clauses:
            of_content = tuple(one for one in each.when if one.name in OF_CONTENT)
            if each.kind is ClauseKind.FORBID and of_content:
                around = tuple(one for one in each.when if one.name not in OF_CONTENT)
                yield Prohibition(each, instrument, of_content, around)


@dataclass(frozen=True, slots=True)
class _Outcome:
    verdict: Verdict
    answer: Answer
    duties: Duties | None


def _verdict(answer: Answer, name: str, named: Clause | None) -> Verdict:
    if answer.errors:
        return Verdict.REFUSED_ON_ERROR
    if answer.allowed:
        relied_on = name in answer.determining and named is not None and named.kind is ClauseKind.PERMIT
        return Verdict.PERMITTED if relied_on else Verdict.NOT_PERMITTED
    return Verdict.FORBIDDEN if answer.determining else Verdict.NOT_PERMITTED


def _decision(facts: Facts, gate: Gate, clause_id: str, outcome: _Outcome) -> Decision:
    instrument, named = gate.instrument, gate.instrument.clause(clause_id)
    determining = tuple(gate.cited(each) for each in outcome.answer.determining)
    met: tuple[Met, ...] = ()
    if outcome.verdict is Verdict.PERMITTED and named is not None:
        met = tuple(Met(each.name, each.words, found(each.name, facts, instrument)) for each in named.when)
    return Decision(
        verdict=outcome.verdict,
        agreement=instrument.id,
        version=instrument.version,
        clause=clause_id,
        article=named.article if named else "",
        verified=instrument.verified and named is not None and named.verified,
        determining=determining,
        met=met,
        duties=outcome.duties,
        errors=outcome.answer.errors,
        policy_sha256=gate.policy_sha256,
        engine=ENGINE,
        record=_record(facts, gate, clause_id, outcome, determining),
    )


def _record(facts: Facts, gate: Gate, clause_id: str, outcome: _Outcome, determining: Iterable[Cited]) -> bytes:
    """What is kept: the facts, what decided them, and what came out. The files themselves are kept by their digest."""
    consulted = (facts.sender, facts.sender_state, facts.recipient, facts.recipient_state)
    return canonical(
        {
            "record": RECORD,
            "facts": facts_data(facts),
            "agreement": gate.instrument.id,
            "version": gate.instrument.version,
            "clause": clause_id,
            "files": [gate.instrument.sha256, *(each.sha256 for each in gate.always)],
            "parties": [party_data(each) for each in gate.instrument.parties if each.id in consulted],
            "policies": gate.policy_sha256,
            "engine": ENGINE,
            "verdict": outcome.verdict.value,
            "determining": [[each.agreement, each.clause, each.article] for each in determining],
            "duties": outcome.duties.as_data() if outcome.duties else None,
            "errors": list(outcome.answer.errors),
        }
    )
