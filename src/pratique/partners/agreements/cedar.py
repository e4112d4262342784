"""Clauses as Cedar policies: one policy for one permission or prohibition, one policy set for one agreement.

A clause of one agreement can so never permit under another, and a decision looks at a handful of policies. What a law
or a marking forbids is appended to every set. The engine's answer counts only where it had no error at all: Cedar
passes over a policy that fails, and a prohibition that fails would be gone.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import cedarpy

from pratique.partners.agreements.engine_facts import context, misshapen, schema
from pratique.partners.agreements.facts import Facts
from pratique.partners.agreements.model import Clause, ClauseKind, Condition, Instrument, InstrumentKind
from pratique.partners.agreements.terms import CONDITIONS, Shape

ENGINE: Final = "cedarpy " + importlib.metadata.version("cedarpy")

_REQUEST: Final = (
    "context.request.given && context.request.by == context.recipient && context.request.under == {under}"
    " && context.request.first <= context.at && context.at <= context.request.last"
)
_TRUTHS: Final[Mapping[str, str]] = {
    "personal": "context.personal",
    "urgent": "context.urgent",
    "request_given": _REQUEST,
    "request_written": _REQUEST + " && context.request.written",
    "request_complete": _REQUEST + " && context.request.complete",
    "purpose_as_requested": _REQUEST + " && context.request.purpose == context.purpose",
    "categories_as_requested": _REQUEST + " && context.request.categories.containsAll(context.categories)",
    "third_party": "!context.caveats.by.isEmpty()",
    "originator_consent": "context.caveats.agreeing.containsAll(context.caveats.by)",
    "onward_never": "context.caveats.never",
    "as_evidence": "context.as_evidence",
    "evidence_barred": 'context.caveats.no_evidence || context.handling.contains("h1")',
    "evidence_consent": "context.caveats.evidence_agreeing.containsAll(context.caveats.by)",
    "purpose_within_caveats": "!context.caveats.limits_purposes || context.caveats.purposes.contains(context.purpose)",
    "recipient_within_caveats": (
        "!context.caveats.limits_recipients || context.caveats.recipients.contains(context.recipient)"
    ),
    "recipient_barred": "context.barred",
    "kept_too_long": "context.at > context.caveats.last",
}
_SETS: Final = {
    "categories": "categories",
    "any_category": "categories",
    "any_handling": "handling",
    "any_objection": "objections",
}


class NotCompiled(ValueError):
    """The engine does not take a policy; ``errors`` are its words."""

    def __init__(self, errors: Iterable[str]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(self.errors))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine said: allowed or not, the clauses that determined it as ``agreement/clause``, and its errors."""

    allowed: bool
    determining: tuple[str, ...]
    errors: tuple[str, ...]


@cache
def _no_entities() -> cedarpy.Entities:
    return cedarpy.Entities.from_json_str("[]", schema())


def policies(instrument: Instrument, always: Iterable[Instrument] = ()) -> str:
    """The Cedar text of the instrument, with the prohibitions of ``always`` behind it."""
    own = [_policy(each, instrument) for each in instrument.clauses if each.kind in _EFFECTS]
    appended = [_policy(each, law) for law in always for each in law.clauses if each.kind is ClauseKind.FORBID]
    return "\n".join(own + appended)


def compiled(text: str) -> cedarpy.PolicySet:
    """The policies, checked against the schema. Raises :class:`NotCompiled`."""
    try:
        checked = cedarpy.validate_policies(text, schema())
        if not checked.validation_passed:
            raise NotCompiled(str(each) for each in checked.errors)
        return cedarpy.PolicySet.from_str(text)
    except ValueError as fault:
        raise fault if isinstance(fault, NotCompiled) else NotCompiled([str(fault)]) from fault


def asked(facts: Facts, instrument: Instrument, policy_set: cedarpy.PolicySet) -> Answer:
    """The engine's answer. Whatever goes wrong inside it is an error of the answer, never an exception.

    That the facts are of the schema's shape is checked here, since the engine needs longer for it than to decide.
    """
    try:
        asking = _asking(facts, instrument)
        faults = misshapen(asking["context"])
        if faults:
            return Answer(False, (), faults)
        told = cedarpy.is_authorized(asking, policy_set, _no_entities())
    except Exception as fault:  # the engine is foreign code, and nothing is disclosed on its failure
        return Answer(False, (), (f"{type(fault).__name__}: {fault}",))
    said = told.diagnostics
    errors = tuple(said.errors)
    if told.decision is cedarpy.Decision.NoDecision and not errors:
        errors = ("no decision",)
    names = said.id_annotations_by_reason
    determining = tuple(sorted(names.get(each, each) for each in said.reasons))
    return Answer(told.allowed, determining, errors)


def _asking(facts: Facts, instrument: Instrument) -> dict[str, Any]:
    return {
        "principal": {"type": "Administration", "id": facts.sender},
        "action": {"type": "Action", "id": "disclose"},
        "resource": {"type": "Disclosure", "id": "disclosure"},
        "context": context(facts, instrument),
    }


_EFFECTS: Final = {ClauseKind.PERMIT: "permit", ClauseKind.FORBID: "forbid"}


def _policy(clause: Clause, instrument: Instrument) -> str:
    """One clause. A law binds its own side alone, so its policies do not ask who is bound."""
    duties = " ".join(each.kind for each in clause.duties)
    annotations = {"id": f"{instrument.id}/{clause.id}", "cite": clause.article, "obligations": duties}
    if clause.text_sha256 is not None:
        annotations["texthash"] = clause.text_sha256
    noted = " ".join(f"@{name}({_string(value)})" for name, value in annotations.items())
    conditions = [f"({_condition(each, instrument)})" for each in clause.when]
    return (
        f'{noted}\n{_EFFECTS[clause.kind]} (principal, action == Action::"disclose", resource) when {{\n'
        f"  {' && '.join([*_bound(clause, instrument), *conditions]) or 'true'}\n}};\n"
    )


def _bound(clause: Clause, instrument: Instrument) -> list[str]:
    if instrument.kind is InstrumentKind.LAW:
        return []
    return [f"context.binding.contains({_string(clause.id)})"]


def _condition(condition: Condition, instrument: Instrument) -> str:
    shape = CONDITIONS[condition.name].shape
    if shape is Shape.TRUTH:
        told = _TRUTHS[condition.name].replace("{under}", _string(instrument.id))
        return told if condition.words == ("true",) else f"!({told})"
    words = f"[{', '.join(_string(each) for each in condition.words)}]"
    if shape is Shape.ONE_OF:
        return f"{words}.contains(context.{condition.name})"
    test = "containsAll" if shape is Shape.WITHIN else "containsAny"
    return f"{words}.{test}(context.{_SETS[condition.name]})"


def _string(value: str) -> str:
    """A Cedar string literal; the loader has let through printable characters alone."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
