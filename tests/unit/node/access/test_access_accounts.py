"""One's own account, rights taken in an emergency, and the log of access."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from persons import OFFICE, PASSWORD, ROOT, Clock, Person, access_node, join, seen, sign_in, with_twelve_bills

from nodes import SEED, write_manifest
from pratique.node import Actor, Node
from pratique.node.access import VISITOR
from pratique.node.access.passwords import SHORTEST, fault_of, frequent_passwords
from pratique.node.handlers.access_log import ReadAccessLog, SweepAccessLog
from pratique.node.handlers.accounts import ChangePassword, ChangePreferences, RenewRecoveryCodes, ShowAccount
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.breached import LoadBreached
from pratique.node.handlers.break_glass import ListTakenRights, ReturnRight, ReviewBreakGlass, TakeRight
from pratique.node.handlers.consignments import ShowConsignment
from pratique.node.handlers.misuse import ShowMisuse
from pratique.node.handlers.officers import AddOfficer, ListOfficers, ResetOfficer
from pratique.node.handlers.queue import ListQueue
from pratique.node.handlers.sessions import DeclarePurpose
from pratique.node.handlers.sign_in import SignInByPassword
from pratique.node.handlers.tokens import ListTokens, MakeToken
from pratique.vocabulary.errors import PratiqueError

REASON = "The ship leaves in ten minutes and no targeting officer can be reached."


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def node(tmp_path: Path, clock: Clock) -> Iterator[Node]:
    with with_twelve_bills(tmp_path, clock) as made:
        yield made


def refused(node: Node, request: object, actor: Actor) -> str:
    with pytest.raises(PratiqueError) as error:
        (node.execute if hasattr(request, "entry") else node.ask)(request, actor=actor)  # type: ignore[operator]
    return error.value.code


def actor_of(node: Node, person: Person) -> Actor:
    return seen(node, person.first).actor


def test_another_password_ends_every_session_and_token_and_begins_a_new_session(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    other = sign_in(node, clock, person)
    actor = actor_of(node, person)
    node.execute(MakeToken("robot", ("queue:read",)), actor=actor)
    new = "harbour-violet-nineteen-rain"
    started = node.execute(ChangePassword(person.first.secret, PASSWORD, new), actor=actor)
    for gone in (person.first, other):
        with pytest.raises(PratiqueError):
            seen(node, gone)
    assert all(token.revoked_at for token in node.ask(ListTokens(), actor=seen(node, started).actor))
    clock.pass_by(seconds=30)
    assert refused(node, SignInByPassword("ines", PASSWORD, person.code(clock), OFFICE), VISITOR) == "sign_in.refused"
    person.password = new
    assert sign_in(node, clock, person).login == "ines"


def test_wrong_old_password_changes_nothing(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    change = ChangePassword(person.first.secret, "wrong", "harbour-violet-nineteen-rain")
    assert refused(node, change, actor_of(node, person)) == "accounts.wrong_password"
    assert sign_in(node, clock, person).login == "ines"


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("lantern-orb", "short"),
        ("x" * 257, "long"),
        ("password1234", "common"),
        ("P@ssw0rd!!!!", "common"),
        ("qwertyuiop12", "common"),
        ("123456789012", "common"),
        ("abababababab", "common"),
        ("customscustoms", "common"),
        ("1qaz2wsx3edc", "common"),
        ("Leavemealone", "common"),
        ("Butterfly2026!", "common"),
        ("monkeydragon", "common"),
        ("ines-ines-ines-1", "own_name"),
    ],
)
def test_passwords_that_are_tried_first_are_refused(node: Node, clock: Clock, password: str, fault: str) -> None:
    person = join(node, clock, "ines")
    change = ChangePassword(person.first.secret, PASSWORD, password)
    assert refused(node, change, actor_of(node, person)) == f"password.{fault}"


def test_the_three_thousand_most_frequent_are_refused_however_they_are_made_long_enough() -> None:
    """Those of twelve characters and more as they are, the others with what people add to reach that length."""
    most = frequent_passwords()[:3000]
    long = [each for each in frequent_passwords() if len(each) >= SHORTEST]
    padded = [word + ("1234567890" * 2)[: max(SHORTEST - len(word), 0)] for word in most]
    shouted = [word.title() + "!" * max(SHORTEST - len(word), 0) for word in most]
    tried = {*long, *padded, *shouted}
    assert len(tried) > 5000
    assert [each for each in tried if fault_of(each, login="ines", display_name="Ines Valmar") is None] == []


def test_passwords_of_breaches_that_the_operator_loads_are_refused(node: Node, clock: Clock, tmp_path: Path) -> None:
    person = join(node, clock, "ines")
    actor = actor_of(node, person)
    known, other = "harbour-violet-nineteen-rain", "zażółć gęślą jaźń"
    listed = tmp_path / "breached.txt"
    listed.write_bytes(b"\r\n".join([b"x" * 5000, known.encode(), b"", other.encode(), other.encode(), b"\xff\xfe"]))
    assert node.execute(LoadBreached(listed), actor=ROOT) == 3
    assert node.folder.root.joinpath("breached.passwords").stat().st_mode & 0o077 == 0
    assert known.encode() not in node.folder.root.joinpath("breached.passwords").read_bytes()
    for password in (known, other):
        assert refused(node, ChangePassword(person.first.secret, PASSWORD, password), actor) == "password.breached"
    listed.write_text("")
    assert refused(node, LoadBreached(listed), ROOT) == "breached.none"
    assert refused(node, LoadBreached(tmp_path / "none"), ROOT) == "breached.no_file"
    listed.write_text("something else entirely\n")
    assert node.execute(LoadBreached(listed), actor=ROOT) == 1
    assert node.execute(ChangePassword(person.first.secret, PASSWORD, known), actor=actor)


@pytest.mark.parametrize(
    "password", ["lantern orbit meadow", "zażółć gęślą jaźń", "7f3kq9-2mzp4-xw81", "ines likes blue tomatoes"]
)
def test_long_passwords_of_any_characters_are_taken(node: Node, clock: Clock, password: str) -> None:
    person = join(node, clock, "ines")
    assert node.execute(ChangePassword(person.first.secret, PASSWORD, password), actor=actor_of(node, person))


def test_new_recovery_codes_take_the_place_of_the_old(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    new = node.execute(RenewRecoveryCodes(), actor=actor_of(node, person))
    assert node.ask(ShowAccount(), actor=actor_of(node, person)).recovery_codes_left == 10
    old = SignInByPassword("ines", PASSWORD, person.recovery_codes[0], OFFICE)
    assert refused(node, old, VISITOR) == "sign_in.refused"
    assert node.execute(SignInByPassword("ines", PASSWORD, new[0], OFFICE), actor=VISITOR)


def test_preferences_are_the_officers_own(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    node.execute(ChangePreferences("ar", "dark", shortcut_keys=False), actor=actor_of(node, person))
    shown = seen(node, person.first)
    assert (shown.language, shown.theme, shown.shortcut_keys) == ("ar", "dark", False)
    assert refused(node, ChangePreferences(theme="pink"), actor_of(node, person)) == "accounts.unknown_theme"


def test_reset_takes_every_way_in_and_gives_a_new_invitation(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    added = node.execute(ResetOfficer("ines"), actor=ROOT)
    assert added.officer.state == "invited"
    with pytest.raises(PratiqueError):
        seen(node, person.first)
    for code in (person.code(clock), person.recovery_codes[0]):
        assert refused(node, SignInByPassword("ines", PASSWORD, code, OFFICE), VISITOR) == "sign_in.refused"


def test_who_watches_the_others_has_no_other_role(node: Node) -> None:
    both = AddOfficer("noor", "Noor", ("data_protection", "targeting"))
    assert refused(node, both, ROOT) == "officers.alone"
    assert node.ask(ListOfficers(), actor=ROOT) == []


def test_right_taken_in_an_emergency_is_short_named_and_waits_for_another_person(node: Node, clock: Clock) -> None:
    salma, victor = join(node, clock, "salma", "liaison"), join(node, clock, "victor", "manager")
    node.execute(DeclarePurpose(salma.first.secret, "mutual_assistance"), actor=actor_of(node, salma))
    assert refused(node, ListQueue(), actor_of(node, salma)) == "access.no_role"
    taken = node.execute(TakeRight(salma.first.secret, "ListQueue", REASON), actor=actor_of(node, salma))
    actor = actor_of(node, salma)
    assert actor.break_glass == f"{taken.id}:ListQueue"
    assert node.ask(ListQueue(), actor=actor).rows
    (waiting,) = node.ask(ListTakenRights(open_only=True), actor=actor_of(node, victor))
    assert (waiting.login, waiting.reason) == ("salma", REASON)
    clock.pass_by(minutes=19)
    seen(node, salma.first)
    clock.pass_by(minutes=11)
    assert actor_of(node, salma).break_glass is None


def test_only_rights_whose_line_permits_it_can_be_taken_and_only_with_a_reason(node: Node, clock: Clock) -> None:
    person = join(node, clock, "salma", "liaison")
    actor, secret = actor_of(node, person), person.first.secret
    assert refused(node, TakeRight(secret, "AddOfficer", REASON), actor) == "break_glass.not_possible"
    assert refused(node, TakeRight(secret, "ListQueue", "because"), actor) == "break_glass.no_reason"
    assert refused(node, TakeRight(secret, "ListQueue", REASON, minutes=61), actor) == "break_glass.unfit_time"


def test_who_took_the_right_does_not_review_it(node: Node, clock: Clock) -> None:
    victor, noor = join(node, clock, "victor", "manager"), join(node, clock, "noor", "data_protection")
    taken = node.execute(TakeRight(victor.first.secret, "ShowHit", REASON), actor=actor_of(node, victor))
    review = ReviewBreakGlass(taken.id, "justified", "Called the port; the ship did leave.")
    assert refused(node, review, actor_of(node, victor)) == "access.other_person"
    assert node.execute(review, actor=actor_of(node, noor)).verdict == "justified"
    assert refused(node, review, actor_of(node, noor)) == "break_glass.reviewed_already"


def test_right_can_be_given_back(node: Node, clock: Clock) -> None:
    person = join(node, clock, "salma", "liaison")
    taken = node.execute(TakeRight(person.first.secret, "ListQueue", REASON), actor=actor_of(node, person))
    node.execute(ReturnRight(taken.id), actor=actor_of(node, person))
    assert actor_of(node, person).break_glass is None


def test_data_protection_sees_counts_and_lines_of_reads_and_refusals(node: Node, clock: Clock) -> None:
    ines, noor = join(node, clock, "ines"), join(node, clock, "noor", "data_protection")
    row = node.ask(ListQueue(), actor=actor_of(node, ines)).rows[0]
    node.ask(
        ShowConsignment(row.line.consignment_id if hasattr(row, "line") else row.consignment_id),
        actor=actor_of(node, ines),
    )
    assert refused(node, ReadAccessLog(), actor_of(node, ines)) == "access.no_role"
    log = node.ask(ReadAccessLog(), actor=actor_of(node, noor))
    assert (log.reads, log.records, log.denials) == (2, 13, 1)
    assert log.by_purpose == {"cargo_risk_analysis": 2}
    assert log.newest_denials[0].request == "ReadAccessLog"


def test_officer_who_opens_a_record_with_their_own_name_shows_on_the_page(
    node: Node, clock: Clock, tmp_path: Path
) -> None:
    noor = join(node, clock, "noor", "data_protection")
    ines = join(node, clock, "southgate")  # displayed as Officer Southgate, and a consignee is SOUTHGATE IMPORT
    rows = node.ask(ListQueue(), actor=actor_of(node, ines)).rows
    chosen = rows[0].consignment_id
    node.ask(ShowConsignment(chosen), actor=actor_of(node, ines))
    shown = node.ask(ShowMisuse(), actor=actor_of(node, noor))
    assert [(sign.sign, sign.actor, sign.subjects) for sign in shown.signs] == [
        ("own_name", "officer:southgate", (chosen,))
    ]


def test_logs_are_swept_after_the_years_that_are_set_and_never_earlier(node: Node, clock: Clock) -> None:
    clock.now = datetime.now(UTC)
    node.ask(ListQueue(), actor=ROOT)
    assert node.execute(SweepAccessLog(), actor=ROOT) == 0
    clock.pass_by(days=366 * 5 + 1)
    with pytest.raises(PratiqueError, match="refused the work"):  # the rows are younger than a year by the wall clock
        node.execute(SweepAccessLog(), actor=ROOT)


def test_logs_of_more_than_five_years_ago_go(tmp_path: Path, clock: Clock) -> None:
    clock.now -= timedelta(days=366 * 6)
    with access_node(tmp_path / "old", clock) as node:
        node.execute(AssessMessages((write_manifest(tmp_path / "m.csv"),), seed=SEED), actor=ROOT)
        node.ask(ListQueue(), actor=ROOT)
        clock.pass_by(days=366 * 5 + 1)
        assert node.execute(SweepAccessLog(), actor=ROOT) == 1
