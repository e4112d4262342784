"""Instruments read from YAML; whatever is not exactly as it should be is refused with its line.

An instrument is one mapping; ``docs/agreements.md`` explains every name. What a clause asks, what it obliges to and
what its examples say are words of the closed vocabulary (:mod:`~pratique.partners.agreements.terms`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Final, TypeVar

from pratique.partners.agreements.canonical import digest
from pratique.partners.agreements.duties import OBLIGATIONS, Takes
from pratique.partners.agreements.errors import AgreementError, FactsError
from pratique.partners.agreements.facts import Facts
from pratique.partners.agreements.facts_data import ID, facts_from, party_from
from pratique.partners.agreements.model import (
    Clause,
    ClauseKind,
    Condition,
    Example,
    Instrument,
    InstrumentKind,
    Obligation,
    Party,
)
from pratique.partners.agreements.nested_yaml import Listed, Named, Node, Plain, read
from pratique.partners.agreements.terms import CONDITIONS, EUROPOL, ONLY_TO_FORBID, TLP, Purpose, Shape

LONGEST_TEXT: Final = 1_000
MOST_CLAUSES: Final = 200
MOST_EXAMPLES: Final = 20  # of one clause: each is decided when the file loads
MOST_DAYS: Final = 36_525
_SHA256: Final = re.compile("[0-9a-f]{64}")
_TOP: Final = {
    "id": True,
    "title": True,
    "version": True,
    "kind": True,
    "languages": True,
    "source": True,
    "text_sha256": True,
    "verified": True,
    "parties": True,
    "example": True,
    "clauses": True,
}
_CLAUSE: Final = {
    "id": True,
    "article": True,
    "kind": True,
    "says": True,
    "when": True,
    "duties": False,
    "examples": True,
    "verified": True,
    "text_sha256": False,
    "annex": False,
    "limits": False,
}
_PERMITS_OR_FORBIDS: Final = (ClauseKind.PERMIT, ClauseKind.FORBID)
E_ = TypeVar("E_", bound=StrEnum)
T = TypeVar("T")


def parse_instrument(text: str) -> Instrument:
    """The instrument written in ``text``, its examples not yet run. Raises :class:`AgreementError`."""
    top = _named(read(text), "the file")
    _check_names(top, _TOP)
    fields, instrument_id = top.items, _id(top.items["id"], "id")
    kind = _kind(fields["kind"], InstrumentKind, "kind")
    base = _plain(_named(fields["example"], "example"))
    clauses = tuple(_clause(each, kind, base, instrument_id) for each in _some(fields["clauses"], "clauses"))
    _check_ids(clauses, fields["clauses"])
    return Instrument(
        id=instrument_id,
        title=_text(fields["title"], "title"),
        version=_number(fields["version"], "version", most=10_000),
        kind=kind,
        languages=tuple(_text(each, "languages") for each in _listed(fields["languages"], "languages").items),
        source=_text(fields["source"], "source"),
        text_sha256=_sha256(fields["text_sha256"]),
        verified=_truth(fields["verified"], "verified"),
        parties=tuple(_party(each) for each in _listed(fields["parties"], "parties").items),
        clauses=clauses,
        sha256=digest(text.encode()),
    )


def _clause(node: Node, of: InstrumentKind, base: Mapping[str, object], instrument_id: str) -> Clause:
    named = _named(node, "a clause")
    _check_names(named, _CLAUSE)
    fields = named.items
    kind = _kind(fields["kind"], ClauseKind, "kind")
    if of is InstrumentKind.LAW and kind is ClauseKind.PERMIT:
        raise AgreementError("agreements.law_permits", fields["kind"].line)
    if kind is ClauseKind.FORBID and "duties" in fields:
        raise AgreementError("agreements.forbid_obliges", fields["duties"].line)
    return Clause(
        id=_id(fields["id"], "id"),
        article=_text(fields["article"], "article"),
        kind=kind,
        says=_text(fields["says"], "says"),
        when=_conditions(fields["when"], kind),
        duties=_given(fields, "duties", (), _duties),
        examples=_examples(fields["examples"], kind, base, instrument_id),
        verified=_truth(fields["verified"], "verified"),
        text_sha256=_given(fields, "text_sha256", None, _sha256),
        annex=_given(fields, "annex", None, lambda each: _id(each, "annex")),
        limits=_given(fields, "limits", "", lambda each: _text(each, "limits")),
    )


def _conditions(node: Node, kind: ClauseKind) -> tuple[Condition, ...]:
    named = _named(node, "when")
    if not named.items and kind in _PERMITS_OR_FORBIDS:
        raise AgreementError("agreements.no_condition", node.line)
    return tuple(_condition(name, value, kind) for name, value in named.items.items())


def _condition(name: str, node: Node, kind: ClauseKind) -> Condition:
    known = CONDITIONS.get(name)
    if known is None:
        raise AgreementError("agreements.unknown_name", node.line, found=name[:80], expected=", ".join(CONDITIONS))
    words = tuple(_word(each, name, known.words) for each in _words(node, name))
    if known.shape is Shape.TRUTH and len(words) != 1:
        raise _faulty(name, node, "true or false")
    if kind is ClauseKind.PERMIT and (name, words[0]) in ONLY_TO_FORBID:
        raise AgreementError("agreements.permits_without_consent", node.line, name=name)
    return Condition(name, words)


def _duties(node: Node) -> tuple[Obligation, ...]:
    return tuple(_duty(each) for each in _listed(node, "duties").items)


def _duty(node: Node) -> Obligation:
    """``protect_equally``, or a name with what it takes: ``retain_days: 1095``."""
    if isinstance(node, Plain):
        return Obligation(_duty_name(node.text, node, Takes.NOTHING))
    named = _named(node, "a duty")
    if len(named.items) != 1:
        raise _faulty("duties", node, "one duty")
    ((name, value),) = named.items.items()
    if OBLIGATIONS.get(name) is Takes.DAYS:
        return Obligation(name, days=_number(value, name, most=MOST_DAYS))
    _duty_name(name, value, *_WORDS)
    return Obligation(name, tuple(_word(each, name, _WORDS[OBLIGATIONS[name]]) for each in _words(value, name)))


_WORDS: Final[Mapping[Takes, tuple[str, ...]]] = {
    Takes.CATEGORIES: CONDITIONS["categories"].words,
    Takes.PURPOSES: tuple(Purpose),
    Takes.MARKS: (*TLP, *EUROPOL),
}


def _duty_name(name: str, node: Node, *takes: Takes) -> str:
    if OBLIGATIONS.get(name) not in takes:
        expected = ", ".join(each for each, taken in OBLIGATIONS.items() if taken in takes)
        raise AgreementError("agreements.unknown_name", node.line, found=name[:80], expected=expected)
    return name


def _examples(node: Node, kind: ClauseKind, base: Mapping[str, object], instrument_id: str) -> tuple[Example, ...]:
    """At least one that the clause takes and one that it does not."""
    signs = ("allowed", "refused") if kind in _PERMITS_OR_FORBIDS else ("applies", "does_not_apply")
    hits = "refused" if kind is ClauseKind.FORBID else signs[0]
    nodes = _some(node, "examples")
    if len(nodes) > MOST_EXAMPLES:
        raise _faulty("examples", node, f"at most {MOST_EXAMPLES}")
    made = tuple(_example(each, signs, hits, base, instrument_id) for each in nodes)
    if {each.yes for each in made} != {True, False}:
        raise AgreementError("agreements.examples_missing", node.line, expected=" and ".join(signs))
    return made


def _example(node: Node, signs: tuple[str, str], hits: str, base: Mapping[str, object], instrument_id: str) -> Example:
    named = _named(node, "an example")
    said = [each for each in named.items if each in signs]
    others = set(named.items) - {*signs, "with"}
    if len(said) != 1 or others or "with" not in named.items:
        raise _faulty("examples", node, f"{' or '.join(signs)} with a sentence, and the facts under with")
    facts = _facts(base, _named(named.items["with"], "with"), instrument_id)
    return Example(said[0] == hits, _text(named.items[said[0]], said[0]), facts, named.line)


def _facts(base: Mapping[str, object], changed: Named, instrument_id: str) -> Facts:
    """The facts that all examples start from, with what is different here; a request is completed likewise."""
    given = {**base, **_plain(changed)}
    request, usual = given.get("request"), base.get("request")
    if isinstance(request, dict):
        before = usual if isinstance(usual, dict) else {}
        given["request"] = {"under": instrument_id, **before, **request}
    try:
        return facts_from(given)
    except FactsError as fault:
        raise AgreementError("agreements.example_faulty", changed.line, fault=fault.happened) from fault


def _party(node: Node) -> Party:
    try:
        return party_from(_plain(_named(node, "a party")))
    except FactsError as fault:
        raise AgreementError("agreements.example_faulty", node.line, fault=fault.happened) from fault


def _check_ids(clauses: Iterable[Clause], node: Node) -> None:
    seen: set[str] = set()
    for number, each in enumerate(clauses):
        if each.id in seen:
            line = _listed(node, "clauses").items[number].line
            raise AgreementError("agreements.name_twice", line, found=each.id)
        seen.add(each.id)


def _check_names(named: Named, known: Mapping[str, bool]) -> None:
    for name, value in named.items.items():
        if name not in known:
            expected = ", ".join(known)
            raise AgreementError("agreements.unknown_name", value.line, found=name[:80], expected=expected)
    missing = [name for name, needed in known.items() if needed and name not in named.items]
    if missing:
        raise AgreementError("agreements.missing_name", named.line, expected=", ".join(missing))


def _given(fields: Mapping[str, Node], name: str, otherwise: T, take: Callable[[Node], T]) -> T:
    return take(fields[name]) if name in fields else otherwise


def _named(node: Node, name: str) -> Named:
    if not isinstance(node, Named):
        raise _faulty(name, node, "names with values")
    return node


def _listed(node: Node, name: str) -> Listed:
    if not isinstance(node, Listed) or len(node.items) > MOST_CLAUSES:
        raise _faulty(name, node, f"a list of at most {MOST_CLAUSES}")
    return node


def _some(node: Node, name: str) -> tuple[Node, ...]:
    listed = _listed(node, name)
    if not listed.items:
        raise _faulty(name, node, "at least one")
    return listed.items


def _words(node: Node, name: str) -> tuple[Plain, ...]:
    """One value, or a list of them."""
    nodes = (node,) if isinstance(node, Plain) else _some(node, name)
    plain = tuple(each for each in nodes if isinstance(each, Plain))
    if len(plain) != len(nodes):
        raise _faulty(name, node, "plain words")
    return plain


def _word(node: Plain, name: str, known: tuple[str, ...]) -> str:
    if node.text not in known:
        raise _faulty(name, node, ", ".join(known))
    return next(each for each in known if each == node.text)


def _plain(node: Node) -> dict[str, object]:
    """The values under their names, as facts are read."""
    return {name: _value(each) for name, each in _named(node, "facts").items.items()}


def _value(node: Node) -> object:
    if isinstance(node, Named):
        return _plain(node)
    if isinstance(node, Listed):
        return [_value(each) for each in node.items]
    return {"true": True, "false": False, "null": None}.get(node.text, node.text)


def _text(node: Node, name: str) -> str:
    text = " ".join(node.text.split()) if isinstance(node, Plain) else ""
    if not text or len(text) > LONGEST_TEXT or not text.isprintable():
        raise _faulty(name, node, f"printable text of 1 to {LONGEST_TEXT} characters")
    return text


def _id(node: Node, name: str) -> str:
    if not isinstance(node, Plain) or not ID.fullmatch(node.text):
        raise _faulty(name, node, "small letters, digits, dots, hyphens and underscores, at most 80")
    return node.text


def _kind(node: Node, kinds: type[E_], name: str) -> E_:
    if not isinstance(node, Plain) or node.text not in tuple(kinds):
        raise _faulty(name, node, ", ".join(kinds))
    return kinds(node.text)


def _number(node: Node, name: str, *, most: int) -> int:
    text = node.text if isinstance(node, Plain) else ""
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):
        raise _faulty(name, node, f"a whole number from 1 to {most}")
    return int(text)


def _truth(node: Node, name: str) -> bool:
    if not isinstance(node, Plain) or node.text not in ("true", "false"):
        raise _faulty(name, node, "true or false")
    return node.text == "true"


def _sha256(node: Node) -> str | None:
    text = node.text if isinstance(node, Plain) else ""
    if text != "null" and not _SHA256.fullmatch(text):
        raise _faulty("text_sha256", node, "a SHA-256 in hexadecimal, or null")
    return None if text == "null" else text


def _faulty(name: str, node: Node, expected: str) -> AgreementError:
    found = node.text[:80] if isinstance(node, Plain) else "a list" if isinstance(node, Listed) else "names"
    return AgreementError("agreements.faulty_value", node.line, name=name, found=found, expected=expected)
