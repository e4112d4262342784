"""The table that says who may do what, read and judged: pure, deny by default.

``data/access/policy.yaml`` has one line for every command and query, under the slice it belongs to. A line that cannot
be understood makes the whole table unreadable, and an unreadable table refuses everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import yaml

from pratique.node.access.actor import VISITOR, Actor
from pratique.node.access.roles import known_roles
from pratique.node.errors import refuse
from pratique.vocabulary.errors import Category

if TYPE_CHECKING:
    from yaml import SafeLoader as Loader
else:
    Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same safe loader in C, several times quicker

ANYBODY: Final = "anybody"  # also who has not signed in
OFFICER: Final = "officer"  # whoever has signed in, in any role
NOBODY: Final = "nobody"  # the local operator alone
PARTNER: Final = "partner"  # the program of a partner, at its door
KINDS: Final = {"ask": "read", "do": "write"}
CONDITIONS: Final = ("own_office", "office_of_order", "other_person", "not_self", "strong_above_line", "whole_sign_in")


@dataclass(frozen=True, slots=True)
class Persons:
    """Person data that a request shows: ``of`` is the field that names whose, ``count`` the part that holds the rows.

    ``of`` empty means the request as a whole; ``count`` empty means one.
    """

    of: str = ""
    count: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: who may, and what must hold besides."""

    request: str
    section: str
    kind: str
    may: frozenset[str]
    strong: bool = False
    persons: Persons | None = None
    conditions: tuple[str, ...] = ()
    emergency: bool = False
    by_token: bool = True

    @property
    def scope(self) -> str:
        """What a token must be allowed: the slice, read or write."""
        return f"{self.section}:{KINDS[self.kind]}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``refusal`` is the code of the rule that was not met, empty where the request may go on."""

    refusal: str = ""
    condition: str = ""

    @property
    def allowed(self) -> bool:
        """Nothing stands against it."""
        return not self.refusal


ALLOWED: Final = Verdict()


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole table, by the name of the request."""

    lines: Mapping[str, Line]

    def judge(self, actor: Actor, request: str, *, now: datetime, holds: Callable[[str], bool]) -> Verdict:
        """Whether the actor may: every requirement must be met, and no role outweighs one that is not.

        ``holds`` says whether a condition of the line holds for this request.
        """
        if actor.is_local:
            return ALLOWED
        line = self.lines.get(request)
        if line is None:
            return Verdict("access.no_line")
        if ANYBODY in line.may:
            return ALLOWED
        if actor == VISITOR:
            return Verdict("access.signed_out")
        if actor.is_partner and PARTNER in line.may:
            return ALLOWED
        if actor.login is None or not _has_role(line, actor):
            return Verdict("access.no_role")
        if actor.scopes is not None and not (line.by_token and line.scope in actor.scopes):
            return Verdict("access.no_scope")
        if line.persons is not None and not actor.purpose:
            return Verdict("access.no_purpose")
        if line.strong and (actor.strong_until is None or actor.strong_until <= now):
            return Verdict("access.step_up")
        failing = next((each for each in line.conditions if not holds(each)), None)
        return Verdict(f"access.{failing}", failing) if failing else ALLOWED

    def opens_to(self, actor: Actor, request: str) -> bool:
        """Whether a role of the actor has the line, or the actor took the right in an emergency, whatever else it asks.

        It is what a page offers at all.
        """
        line = self.lines.get(request)
        if actor.is_local or emergency_of(actor)[1] == request:
            return True
        return line is not None and (ANYBODY in line.may or _has_role(line, actor))

    def scopes(self) -> frozenset[str]:
        """Every scope that a token can have."""
        return frozenset(line.scope for line in self.lines.values() if line.by_token and ANYBODY not in line.may)


def emergency_of(actor: Actor) -> tuple[str, str]:
    """The id of the right taken beyond the table and the request it is for; both empty where there is none."""
    right, _, request = (actor.break_glass or "").partition(":")
    return (right, request) if right and request else ("", "")


@cache
def shipped_policy() -> Policy:
    """The table of this version. Raises ``MISCONFIGURED`` where it cannot be understood."""
    return parse_policy((files("pratique") / "data" / "access" / "policy.yaml").read_text(encoding="utf-8"))


def parse_policy(text: str) -> Policy:
    """The table in ``text``. Raises ``MISCONFIGURED`` with the first thing that cannot be understood."""
    try:
        content = yaml.load(text, Loader=_OneLinePerName)  # noqa: S506 - a safe loader that also refuses repeated names
    except yaml.YAMLError as error:
        raise _broken(str(error).splitlines()[0]) from error
    if not isinstance(content, dict) or not content:
        raise _broken("it is no table")
    lines: dict[str, Line] = {}
    for section, parts in content.items():
        for line in _section(str(section), parts):
            if line.request in lines:
                raise _broken(f"{line.request} has two lines")
            lines[line.request] = line
    return Policy(lines)


def _has_role(line: Line, actor: Actor) -> bool:
    if OFFICER in line.may or line.may & actor.roles & known_roles().keys():
        return True
    return line.emergency and emergency_of(actor)[1] == line.request


def _section(section: str, parts: object) -> list[Line]:
    given = _only(parts, {*KINDS, "tokens"}, section)
    if given.get("tokens", True) not in (True, "never"):
        raise _broken(f"{section}: tokens")
    by_token = given.get("tokens") != "never"
    return [
        _line(str(request), section, kind, rest, by_token=by_token)
        for kind in KINDS
        for request, rest in _only(given.get(kind, {}), None, section).items()
    ]


def _line(request: str, section: str, kind: str, rest: object, *, by_token: bool) -> Line:
    given = _only(rest, {"may", "strong", "persons", "if", "emergency"}, request)
    may = given.get("may")
    wanted = [may] if isinstance(may, str) else may
    words = {ANYBODY, OFFICER, NOBODY}
    known = {*words, PARTNER, *known_roles()}
    if not isinstance(wanted, list) or not wanted or not all(each in known for each in wanted):
        raise _broken(f"{request}: may")
    if words & set(wanted) and len(wanted) > 1:
        raise _broken(f"{request}: may")
    for flag in ("strong", "emergency"):
        if not isinstance(given.get(flag, False), bool):
            raise _broken(f"{request}: {flag}")
    conditions = given.get("if", [])
    if not isinstance(conditions, list) or not all(each in CONDITIONS for each in conditions):
        raise _broken(f"{request}: if")
    return Line(
        request,
        section,
        kind,
        frozenset(wanted),
        strong=given.get("strong", False),
        persons=_persons(request, given["persons"]) if "persons" in given else None,
        conditions=tuple(conditions),
        emergency=given.get("emergency", False),
        by_token=by_token,
    )


def _persons(request: str, given: object) -> Persons:
    parts = _only(given, {"of", "count"}, request)
    if not all(isinstance(each, str) for each in parts.values()):
        raise _broken(f"{request}: persons")
    return Persons(**parts)


def _only(given: object, known: set[str] | None, where: str) -> dict[str, Any]:
    if not isinstance(given, dict) or not all(isinstance(name, str) for name in given):
        raise _broken(where)
    unknown = set() if known is None else given.keys() - known
    if unknown:
        raise _broken(f"{where}: {min(unknown)}")
    return given


def _broken(what: str) -> Exception:
    return refuse("access.policy_broken", Category.MISCONFIGURED, what=what)


class _OneLinePerName(Loader):
    """Refuses a name that comes twice, of which YAML would keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [self.construct_object(name, deep=True) for name, _ in node.value]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise yaml.constructor.ConstructorError(None, None, f"{twice} comes twice", node.start_mark)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping
