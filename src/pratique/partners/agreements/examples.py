"""Instruments that proved themselves: compiled, checked, and every example decided as its sentence says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from pratique.partners.agreements.cedar import NotCompiled, asked
from pratique.partners.agreements.decide import Gate, Verdict, decide, gate_of
from pratique.partners.agreements.errors import AgreementError
from pratique.partners.agreements.interpret import applies
from pratique.partners.agreements.load import parse_instrument
from pratique.partners.agreements.model import Clause, ClauseKind, Example, Instrument, InstrumentKind, Party

ALWAYS: Final = "always"
"""The instrument of what is forbidden whatever any agreement permits."""


def load_instrument(text: str, always: Sequence[Instrument] = ()) -> Instrument:
    """The instrument written in ``text``, after all its examples came out as they say.

    ``always`` are the laws that stand behind every agreement. Raises :class:`AgreementError` with the line.
    """
    instrument = parse_instrument(text)
    laws = tuple(each for each in always if each.id != instrument.id)
    gate = _gate(instrument, laws)
    for clause in instrument.clauses:
        for example in clause.examples:
            _check(example, clause, gate)
    return instrument


@cache
def shipped_law() -> Instrument:
    """What is forbidden under every agreement: third-party rule, markings, caveats, bars, protection of persons."""
    return load_instrument(_shipped_texts()[ALWAYS])


@cache
def shipped_instruments() -> tuple[Instrument, ...]:
    """The instruments that come with the package, without parties of their own, ordered by id."""
    laws = (shipped_law(),)
    return tuple(load_instrument(text, laws) for name, text in _shipped_texts().items() if name != ALWAYS)


def shipped_text(instrument_id: str) -> str | None:
    """The file of a shipped instrument, if it is one."""
    return _shipped_texts().get(instrument_id)


@cache
def _shipped_texts() -> dict[str, str]:
    folder = files("pratique") / "data" / "agreements"
    found = sorted((each for each in folder.iterdir() if each.name.endswith(".yaml")), key=lambda each: each.name)
    return {each.name.removesuffix(".yaml"): each.read_text("utf-8") for each in found}


def _gate(instrument: Instrument, laws: tuple[Instrument, ...]) -> Gate:
    """The instrument between the two sides of its examples, both of which took on everything."""
    annexes = frozenset(each.annex for each in instrument.clauses if each.annex is not None)
    names = {name for clause in instrument.clauses for each in clause.examples for name in _sides(each)}
    parties = tuple(Party(name, since=date.min, accepts=annexes) for name in sorted(names))
    try:
        return gate_of(instrument.between(parties), laws)
    except NotCompiled as fault:
        raise AgreementError("agreements.not_compiled", 1, found=fault.errors[0][:200]) from fault


def _sides(example: Example) -> tuple[str, str]:
    return example.facts.sender_state, example.facts.recipient_state


def _check(example: Example, clause: Clause, gate: Gate) -> None:
    facts, instrument = example.facts, gate.instrument
    name = f"{instrument.id}/{clause.id}"
    taken = applies(clause, facts, instrument)
    if clause.kind is ClauseKind.PERMIT:
        decision = decide(facts, gate=gate, clause=clause.id)
        came_out, verdict = decision.permitted, decision.verdict.value
    elif clause.kind is ClauseKind.FORBID:
        answer = asked(facts, instrument, gate.policy_set)
        came_out = not answer.allowed and name in answer.determining and not answer.errors
        verdict = Verdict.FORBIDDEN.value if came_out else Verdict.NOT_PERMITTED.value
        if came_out is not taken:
            raise AgreementError("agreements.engines_differ", example.line, clause=clause.id)
    else:
        came_out, verdict = taken, "applies" if taken else "does not apply"
    if came_out is not example.yes:
        raise AgreementError(
            "agreements.example_fails", example.line, clause=clause.id, says=example.says, verdict=verdict
        )


def is_law(instrument: Instrument) -> bool:
    """Whether it binds its own side alone and stands behind every agreement."""
    return instrument.kind is InstrumentKind.LAW
