"""What the gate decides: kept with its reasons, tried beforehand without being kept, made again years later."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.exchange.agreements import Place, decision_kept, gate_at_hand, gates_at_hand, text_at_hand
from pratique.node.storage import agreements as stored
from pratique.node.storage import journal
from pratique.node.storage.agreements import StoredDecision
from pratique.node.storage.store import Connection
from pratique.partners.agreements import (
    Cited,
    Clause,
    Disclosure,
    Explanation,
    Facts,
    Field,
    Replayed,
    Told,
    WayOut,
    decide,
    explain,
    permitting,
    redact,
    replay,
    told,
    ways_for_withheld,
)
from pratique.vocabulary.errors import Category

MOST_FIELDS: Final = 500
MOST_DECISIONS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was kept, with its explanation, and that in words."""

    stored: StoredDecision
    explanation: Explanation
    lines: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Relied:
    """The clause that a preview relies on, with the title and version of its agreement and what it says."""

    agreement: str
    title: str
    version: int
    clause: Clause


@dataclass(frozen=True, slots=True)
class Preview:
    """What would leave, what would stay and why, and what would let go what stays; nothing was kept or sent.

    ``relied`` is ``None`` where the agreement has no such clause. ``elsewhere`` are clauses of any agreement in force
    that permit what is sent.
    """

    disclosure: Disclosure
    explanation: Explanation
    lines: tuple[Told, ...]
    relied: Relied | None
    ways: tuple[tuple[tuple[Field, ...], WayOut | None], ...]
    elsewhere: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class May:
    """What one agreement says to the facts: the clauses that permit them, and the smallest change where none does."""

    agreement: str
    title: str
    version: int
    permitted_by: tuple[Cited, ...]
    way_out: WayOut | None


@dataclass(frozen=True, slots=True)
class DecideDisclosure(Command[Decided]):
    """Decides, on the day of the command, whether the clause permits what the facts describe, and keeps it."""

    agreement_id: str
    clause: str
    facts: Facts
    entry: ClassVar[str] = "agreements.decided"


@dataclass(frozen=True, slots=True)
class PreviewDisclosure(Query[Preview]):
    """What would leave and what would stay of a message with these fields."""

    agreement_id: str
    clause: str
    facts: Facts
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class WhoMay(Query[list[May]]):
    """What each agreement in force says to the facts."""

    facts: Facts


@dataclass(frozen=True, slots=True)
class ListDecisions(Query[list[StoredDecision]]):
    """The newest decisions."""

    most: int = 100


@dataclass(frozen=True, slots=True)
class ReplayDecision(Query[Replayed]):
    """Makes a decision again from its record and the files that were kept."""

    decision_id: str


def decide_disclosure(command: DecideDisclosure, work: Work) -> Act[Decided]:
    """A refusal is a result like a permission, and is kept like one."""
    facts = replace(command.facts, at=work.at.date())

    def act(connection: Connection) -> Done[Decided]:
        gate = gate_at_hand(connection, command.agreement_id)
        decision = decide(facts, gate=gate, clause=command.clause)
        place = Place(journal.next_seq(connection), 1, work.at, work.actor.name)
        kept = decision_kept(connection, decision, place, gate=gate, recipient=facts.recipient)
        named = {"agreement": kept.agreement_id, "version": kept.version, "clause": kept.clause}
        explanation = explain(facts, decision, gate=gate)
        decided = Decided(kept, explanation, told(explanation, facts, gate=gate))
        return Done(decided, command=named, outcome=named | {"verdict": kept.verdict, "decision": kept.sha256})

    return act


def preview_disclosure(query: PreviewDisclosure, view: View) -> Preview:
    """Nothing is kept. Raises ``NOT_FOUND`` or ``CONFLICT`` where the agreement is not in force here."""
    if len(query.fields) > MOST_FIELDS:
        raise refuse("agreements.too_many_fields", most=MOST_FIELDS)
    gate = gate_at_hand(view.connection, query.agreement_id)
    made = redact(query.fields, query.facts, gate=gate, clause=query.clause)
    clause = gate.instrument.clause(query.clause)
    relied = Relied(gate.instrument.id, gate.instrument.title, gate.instrument.version, clause) if clause else None
    elsewhere = [
        other.cited(each) for other in gates_at_hand(view.connection) for each in permitting(made.facts, gate=other)
    ]
    explanation = explain(made.facts, made.decision, gate=gate)
    return Preview(
        disclosure=made,
        explanation=explanation,
        lines=told(explanation, made.facts, gate=gate),
        relied=relied,
        ways=ways_for_withheld(made, gate=gate),
        elsewhere=tuple(elsewhere),
    )


def who_may(query: WhoMay, view: View) -> list[May]:
    """Ordered by agreement; those that permit it first."""
    found = []
    for gate in gates_at_hand(view.connection):
        permitted_by = tuple(gate.cited(each) for each in permitting(query.facts, gate=gate))
        way_out = None
        if not permitted_by and gate.instrument.binding(query.facts):
            way_out = explain(query.facts, decide(query.facts, gate=gate, clause=""), gate=gate).way_out
        instrument = gate.instrument
        found.append(May(instrument.id, instrument.title, instrument.version, permitted_by, way_out))
    return sorted(found, key=lambda each: not each.permitted_by)


def list_decisions(query: ListDecisions, view: View) -> list[StoredDecision]:
    """Newest first."""
    return stored.stored_decisions(view.connection, most=min(query.most, MOST_DECISIONS))


def replay_decision(query: ReplayDecision, view: View) -> Replayed:
    """Raises ``NOT_FOUND`` where no decision has the id, ``BROKEN`` where its record or a file is not what was kept."""
    kept = _decision(view.connection, query.decision_id)
    record = kept.record.encode()
    if hashlib.sha256(record).hexdigest() != kept.sha256:
        raise refuse("agreements.record_changed", Category.BROKEN, decision=kept.id)
    return replay(record, lambda sha256: text_at_hand(view.connection, sha256))


def _decision(connection: Connection, decision_id: str) -> StoredDecision:
    """By ``entry.number``; the number may be left out where the entry has one decision."""
    seq, _, number = decision_id.partition(".")
    if seq.isascii() and seq.isdigit() and len(seq) < 16:
        for each in stored.stored_decisions(connection, seq=int(seq)):
            if number in ("", str(each.number)):
                return each
    raise refuse("agreements.no_decision", Category.NOT_FOUND, decision=decision_id[:80])
