"""What of a message may leave: each field by its category, then what remains is decided again.

A field stays here where a prohibition names its kind, where the clause relied on does not cover it, or where a duty
says to leave it out; each with its article. The last word has the decision on what remains.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from pratique.partners.agreements.decide import Cited, Decision, Gate, Prohibition, decide
from pratique.partners.agreements.duties import withheld_by
from pratique.partners.agreements.facts import Facts
from pratique.partners.agreements.interpret import OF_CONTENT, Content, holds, holds_of
from pratique.partners.agreements.model import Clause, ClauseKind, Instrument
from pratique.vocabulary.data_categories import data_category

EMPTY: Final = Content(frozenset(), about_persons=False)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a message as the gate sees it: its name and what kind of data it holds, never its value."""

    name: str
    category: str
    personal: bool = False

    @property
    def about_person(self) -> bool:
        """Said so, or of a category that always is."""
        return self.personal or data_category(self.category).personal


class Why(StrEnum):
    """Why a field stays here."""

    FORBIDDEN = "forbidden"
    NOT_COVERED = "not_covered"
    DUTY = "duty"


@dataclass(frozen=True, slots=True)
class Withheld:
    """A field that stays, why, the clause that says so, and the condition that it fails (empty where none does)."""

    field: Field
    why: Why
    cited: Cited
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What came of it: the decision on the fields in ``sent``, the facts that were decided, and what stays."""

    decision: Decision
    sent: tuple[Field, ...]
    withheld: tuple[Withheld, ...]
    facts: Facts


def redact(fields: Sequence[Field], facts: Facts, *, gate: Gate, clause: str) -> Disclosure:
    """Withholds what ``clause`` does not permit and decides on the rest.

    Where nothing remains, or the clause is none, the decision is on everything: the refusal that explains itself. A
    message without fields holds what ``facts`` say.
    Raises ``ValueError`` for a field of no known category.
    """
    named = gate.instrument.clause(clause)
    if named is None or named.kind is not ClauseKind.PERMIT:
        return _whole(fields, facts, gate, clause)
    around = _Around(facts, gate, named)
    alike: dict[tuple[str, bool], Withheld | None] = {}
    withheld: dict[str, Withheld] = {}
    for each in fields:
        kind = (each.category, each.about_person)
        if kind not in alike:
            alike[kind] = around.stays(each)
        stays = alike[kind]
        if stays is not None:
            withheld[each.name] = replace(stays, field=each)
    sent = [each for each in fields if each.name not in withheld]
    remaining = facts_of(sent, facts)
    by_duty = {each.field.name: each for each in _left_out_by_duty(sent, remaining, gate, named)}
    if by_duty:
        withheld |= by_duty
        sent = [each for each in sent if each.name not in by_duty]
        remaining = facts_of(sent, facts)
    if not sent:
        return _whole(fields, facts, gate, clause, tuple(withheld.values()))
    kept_back = tuple(withheld[each.name] for each in fields if each.name in withheld)
    return Disclosure(decide(remaining, gate=gate, clause=clause), tuple(sent), kept_back, remaining)


def facts_of(fields: Iterable[Field], facts: Facts) -> Facts:
    """The facts of a message that holds these fields and no others."""
    held = tuple(fields)
    return replace(
        facts,
        categories=frozenset(each.category for each in held),
        personal=any(each.about_person for each in held),
    )


def _whole(
    fields: Sequence[Field], facts: Facts, gate: Gate, clause: str, withheld: tuple[Withheld, ...] = ()
) -> Disclosure:
    decided = facts_of(fields, facts) if fields else facts
    decision = decide(decided, gate=gate, clause=clause)
    return Disclosure(decision, () if withheld else tuple(fields), withheld, decided)


class _Around:
    """What is around a message, looked at once: which prohibitions and conditions are left for its fields to decide.

    A clause that asks nothing about fields says the same of each, so that no field alone makes the difference.
    """

    def __init__(self, facts: Facts, gate: Gate, clause: Clause) -> None:
        self._facts = facts
        self._own = gate.instrument
        self._clause = clause
        asking = (each for each in clause.when if each.name in OF_CONTENT)
        self._covering = [each for each in asking if holds_of(EMPTY, each, facts, gate.instrument)]
        self._forbidding = [each for each in gate.of_content if self._left_open(each)]

    def stays(self, field: Field) -> Withheld | None:
        """Why this field alone would make the difference between yes and no; ``None`` where it would not."""
        alone = Content(frozenset((field.category,)), field.about_person)
        for each in self._forbidding:
            if self._all_hold(alone, each):
                return Withheld(field, Why.FORBIDDEN, _cited(each.clause, each.instrument))
        for condition in self._covering:
            if not holds_of(alone, condition, self._facts, self._own):
                return Withheld(field, Why.NOT_COVERED, _cited(self._clause, self._own), condition.name)
        return None

    def _left_open(self, forbids: Prohibition) -> bool:
        """The prohibition does not hold of a message without fields, and nothing but its fields can change that."""
        facts, instrument = self._facts, self._today(forbids)
        if not all(holds(each, facts, instrument) for each in forbids.around):
            return False
        return not self._all_hold(EMPTY, forbids) and forbids.clause.id in instrument.binding(facts)

    def _all_hold(self, content: Content, forbids: Prohibition) -> bool:
        instrument = self._today(forbids)
        return all(holds_of(content, each, self._facts, instrument) for each in forbids.of_content)

    def _today(self, forbids: Prohibition) -> Instrument:
        """The instrument of the prohibition; the own one with the parties that it binds now, not as it was compiled."""
        return self._own if forbids.instrument.id == self._own.id else forbids.instrument


def _left_out_by_duty(fields: Sequence[Field], facts: Facts, gate: Gate, clause: Clause) -> list[Withheld]:
    by_clause = withheld_by(facts, gate.instrument, clause, always=gate.always)
    left_out = (each for each in fields if each.category in by_clause)
    return [Withheld(each, Why.DUTY, gate.cited(by_clause[each.category])) for each in left_out]


def _cited(clause: Clause, instrument: Instrument) -> Cited:
    return Cited(instrument.id, clause.id, clause.article, instrument.verified and clause.verified)
