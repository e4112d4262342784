"""Why the gate said no, and what would do: the clauses that nearly permit it, and the smallest lawful change.

The search is ordered, so that the same facts give the same answer, and it looks with the plain evaluator; the way out
that it found is then decided by the engine, since only the engine opens the gate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pratique.partners.agreements.changes import Change, to_fail, to_hold
from pratique.partners.agreements.decide import Cited, Decision, Gate, Met, decide
from pratique.partners.agreements.facts import Facts
from pratique.partners.agreements.interpret import applies, failing, found
from pratique.partners.agreements.model import Clause, ClauseKind, Instrument
from pratique.partners.agreements.redact import Disclosure, Field, facts_of

MOST_CHANGES: Final = 4
OF_REQUEST: Final = ("request_written", "request_complete", "purpose_as_requested", "categories_as_requested")


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A clause that does not permit it, and each condition that fails, with what was needed and what was found."""

    cited: Cited
    failing: tuple[Met, ...]


@dataclass(frozen=True, slots=True)
class WayOut:
    """What to do so that the clause permits it; the engine said yes to ``then``, the facts as they would be."""

    cited: Cited
    changes: tuple[Change, ...]
    then: Facts

    @property
    def effort(self) -> tuple[int, int]:
        """Fewest things to do first, then the least."""
        return len(self.changes), sum(each.effort for each in self.changes)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision explained. ``would_do`` are clauses that permit it as it is, though another one was named."""

    decision: Decision
    would_do: tuple[Cited, ...]
    near_misses: tuple[NearMiss, ...]
    way_out: WayOut | None


def explain(facts: Facts, decision: Decision, *, gate: Gate) -> Explanation:
    """The decision with, where it is a refusal, what was near and what would do."""
    if decision.permitted or decision.errors:
        return Explanation(decision, (), (), None)
    permits = [each for each in gate.instrument.clauses if each.kind is ClauseKind.PERMIT]
    binding = gate.instrument.binding(facts)
    permits = [each for each in permits if each.id in binding]
    would_do = tuple(gate.cited(each) for each in permitting(facts, gate=gate))
    misses = [NearMiss(_cite(gate, each), _missed(each, facts, gate.instrument)) for each in permits]
    near = sorted(
        (each for each in misses if each.failing),
        key=lambda each: (each.cited.clause != decision.clause, len(each.failing)),
    )
    return Explanation(decision, would_do, tuple(near), _smallest(facts, gate, permits))


def ways_for_withheld(disclosure: Disclosure, *, gate: Gate) -> tuple[tuple[tuple[Field, ...], WayOut | None], ...]:
    """The fields that stay here, together where the same way would let them go; ``None``: they stay either way."""
    ways: dict[object, tuple[list[Field], WayOut | None]] = {}
    for each in disclosure.withheld:
        facts = facts_of((each.field,), disclosure.facts)
        decision = decide(facts, gate=gate, clause=disclosure.decision.clause)
        way = explain(facts, decision, gate=gate).way_out
        alike = (way.cited, tuple(change.do for change in way.changes)) if way else None
        ways.setdefault(alike, ([], way))[0].append(each.field)
    return tuple((tuple(fields), way) for fields, way in ways.values())


def permitting(facts: Facts, *, gate: Gate) -> tuple[str, ...]:
    """The clauses of the agreement that permit it as it is, as ``agreement/clause``."""
    permits = [each for each in gate.instrument.clauses if each.kind is ClauseKind.PERMIT]
    likely = [each.id for each in permits if applies(each, facts, gate.instrument)]
    allowed = [each for each in likely if decide(facts, gate=gate, clause=each).permitted]
    return tuple(f"{gate.instrument.id}/{each}" for each in allowed)


def _smallest(facts: Facts, gate: Gate, permits: Sequence[Clause]) -> WayOut | None:
    """Of all ways out the one with the least to do; where two are equal, that of the earlier clause."""
    ways = []
    for clause in permits:
        changed = _repaired(facts, gate, clause)
        if changed is not None and changed[0]:
            ways.append(WayOut(_cite(gate, clause), *changed))
    for way in sorted(ways, key=lambda each: each.effort):
        if decide(way.then, gate=gate, clause=way.cited.clause).permitted:
            return way
    return None


def _repaired(facts: Facts, gate: Gate, clause: Clause) -> tuple[tuple[Change, ...], Facts] | None:
    """Change after change until the clause holds and nothing forbids; ``None`` where no lawful change leads there."""
    made: list[Change] = []
    while len(made) <= MOST_CHANGES:
        failed = failing(clause, facts, gate.instrument)
        if failed:
            step = to_hold(failed[0], facts, gate.instrument)
        else:
            forbidding = _forbidding(facts, gate)
            if forbidding is None:
                return tuple(made), facts
            step = _undone(*forbidding, facts)
        if step is None or step[0] in made:
            return None
        made.append(step[0])
        facts = step[1]
    return None


def _forbidding(facts: Facts, gate: Gate) -> tuple[Clause, Instrument] | None:
    for instrument in (gate.instrument, *gate.always):
        for each in instrument.clauses:
            if each.kind is ClauseKind.FORBID and applies(each, facts, instrument):
                return each, instrument
    return None


def _undone(clause: Clause, instrument: Instrument, facts: Facts) -> tuple[Change, Facts] | None:
    """The least change after which one condition of the prohibition no longer holds."""
    steps = (to_fail(each, facts, instrument) for each in clause.when)
    return min((each for each in steps if each is not None), key=lambda each: each[0].effort, default=None)


def _missed(clause: Clause, facts: Facts, instrument: Instrument) -> tuple[Met, ...]:
    """What fails; where there is no request at all, not also that it is neither written nor complete."""
    failed = failing(clause, facts, instrument)
    if any(each.name == "request_given" for each in failed):
        failed = tuple(each for each in failed if each.name not in OF_REQUEST)
    return tuple(Met(each.name, each.words, found(each.name, facts, instrument)) for each in failed)


def _cite(gate: Gate, clause: Clause) -> Cited:
    return gate.cited(f"{gate.instrument.id}/{clause.id}")
