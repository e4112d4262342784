"""The conditions of clauses in plain Python, over the facts themselves.

It finds which condition fails, in microseconds, for explanations; and it is the second opinion on the engine: written
from the vocabulary, not from the Cedar that :mod:`~pratique.partners.agreements.cedar` makes, and compared with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pratique.partners.agreements.facts import Facts, Onward, Request
from pratique.partners.agreements.model import Clause, ClauseKind, Condition, Instrument
from pratique.partners.agreements.terms import CONDITIONS, Shape

Truth = Callable[[Facts, Instrument], bool]
OF_CONTENT: Final = frozenset({"categories", "any_category", "personal", "categories_as_requested"})
"""The conditions whose answer depends on which fields a message holds; all others are about what is around it."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a message holds, as far as conditions of content ask: kinds of data, and whether it is about persons."""

    categories: frozenset[str]
    about_persons: bool


def holds(condition: Condition, facts: Facts, instrument: Instrument) -> bool:
    """Whether the facts satisfy the condition of a clause of this instrument."""
    name, words = condition.name, condition.words
    shape = CONDITIONS[name].shape
    if shape is Shape.TRUTH:
        return TRUTHS[name](facts, instrument) is (words[0] == "true")
    if shape is Shape.ONE_OF:
        return (facts.marking if name == "tlp" else getattr(facts, name)) in words
    return _compared(shape, _SETS[name](facts), words)


def holds_of(content: Content, condition: Condition, facts: Facts, instrument: Instrument) -> bool:
    """Whether a condition of content (:data:`OF_CONTENT`) holds of a message that holds ``content`` and nothing else.

    What is around it is as ``facts`` say.
    """
    name, words = condition.name, condition.words
    if name == "personal":
        return content.about_persons is (words[0] == "true")
    if name == "categories_as_requested":
        return _within_request(content.categories, facts, instrument) is (words[0] == "true")
    return _compared(CONDITIONS[name].shape, content.categories, words)


def _compared(shape: Shape, given: frozenset[str], words: tuple[str, ...]) -> bool:
    return given.issubset(words) if shape is Shape.WITHIN else not given.isdisjoint(words)


def failing(clause: Clause, facts: Facts, instrument: Instrument) -> tuple[Condition, ...]:
    """The conditions of the clause that the facts do not satisfy, in its order."""
    return tuple(each for each in clause.when if not holds(each, facts, instrument))


def applies(clause: Clause, facts: Facts, instrument: Instrument) -> bool:
    """Whether the clause binds both sides on the day and every condition of it holds."""
    if not all(holds(each, facts, instrument) for each in clause.when):
        return False
    return clause.id in instrument.binding(facts)


def applying(kinds: tuple[ClauseKind, ...], facts: Facts, instrument: Instrument) -> Iterator[Clause]:
    """The clauses of these kinds that apply, in the order of the instrument; who is bound is worked out once."""
    holding = [
        each
        for each in instrument.clauses
        if each.kind in kinds and all(holds(condition, facts, instrument) for condition in each.when)
    ]
    if holding:
        binding = instrument.binding(facts)
        yield from (each for each in holding if each.id in binding)


def found(name: str, facts: Facts, instrument: Instrument) -> tuple[str, ...]:
    """What the facts say where that condition looks, as words in order."""
    if name in TRUTHS:
        return ("true" if TRUTHS[name](facts, instrument) else "false",)
    if name in _SETS:
        return tuple(sorted(str(each) for each in _SETS[name](facts)))
    return (facts.marking if name == "tlp" else str(getattr(facts, name)),)


def _asked(facts: Facts, instrument: Instrument) -> Request | None:
    """The request, where it is the recipient's, under this instrument, and stands on the day."""
    request = facts.request
    if request is None or request.by != facts.recipient or request.under != instrument.id:
        return None
    return request if request.valid_from <= facts.at <= request.valid_to else None


def _request_given(facts: Facts, instrument: Instrument) -> bool:
    return _asked(facts, instrument) is not None


def _request_written(facts: Facts, instrument: Instrument) -> bool:
    request = _asked(facts, instrument)
    return request is not None and request.written


def _request_complete(facts: Facts, instrument: Instrument) -> bool:
    request = _asked(facts, instrument)
    return request is not None and request.complete


def _purpose_as_requested(facts: Facts, instrument: Instrument) -> bool:
    request = _asked(facts, instrument)
    return request is not None and request.purpose == facts.purpose


def _categories_as_requested(facts: Facts, instrument: Instrument) -> bool:
    return _within_request(facts.categories, facts, instrument)


def _within_request(categories: frozenset[str], facts: Facts, instrument: Instrument) -> bool:
    request = _asked(facts, instrument)
    return request is not None and categories <= request.categories


def _evidence_barred(facts: Facts, _: Instrument) -> bool:
    return "h1" in facts.codes or any(each.evidence_with_consent for each in facts.standing)


def _purpose_within(facts: Facts, _: Instrument) -> bool:
    return all(each.purposes is None or facts.purpose in each.purposes for each in facts.standing)


def _recipient_within(facts: Facts, _: Instrument) -> bool:
    return all(each.recipients is None or facts.recipient in each.recipients for each in facts.standing)


def _kept_too_long(facts: Facts, _: Instrument) -> bool:
    return any(each.until is not None and facts.at > each.until for each in facts.standing)


_SETS: Final[Mapping[str, Callable[[Facts], frozenset[str]]]] = {
    "categories": lambda facts: facts.categories,
    "any_category": lambda facts: facts.categories,
    "any_handling": lambda facts: facts.codes,
    "any_objection": lambda facts: facts.objections,
}
TRUTHS: Final[Mapping[str, Truth]] = {
    "personal": lambda facts, _: facts.about_persons,
    "urgent": lambda facts, _: facts.urgent,
    "request_given": _request_given,
    "request_written": _request_written,
    "request_complete": _request_complete,
    "purpose_as_requested": _purpose_as_requested,
    "categories_as_requested": _categories_as_requested,
    "third_party": lambda facts, _: bool(facts.originators),
    "originator_consent": lambda facts, _: facts.originators <= facts.consenting(),
    "onward_never": lambda facts, _: any(each.onward is Onward.NEVER for each in facts.standing),
    "as_evidence": lambda facts, _: facts.as_evidence,
    "evidence_barred": _evidence_barred,
    "evidence_consent": lambda facts, _: facts.originators <= facts.consenting(evidence=True),
    "purpose_within_caveats": _purpose_within,
    "recipient_within_caveats": _recipient_within,
    "kept_too_long": _kept_too_long,
    "recipient_barred": lambda facts, _: facts.barred,
}
