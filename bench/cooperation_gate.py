"""``python -m bench.cooperation_gate``: decisions and explanations with 200 agreements loaded, beside the bare engine.

The bare call is the engine's own with a request that is made already, in the same run; what the gate adds is facts,
duties, explanation and the record that is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import cedarpy

from pratique.partners.agreements import (
    Facts,
    Field,
    Gate,
    Party,
    decide,
    explain,
    gate_of,
    redact,
    shipped_instruments,
    shipped_law,
)
from pratique.partners.agreements.engine_facts import context, schema
from pratique.partners.agreements.interpret import applies

AGREEMENTS = 200
DECISIONS = 2_000
EXPLANATIONS = 500
SINCE = date(2019, 3, 1)
ALERT = Facts(
    at=date(2026, 10, 5),
    sender="xa-customs",
    sender_state="xa",
    recipient="xb-customs",
    recipient_state="xb",
    categories=frozenset({"cargo", "company", "transport"}),
)
REFUSED = replace(ALERT, categories=frozenset({"cargo", "person_identity", "identity_document"}), channel="oral")
FIELDS = (
    Field("consignor", "company"),
    Field("goods", "cargo"),
    Field("boxes", "cargo"),
    Field("seals", "cargo"),
    Field("ship", "transport"),
    Field("director", "person_identity"),
    Field("phone", "person_contact"),
    Field("passport", "identity_document"),
)


def main() -> None:
    """Prints every figure; see the module."""
    started = time.process_time()
    gates = loaded(AGREEMENTS)
    print(f"{AGREEMENTS} agreements compiled: {time.process_time() - started:.2f} s of processor, once")
    bilateral = [each for each in gates if each.instrument.clause("spontaneous") and "bilateral" in each.instrument.id]
    at = [bilateral[number % len(bilateral)] for number in range(DECISIONS)]
    report("the bare engine, request ready", bare(at))
    report("a decision, permitted", timed(lambda each: decide(ALERT, gate=each, clause="spontaneous").permitted, at))
    report(
        "a decision, refused", timed(lambda each: not decide(REFUSED, gate=each, clause="spontaneous").permitted, at)
    )
    few = at[:EXPLANATIONS]
    refused = [decide(REFUSED, gate=each, clause="spontaneous") for each in few]
    pairs = iter(list(zip(few, refused, strict=True)))

    def explained(_: Gate) -> bool:
        gate, decision = next(pairs)
        return explain(REFUSED, decision, gate=gate).way_out is not None

    report("the explanation of a refusal, with its way out", timed(explained, few))
    report(
        f"a message of {len(FIELDS)} fields redacted and decided",
        timed(lambda each: redact(FIELDS, ALERT, gate=each, clause="spontaneous").decision.permitted, few),
    )
    report("the plain evaluator, all clauses", timed(lambda each: bool(second_opinion(each)), few))


def loaded(count: int) -> list[Gate]:
    """That many agreements between xa and xb: copies of the shipped ones under names of their own, all compiled."""
    parties = (Party("xa", since=SINCE), Party("xb", since=SINCE))
    shipped = shipped_instruments()
    made = []
    for number in range(count):
        instrument = shipped[number % len(shipped)]
        own = replace(instrument.between(parties), id=f"{instrument.id}-{number}")
        made.append(gate_of(own, (shipped_law(),)))
    return made


def bare(gates: Sequence[Gate]) -> list[float]:
    """The engine's own call, with request, policies and entities at hand; in seconds each."""
    entities = cedarpy.Entities.from_json_str("[]", schema())
    requests = {
        id(gate): {
            "principal": {"type": "Administration", "id": ALERT.sender},
            "action": {"type": "Action", "id": "disclose"},
            "resource": {"type": "Disclosure", "id": "disclosure"},
            "context": context(ALERT, gate.instrument),
        }
        for gate in gates
    }
    return timed(lambda gate: cedarpy.is_authorized(requests[id(gate)], gate.policy_set, entities).allowed, gates)


def second_opinion(gate: Gate) -> list[str]:
    """The clauses that the plain evaluator finds to hold."""
    every = ((each, one) for one in (gate.instrument, *gate.always) for each in one.clauses)
    return [clause.id for clause, instrument in every if applies(clause, ALERT, instrument)]


def timed(work: Callable[[Gate], bool], gates: Sequence[Gate]) -> list[float]:
    """Seconds of the processor for each; every answer has to be yes, so that nothing is timed that fails."""
    taken = []
    for gate in gates:
        started = time.process_time()
        assert work(gate)
        taken.append(time.process_time() - started)
    return taken


def report(name: str, taken: Sequence[float]) -> None:
    """One line: how many a second of one core, and how long the middle and the slowest of a hundred take."""
    ordered = sorted(taken)
    middle, slow = (ordered[int(len(ordered) * share)] * 1_000 for share in (0.5, 0.99))
    print(f"{name}: {len(taken) / sum(taken):,.0f} a second of one core; p50 {middle:.2f} ms, p99 {slow:.2f} ms")


if __name__ == "__main__":
    main()
