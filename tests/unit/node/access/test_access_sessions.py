"""Sessions and signing in by password."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from persons import ELSEWHERE, OFFICE, PASSWORD, ROOT, Clock, access_node, join, seen, sign_in

from pratique.node import Node
from pratique.node.access import VISITOR
from pratique.node.handlers.access_log import ReadAccessLog
from pratique.node.handlers.accounts import RenewRecoveryCodes
from pratique.node.handlers.officers import ChangeOfficer, SuspendOfficer
from pratique.node.handlers.passkeys import AddPasskey, RemovePasskey, SignInByPasskey
from pratique.node.handlers.sessions import (
    DeclarePurpose,
    EndOwnSession,
    EndSession,
    ListSessions,
    StepUp,
    WhoseSession,
)
from pratique.node.handlers.settings import ChangeSetting
from pratique.node.handlers.sign_in import ListPersonas, SignInAs, SignInByPassword
from pratique.node.handlers.single_sign_on import SignInByProvider
from pratique.vocabulary.errors import Category, PratiqueError


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def node(tmp_path: Path, clock: Clock):
    with access_node(tmp_path / "node", clock) as made:
        yield made


def refused(node: Node, request: object, actor=VISITOR) -> PratiqueError:
    with pytest.raises(PratiqueError) as error:
        node.execute(request, actor=actor)
    return error.value


def test_officer_signs_in_with_password_and_code_and_the_session_says_who(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines", "targeting", "analyst")
    session = seen(node, sign_in(node, clock, person))
    assert session.actor.name == "officer:ines"
    assert session.actor.roles == {"targeting", "analyst"}
    assert session.actor.purpose == "cargo_risk_analysis"
    assert session.display_name == "Officer Ines"


@pytest.mark.parametrize("wrong", ["login", "password", "code"])
def test_whatever_is_wrong_the_answer_is_the_same(node: Node, clock: Clock, wrong: str) -> None:
    person = join(node, clock, "ines")
    given = {"login": "ines", "password": PASSWORD, "code": person.code(clock)} | {wrong: "another"}
    error = refused(node, SignInByPassword(**given, caller=OFFICE))
    assert (error.code, error.category) == ("sign_in.refused", Category.SIGNED_OUT)


def test_code_works_once(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    request = SignInByPassword("ines", PASSWORD, person.code(clock), OFFICE)
    node.execute(request, actor=VISITOR)
    assert refused(node, request).code == "sign_in.refused"


def test_recovery_code_works_once_in_place_of_the_app(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    request = SignInByPassword("ines", PASSWORD, person.recovery_codes[3].upper(), OFFICE)
    assert node.execute(request, actor=VISITOR).login == "ines"
    assert refused(node, request).code == "sign_in.refused"


def test_session_that_nobody_uses_ends_after_twenty_minutes(node: Node, clock: Clock) -> None:
    session = join(node, clock, "ines").first
    clock.pass_by(minutes=19)
    assert seen(node, session).login == "ines"
    clock.pass_by(minutes=19)
    assert seen(node, session).login == "ines"
    clock.pass_by(minutes=20)
    with pytest.raises(PratiqueError, match="over"):
        seen(node, session)


def test_every_session_ends_after_ten_hours_however_it_is_used(node: Node, clock: Clock) -> None:
    session = join(node, clock, "ines").first
    for _ in range(39):
        clock.pass_by(minutes=15)
        seen(node, session)
    clock.pass_by(minutes=15)
    with pytest.raises(PratiqueError, match="over"):
        seen(node, session)


def test_signing_out_ends_this_session_and_no_other(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    other = sign_in(node, clock, person)
    assert node.execute(EndSession(person.first.secret), actor=seen(node, person.first).actor) == 1
    with pytest.raises(PratiqueError):
        seen(node, person.first)
    assert seen(node, other).login == "ines"


def test_officer_sees_and_ends_their_own_sessions_only(node: Node, clock: Clock) -> None:
    ines, omar = join(node, clock, "ines"), join(node, clock, "omar")
    elsewhere = sign_in(node, clock, ines, caller=ELSEWHERE)
    actor = seen(node, ines.first).actor
    shown = node.ask(ListSessions(), actor=actor)
    assert {each.address for each in shown} == {OFFICE.address, ELSEWHERE.address}
    assert node.execute(EndOwnSession(omar.first.id), actor=actor) == 0
    assert node.execute(EndOwnSession(elsewhere.id), actor=actor) == 1
    with pytest.raises(PratiqueError):
        seen(node, elsewhere)
    assert seen(node, omar.first).login == "omar"


def test_step_up_gives_another_secret_and_the_old_one_is_worth_nothing(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    clock.pass_by(minutes=11)
    shown = seen(node, person.first)
    assert shown.actor.strong_until < clock.now
    stronger = node.execute(StepUp(person.first.secret, person.code(clock)), actor=shown.actor)
    assert stronger.secret != person.first.secret
    assert seen(node, stronger).actor.strong_until > clock.now
    assert seen(node, stronger).csrf != shown.csrf
    with pytest.raises(PratiqueError):
        seen(node, person.first)


def test_ending_own_sessions_needs_a_factor_again(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    clock.pass_by(minutes=11)
    actor = seen(node, person.first).actor
    assert refused(node, EndOwnSession(), actor=actor).code == "access.step_up"
    stronger = node.execute(StepUp(person.first.secret, person.code(clock)), actor=actor)
    assert node.execute(EndOwnSession(), actor=seen(node, stronger).actor) == 1


@pytest.mark.parametrize(
    "change", [RenewRecoveryCodes(), RemovePasskey("any"), AddPasskey("device", "state", "answer")]
)
def test_changing_a_way_in_needs_the_whole_sign_in_again(node: Node, clock: Clock, change: object) -> None:
    person = join(node, clock, "ines")
    clock.pass_by(minutes=11)
    by_code = node.execute(StepUp(person.first.secret, person.code(clock)), actor=seen(node, person.first).actor)
    clock.pass_by(seconds=30)
    actor = seen(node, by_code).actor
    assert refused(node, change, actor=actor).code == "access.whole_sign_in"
    wrong = StepUp(by_code.secret, person.code(clock), "another password")
    assert refused(node, wrong, actor=actor).code == "sign_in.code_refused"
    whole = node.execute(StepUp(by_code.secret, person.code(clock), PASSWORD), actor=actor)
    assert seen(node, whole).actor.whole_until == clock.now + timedelta(minutes=10)
    clock.pass_by(minutes=10)
    assert refused(node, change, actor=seen(node, whole).actor).code == "access.step_up"


def test_whole_sign_in_lets_a_way_in_be_changed(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    assert len(node.execute(RenewRecoveryCodes(), actor=seen(node, person.first).actor)) == 10


def test_another_session_than_an_officer_may_have_ends_the_one_used_least_lately(node: Node, clock: Clock) -> None:
    node.execute(ChangeSetting("session_most", "2"), actor=ROOT)
    person, other = join(node, clock, "ines"), join(node, clock, "omar")
    second = sign_in(node, clock, person)
    clock.pass_by(minutes=2)
    seen(node, person.first)  # used again, so the second is the one used least lately
    third = sign_in(node, clock, person, caller=ELSEWHERE)
    assert [seen(node, each).login for each in (person.first, third, other.first)] == ["ines", "ines", "omar"]
    with pytest.raises(PratiqueError):
        seen(node, second)


def test_sign_in_that_does_not_hold_is_noted_with_its_way_and_slows_nobody(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    for _ in range(70):
        assert refused(node, SignInByPasskey("no state", "{}", ELSEWHERE)).category is Category.SIGNED_OUT
    assert refused(node, SignInByProvider("no state", "", "", ELSEWHERE)).category is Category.SIGNED_OUT
    assert refused(node, SignInByPassword("ines", "wrong", "000000", ELSEWHERE)).code == "sign_in.refused"
    failed = node.ask(ReadAccessLog(), actor=ROOT).failed_sign_ins
    assert failed == {"oidc": 1, "passkey": 60, "password": 1}  # of one address and way sixty an hour are kept
    assert sign_in(node, clock, person, caller=ELSEWHERE).login == "ines"


def test_step_up_in_the_session_of_somebody_else_is_refused(node: Node, clock: Clock) -> None:
    ines, omar = join(node, clock, "ines"), join(node, clock, "omar")
    error = refused(node, StepUp(ines.first.secret, ines.code(clock)), actor=seen(node, omar.first).actor)
    assert error.category is Category.SIGNED_OUT


def test_purpose_is_declared_for_the_session_and_only_one_that_the_roles_have(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines", "liaison")
    shown = seen(node, person.first)
    assert shown.actor.purpose is None
    assert node.execute(DeclarePurpose(person.first.secret, "mutual_assistance"), actor=shown.actor)
    assert seen(node, person.first).actor.purpose == "mutual_assistance"
    assert refused(node, DeclarePurpose(person.first.secret, "supervision"), actor=shown.actor).code == (
        "access.not_your_purpose"
    )


def test_suspension_ends_every_session_at_once_and_every_way_in(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    node.execute(SuspendOfficer("ines"), actor=ROOT)
    with pytest.raises(PratiqueError):
        seen(node, person.first)
    assert refused(node, SignInByPassword("ines", PASSWORD, person.code(clock), OFFICE)).code == "sign_in.refused"


def test_other_roles_count_in_sessions_that_are_open(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    node.execute(ChangeOfficer("ines", roles=("inspection",)), actor=ROOT)
    assert seen(node, person.first).actor.roles == {"inspection"}


def test_failed_attempts_are_delayed_and_strangers_lock_nobody_out(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    sign_in(node, clock, person)
    wrong = SignInByPassword("ines", "wrong", "000000", ELSEWHERE)
    for _ in range(5):
        assert refused(node, wrong).code == "sign_in.refused"
    waiting = refused(node, wrong)
    assert (waiting.code, waiting.category) == ("sign_in.wait", Category.TOO_OFTEN)
    assert sign_in(node, clock, person).login == "ines"
    clock.pass_by(hours=1)
    assert refused(node, wrong).code == "sign_in.refused"


def test_personas_sign_in_by_one_click_on_a_demonstration(tmp_path: Path, clock: Clock) -> None:
    with access_node(tmp_path / "demonstration", clock, demonstration=True) as node:
        personas = node.ask(ListPersonas(), actor=VISITOR)
        assert len(personas) == 10
        started = node.execute(SignInAs("ines.valmar", OFFICE), actor=VISITOR)
        assert seen(node, started).actor.roles == {"targeting"}


def test_one_click_is_impossible_on_any_other_node(node: Node, clock: Clock) -> None:
    join(node, clock, "ines")
    assert node.ask(ListPersonas(), actor=VISITOR) == []
    assert refused(node, SignInAs("ines", OFFICE)).code == "sign_in.no_demonstration"


def test_secrets_are_in_no_file_of_the_node_and_in_no_text(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    session = sign_in(node, clock, person)
    secrets = [session.secret, person.first.secret, PASSWORD, person.factor, *person.recovery_codes, session.csrf]
    kept = b"".join(path.read_bytes() for path in node.folder.root.iterdir() if path.is_file())
    assert [secret for secret in secrets if secret.encode() in kept] == []
    told = repr((session, SignInByPassword("ines", PASSWORD, "123456", OFFICE), WhoseSession(session.secret)))
    assert [secret for secret in (*secrets, "123456") if secret in told] == []
