"""The gate at the doors of a node: refusals explained and recorded, reads recorded before they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from persons import Clock, join, seen, with_twelve_bills

from pratique.node import Actor, Node
from pratique.node.access import VISITOR
from pratique.node.handlers.consignments import ShowConsignment
from pratique.node.handlers.officers import ChangeOfficer
from pratique.node.handlers.profiles import ActivateProfile, AddProfile
from pratique.node.handlers.queue import ListQueue
from pratique.node.handlers.sessions import WhoseToken
from pratique.node.handlers.settings import ChangeSetting, ListSettings
from pratique.node.handlers.tokens import ListTokens, MakeToken, RevokeToken
from pratique.node.profiles.texts import shipped_texts
from pratique.node.storage.access_logs import denials, person_reads
from pratique.vocabulary.errors import Category, PratiqueError


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def node(tmp_path: Path, clock: Clock) -> Iterator[Node]:
    with with_twelve_bills(tmp_path, clock) as made:
        yield made


def refused(node: Node, request: object, actor: Actor) -> PratiqueError:
    with pytest.raises(PratiqueError) as error:
        (node.execute if hasattr(request, "entry") else node.ask)(request, actor=actor)  # type: ignore[operator]
    return error.value


def log(node: Node, clock: Clock, read: object) -> list[object]:
    with node._stores.access.reading() as connection:
        since, until = clock.now - timedelta(days=1), clock.now + timedelta(days=1)
        return [each for _, each in read(connection, since=since, until=until)]  # type: ignore[operator]


def test_refusal_names_the_roles_that_could_and_is_recorded(node: Node, clock: Clock) -> None:
    actor = seen(node, join(node, clock, "paulo", "trader_desk").first).actor
    error = refused(node, ListQueue(), actor)
    assert error.category is Category.DENIED
    assert "Targeting officer" in error.happened
    assert "Trader desk" in error.happened
    assert error.todo
    (denial,) = log(node, clock, denials)
    assert (denial.actor, denial.request, denial.code) == ("officer:paulo", "ListQueue", "access.no_role")


def test_visitor_is_asked_to_sign_in_and_fills_no_log(node: Node, clock: Clock) -> None:
    assert refused(node, ListSettings(), VISITOR).category is Category.SIGNED_OUT
    assert log(node, clock, denials) == []


def test_person_data_is_refused_without_a_purpose(node: Node, clock: Clock) -> None:
    actor = seen(node, join(node, clock, "mira", "analyst").first).actor
    assert refused(node, ListQueue(), actor).code == "access.no_purpose"


def test_reading_person_data_is_recorded_with_what_was_read_and_what_for(node: Node, clock: Clock) -> None:
    actor = seen(node, join(node, clock, "ines").first).actor
    queue = node.ask(ListQueue(), actor=actor)
    chosen = (
        queue.rows[0].consignment_id if hasattr(queue.rows[0], "consignment_id") else queue.rows[0]["consignment_id"]
    )
    node.ask(ShowConsignment(chosen), actor=actor)
    listed, shown = log(node, clock, person_reads)
    assert (listed.actor, listed.purpose, listed.read_count) == ("officer:ines", "cargo_risk_analysis", 12)
    assert (shown.request, shown.subject, shown.read_count) == ("ShowConsignment", chosen, 1)


def test_what_cannot_be_recorded_is_not_shown(node: Node, clock: Clock) -> None:
    actor = seen(node, join(node, clock, "ines").first).actor
    with node._stores.access.writing() as connection:
        connection.exec_driver_sql("DROP TABLE person_read")
    assert refused(node, ListQueue(), actor).code == "node.store_failed"


def test_log_refuses_to_be_changed(node: Node, clock: Clock) -> None:
    node.ask(ListQueue(), actor=seen(node, join(node, clock, "ines").first).actor)
    for statement in ("UPDATE person_read SET actor = 'officer:omar'",):
        with pytest.raises(PratiqueError), node._stores.access.writing() as connection:
            connection.exec_driver_sql(statement)


def test_sensitive_act_needs_the_second_factor_again(node: Node, clock: Clock) -> None:
    actor = seen(node, join(node, clock, "victor", "manager").first).actor
    node.execute(ChangeSetting("high_line", "61"), actor=actor)
    clock.pass_by(minutes=10)
    assert refused(node, ChangeSetting("high_line", "62"), actor).code == "access.step_up"


def test_nobody_changes_their_own_roles(node: Node, clock: Clock) -> None:
    actor = seen(node, join(node, clock, "victor", "manager").first).actor
    assert refused(node, ChangeOfficer("victor", roles=("manager", "targeting")), actor).code == "access.not_self"


def test_author_of_a_profile_cannot_put_it_in_force_and_a_colleague_can(node: Node, clock: Clock) -> None:
    text = next(iter(shipped_texts().values()))
    mira, omar = (join(node, clock, login, "analyst") for login in ("mira", "omar"))
    draft = node.execute(AddProfile(text), actor=seen(node, mira.first).actor)
    activate = ActivateProfile(draft.id, draft.version)
    assert refused(node, activate, seen(node, mira.first).actor).code == "access.other_person"
    assert node.execute(activate, actor=seen(node, omar.first).actor).state == "active"


def test_token_stands_for_its_officer_within_its_scopes(node: Node, clock: Clock) -> None:
    actor = seen(node, join(node, clock, "ines").first).actor
    made = node.execute(MakeToken("robot", ("queue:read",), purpose="cargo_risk_analysis"), actor=actor)
    program = node.ask(WhoseToken(made.secret), actor=VISITOR)
    assert (program.name, program.scopes) == ("officer:ines", {"queue:read"})
    assert node.ask(ListQueue(), actor=program).rows
    assert refused(node, ListSettings(), program).code == "access.no_scope"
    assert refused(node, ListTokens(), program).code == "access.no_scope"


def test_revoked_token_does_not_count(node: Node, clock: Clock) -> None:
    actor = seen(node, join(node, clock, "ines").first).actor
    made = node.execute(MakeToken("robot", ("queue:read",)), actor=actor)
    assert node.execute(RevokeToken(made.token.id), actor=actor) == 1
    assert refused(node, WhoseToken(made.secret), VISITOR).code == "access.no_token"


def test_token_ends_by_itself(node: Node, clock: Clock) -> None:
    actor = seen(node, join(node, clock, "ines").first).actor
    made = node.execute(MakeToken("robot", ("queue:read",), days=1), actor=actor)
    clock.pass_by(days=1)
    assert refused(node, WhoseToken(made.secret), VISITOR).code == "access.no_token"
