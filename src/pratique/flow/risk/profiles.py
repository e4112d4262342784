"""Risk profiles: a rule with its sentence, owner, legal basis, points and the control it asks for, read from YAML.

A profile is one flat mapping of names to plain values::

    id: seals.missing
    sentence: "Container {equipment.equipment_id} is declared full and has no seal."
    rule: equipment.exists(e, !e.declared_empty && e.seal_count == 0)
    owner: shipped
    legal_basis: national customs law
    risk_type: security
    points: 10
    valid_from: 2026-01-01
    control: scan

Whether a profile is a draft, active or retired, and who activated it, is kept by the node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Final, TypeVar

from pratique.flow.risk.fields import field_spec, scopes
from pratique.flow.risk.language import Program, RuleError, parse_rule
from pratique.flow.risk.plain_yaml import Faulty, Value, documents
from pratique.flow.risk.prohibited import country_alone, refuse_prohibited
from pratique.flow.risk.render import named_in
from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.reasons import Control, RiskType
from pratique.vocabulary.sentences import sentence as sentence_of

MOST_POINTS: Final = 100
LONGEST_TEXT: Final = 1_000
_ID: Final = "abcdefghijklmnopqrstuvwxyz0123456789_.-"
E_ = TypeVar("E_", RiskType, Control)


class ProfileError(PratiqueError):
    """A profile that cannot be used; ``line`` is the line of its text that is at fault."""

    def __init__(self, code: str, line: int, **params: str | int) -> None:
        told = {"line": line, **params}
        super().__init__(
            code,
            sentence_of(code, told),
            category=Category.REJECTED,
            kept=sentence_of("profiles.kept", {}),
            todo=sentence_of("profiles.todo", {}),
        )
        self.line = line
        self.params = told


@dataclass(frozen=True, slots=True)
class RiskProfile:
    """One profile. ``valid_to`` is the last day on which it counts; None means until it is retired."""

    id: str
    sentence: str
    rule: str
    owner: str
    legal_basis: str
    risk_type: RiskType
    points: int
    valid_from: date
    control: Control
    program: Program
    version: int = 1
    valid_to: date | None = None
    mandatory: bool = False
    source: str = ""
    cautions: tuple[str, ...] = ()
    """Codes of what the second person must weigh before activating it."""

    @property
    def shown_fields(self) -> tuple[str, ...]:
        """The fields that its rule and its sentence name: what a reason carries as parameters and evidence."""
        named = (field.qualified for field in self.program.fields)
        return tuple(dict.fromkeys((*named, *named_in(self.sentence))))

    @property
    def asks_for_hits(self) -> bool:
        """Whether its rule or its sentence names anything of the hits of screening, which are known last."""
        return "hits" in self._scopes

    @property
    def asks_for_hits_alone(self) -> bool:
        """Whether they name nothing else."""
        return self._scopes == {"hits"}

    @property
    def _scopes(self) -> set[str]:
        """The collections that its rule and its sentence look at; empty text stands for the consignment itself."""
        over = {quantifier.collection for quantifier in self.program.quantifiers}
        return over | {name.rpartition(".")[0] for name in self.shown_fields}


def parse_profile(text: str) -> RiskProfile:
    """The profile written in ``text``.

    Raises :class:`ProfileError` for a text that is not exactly one profile and for every faulty name or value, with its
    line; a fault in the rule says its line and column inside the rule.
    """
    found = parse_profiles(text)
    if len(found) != 1:
        raise ProfileError("profiles.not_one", 1, found=len(found))
    return found[0]


def parse_profiles(text: str) -> list[RiskProfile]:
    """All profiles of a text, which stand one after the other between lines of ``---``."""
    try:
        return [_profile(values) for values in documents(text)]
    except Faulty as fault:
        raise ProfileError(fault.code, fault.line, **fault.params) from fault


@cache
def shipped_profiles() -> tuple[RiskProfile, ...]:
    """The risk indicators that come with the package, sorted by id."""
    folder = files("pratique") / "data" / "indicators"
    texts = [file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".yaml")]
    return tuple(sorted((profile for text in texts for profile in parse_profiles(text)), key=lambda one: one.id))


def in_force(profiles: Iterable[RiskProfile], at: datetime) -> tuple[RiskProfile, ...]:
    """Those that count on the day of ``at`` (UTC), in their order."""
    day = at.date()
    return tuple(p for p in profiles if p.valid_from <= day and (p.valid_to is None or day <= p.valid_to))


def _profile(values: dict[str, Value]) -> RiskProfile:
    _check_names(values)
    rule = _text(values["rule"])
    program = _program(values["rule"])
    made = RiskProfile(
        id=_id(values["id"]),
        sentence=_sentence(values["sentence"]),
        rule=rule,
        owner=_text(values["owner"]),
        legal_basis=_text(values["legal_basis"]),
        risk_type=_one_of(values["risk_type"], RiskType),
        points=_integer(values["points"], least=0, most=MOST_POINTS),
        valid_from=_date(values["valid_from"]),
        control=_one_of(values["control"], Control),
        program=program,
        version=_given(values, "version", 1, lambda value: _integer(value, least=1, most=2**31)),
        valid_to=_given(values, "valid_to", None, _date),
        mandatory=_given(values, "mandatory", False, _truth),
        source=_given(values, "source", "", _text),
        cautions=("profiles.country_alone",) if country_alone(program) else (),
    )
    if made.valid_to is not None and made.valid_to < made.valid_from:
        raise ProfileError("profiles.ends_before_start", values["valid_to"].line, found=str(made.valid_to))
    if made.mandatory and made.control is Control.NONE:
        raise ProfileError("profiles.mandatory_without_control", values["mandatory"].line)
    return made


def _check_names(values: dict[str, Value]) -> None:
    taken = [field for field in fields(RiskProfile) if field.name not in ("program", "cautions")]
    known = [field.name for field in taken]
    for name, value in values.items():
        if name not in known:
            raise ProfileError("profiles.unknown_name", value.line, found=name, expected=", ".join(known))
    missing = [field.name for field in taken if field.default is MISSING and field.name not in values]
    if missing:
        line = min((value.line for value in values.values()), default=1)
        raise ProfileError("profiles.missing_name", line, expected=", ".join(missing))


T = TypeVar("T")
D = TypeVar("D")


def _given(values: dict[str, Value], name: str, otherwise: D, read: Callable[[Value], T]) -> T | D:
    return read(values[name]) if name in values else otherwise


def _program(value: Value) -> Program:
    text = _text(value, longest=100_000)
    try:
        refuse_prohibited(text)
        program = parse_rule(text, scopes())
    except RuleError as fault:
        raise ProfileError("profiles.rule_faulty", value.line, rule_code=fault.code, fault=fault.happened) from fault
    if not program.fields:
        raise ProfileError("profiles.no_field", value.line)
    return program


def _id(value: Value) -> str:
    text = _text(value)
    if not set(text) <= set(_ID) or not text[0].isalpha() or len(text) > 80:
        raise _faulty("id", value, "small letters, digits, dots, hyphens and underscores, first a letter")
    return text


def _sentence(value: Value) -> str:
    text = _text(value)
    for name in named_in(text):
        if field_spec(name) is None:
            raise _faulty("sentence", value, f"only fields that exist; there is no field {name}")
    return text


def _text(value: Value, *, longest: int = LONGEST_TEXT) -> str:
    text = value.text.strip()
    if not text or len(text) > longest or not text.replace("\n", " ").isprintable():
        raise _faulty(value.name, value, f"printable text of 1 to {longest} characters")
    return text


def _one_of(value: Value, kind: type[E_]) -> E_:
    if value.text not in tuple(kind):
        raise _faulty(value.name, value, " or ".join(kind))
    return kind(value.text)


def _integer(value: Value, *, least: int, most: int) -> int:
    text = value.text
    if not (text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= most):
        raise _faulty(value.name, value, f"a whole number from {least} to {most}")
    return int(text)


def _date(value: Value) -> date:
    try:
        return date.fromisoformat(value.text) if len(value.text) == 10 else _no_date(value)
    except ValueError:
        return _no_date(value)


def _no_date(value: Value) -> date:
    raise _faulty(value.name, value, "a date such as 2026-01-31")


def _truth(value: Value) -> bool:
    if value.text not in ("true", "false"):
        raise _faulty(value.name, value, "true or false")
    return value.text == "true"


def _faulty(name: str, value: Value, expected: str) -> ProfileError:
    return ProfileError("profiles.faulty_value", value.line, name=name, found=value.text[:80], expected=expected)


def by_id(profiles: Sequence[RiskProfile]) -> tuple[RiskProfile, ...]:
    """The profiles in the order in which reasons list them. Raises ``ValueError`` where two share an id."""
    ordered = tuple(sorted(profiles, key=lambda one: one.id))
    ids = [one.id for one in ordered]
    if len(set(ids)) != len(ids):
        raise ValueError("two profiles share an id: " + ", ".join(sorted({one for one in ids if ids.count(one) > 1})))
    return ordered
