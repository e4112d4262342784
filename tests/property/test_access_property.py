"""The table of rights, whatever the actor, the request and the table: deny by default, and deny wins."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.node import Actor, handlers
from pratique.node.access import VISITOR
from pratique.node.access.matrix import matrix, matrix_as_text
from pratique.node.access.policy import ANYBODY, Policy, parse_policy, shipped_policy
from pratique.node.access.roles import known_roles
from pratique.node.acts import Command, Query
from pratique.node.conditions import FIRST_PERSONS, LOOKS
from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.sentences import known_codes

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)
ROLES = st.frozensets(st.sampled_from(sorted(known_roles())), max_size=5)
REQUESTS = st.sampled_from(sorted(shipped_policy().lines))
SCOPES = st.none() | st.frozensets(st.sampled_from(sorted(shipped_policy().scopes())), max_size=6)
MOMENTS = st.none() | st.integers(-600, 600).map(lambda seconds: NOW + timedelta(seconds=seconds))
TAKEN = st.none() | REQUESTS.map(lambda request: f"right:{request}")
ACTORS = st.builds(
    Actor,
    name=st.just("officer:ines"),
    roles=ROLES,
    office=st.none() | st.just("KEMBA-1"),
    purpose=st.none() | st.just("cargo_risk_analysis"),
    scopes=SCOPES,
    strong_until=MOMENTS,
    break_glass=TAKEN,
)


def requests_of_the_code() -> dict[str, type]:
    """Every command and query class, by name; a dataclass with slots replaces the class that it was made from."""
    found: dict[str, type] = {}
    for module in pkgutil.iter_modules(handlers.__path__, handlers.__name__ + "."):
        loaded = importlib.import_module(module.name)
        for kind in vars(loaded).values():
            if isinstance(kind, type) and issubclass(kind, Command | Query) and kind.__module__ == module.name:
                found[kind.__name__] = kind
    return found


def allowed(actor: Actor, request: str, *, holds: bool = True, policy: Policy | None = None) -> bool:
    return (policy or shipped_policy()).judge(actor, request, now=NOW, holds=lambda _: holds).allowed


def test_every_request_has_a_line_in_the_slice_it_belongs_to_and_every_line_a_request() -> None:
    code = {
        name: (kind.__module__.rsplit(".", 1)[1], "do" if issubclass(kind, Command) else "ask")
        for name, kind in requests_of_the_code().items()
    }
    table = {line.request: (line.section, line.kind) for line in shipped_policy().lines.values()}
    assert table == code


@given(actor=ACTORS, request=st.text(max_size=30).filter(lambda name: name not in shipped_policy().lines))
def test_request_without_a_line_is_refused_whoever_asks(actor: Actor, request: str) -> None:
    assert not allowed(actor, request)


@given(actor=ACTORS, request=REQUESTS, lost=ROLES, holds=st.booleans())
def test_nobody_gets_more_by_losing_a_role(actor: Actor, request: str, lost: frozenset[str], holds: bool) -> None:
    less = replace(actor, roles=actor.roles - lost)
    assert not allowed(less, request, holds=holds) or allowed(actor, request, holds=holds)


@given(actor=ACTORS, request=REQUESTS, holds=st.booleans())
def test_nobody_gets_more_by_losing_purpose_step_up_scope_or_a_taken_right(
    actor: Actor, request: str, holds: bool
) -> None:
    if not allowed(actor, request, holds=holds):
        for lost in (
            {"purpose": None},
            {"strong_until": None},
            {"break_glass": None},
            {"scopes": frozenset[str]()},
            {"roles": frozenset[str]()},
        ):
            assert not allowed(replace(actor, **lost), request, holds=holds)  # type: ignore[arg-type]


@given(actor=ACTORS, request=REQUESTS)
def test_deny_wins_one_requirement_that_is_not_met_refuses_in_every_role(actor: Actor, request: str) -> None:
    line = shipped_policy().lines[request]
    everything = replace(actor, roles=frozenset(known_roles()))
    if ANYBODY in line.may:
        return
    if line.conditions:
        assert not allowed(everything, request, holds=False)
    if line.persons is not None:
        assert not allowed(replace(everything, purpose=None), request)
    if line.strong:
        assert not allowed(replace(everything, strong_until=NOW), request)
    if everything.scopes is not None and line.scope not in everything.scopes:
        assert not allowed(everything, request)


@given(actor=ACTORS, request=REQUESTS)
def test_right_taken_beyond_the_table_gives_that_request_alone_and_only_where_the_line_permits(
    actor: Actor, request: str
) -> None:
    line = shipped_policy().lines[request]
    more = allowed(actor, request) and not allowed(replace(actor, break_glass=None), request)
    assert not more or (line.emergency and actor.break_glass == f"right:{request}")


@given(request=REQUESTS, unknown=st.frozensets(st.text(max_size=12), max_size=4))
def test_unknown_roles_give_nothing(request: str, unknown: frozenset[str]) -> None:
    actor = Actor("officer:ines", roles=unknown - known_roles().keys(), purpose="x", strong_until=NOW + timedelta(1))
    line = shipped_policy().lines[request]
    assert allowed(actor, request) == bool(line.may & {"anybody", "officer"})


@given(request=REQUESTS)
def test_who_has_not_signed_in_gets_only_what_is_for_anybody(request: str) -> None:
    assert allowed(VISITOR, request) == (ANYBODY in shipped_policy().lines[request].may)


@given(text=st.text(max_size=200))
def test_table_that_cannot_be_read_refuses_to_be_a_table(text: str) -> None:
    with pytest.raises(PratiqueError) as error:
        parse_policy(f"{text}\nqueue: []\n")
    assert (error.value.code, error.value.category) == ("access.policy_broken", Category.MISCONFIGURED)


@pytest.mark.parametrize(
    "line",
    [
        "{may: [targeting, emperor]}",
        "{may: []}",
        "{may: [anybody, targeting]}",
        "{}",
        "{may: officer, storng: true}",
        "{may: officer, strong: 1}",
        "{may: officer, if: [full_moon]}",
        "{may: officer, if: own_office}",
        "{may: officer, persons: {whose: run}}",
        "{may: officer, persons: yes}",
        "[targeting]",
    ],
)
def test_one_line_that_cannot_be_understood_makes_the_whole_table_unreadable(line: str) -> None:
    with pytest.raises(PratiqueError, match="cannot be understood"):
        parse_policy(f"queue:\n  ask:\n    ListRuns: {{may: officer}}\n    ListQueue: {line}\n")


@pytest.mark.parametrize(
    "twice", ["ask:\n    A: {may: officer}\n    A: {may: nobody}", "ask: {A: {may: officer}}\n  do: {A: {may: nobody}}"]
)
def test_request_with_two_lines_makes_the_table_unreadable(twice: str) -> None:
    with pytest.raises(PratiqueError, match="cannot be understood"):
        parse_policy(f"queue:\n  {twice}\n")


def test_every_condition_can_be_looked_up_and_every_refusal_has_its_sentence() -> None:
    lines = shipped_policy().lines.values()
    conditions = {condition for line in lines for condition in line.conditions}
    assert conditions <= LOOKS.keys()
    assert {line.request for line in lines if "other_person" in line.conditions} <= FIRST_PERSONS.keys()
    codes = {"no_line", "signed_out", "no_role", "no_scope", "no_purpose", "step_up", *conditions}
    assert {f"access.{code}" for code in codes} <= known_codes()


def test_matrix_says_of_every_role_and_request_what_the_judge_says() -> None:
    for row in matrix(shipped_policy()):
        line = shipped_policy().lines[row.request]
        for role in known_roles():
            actor = Actor("officer:x", roles=frozenset({role}), purpose="p", strong_until=NOW + timedelta(hours=1))
            assert allowed(actor, row.request) == (role in row.roles), (role, line)


def test_reference_shows_the_matrix_of_this_table() -> None:
    text = (ROOT / "docs/reference/access.md").read_text(encoding="utf-8")
    assert matrix_as_text(shipped_policy()) in text, "write it again: python docs/access.py"
