"""How hard secrets are to guess, and that an open page is no officer at work."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from persons import OFFICE, PASSWORD, ROOT, Clock, access_node, join

from nodes import NOON
from pratique.node import Node
from pratique.node.access import VISITOR
from pratique.node.access import second_factor as factors
from pratique.node.access.secrets import new_secret, new_token, secret_digest
from pratique.node.handlers.invitations import InvitationShown, OpenInvitation
from pratique.node.handlers.officers import AddOfficer
from pratique.node.handlers.sessions import WhoseSession
from pratique.node.handlers.settings import ChangeSetting
from pratique.node.handlers.sign_in import SignInByPassword
from pratique.vocabulary.errors import Category, PratiqueError


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
def node(tmp_path: Path, clock: Clock) -> Iterator[Node]:
    with access_node(tmp_path / "node", clock) as found:
        yield found


def test_secrets_are_256_random_bits_and_kept_as_a_digest() -> None:
    made = {new_secret() for _ in range(100)} | {new_token() for _ in range(100)}
    assert len(made) == 200
    assert min(map(len, made)) >= 43  # of 64 characters each
    assert all(secret not in secret_digest(secret) and len(secret_digest(secret)) == 64 for secret in made)


def test_recovery_codes_have_enough_bits_for_a_plain_digest() -> None:
    codes = factors.new_recovery_codes()
    letters = {len(code.replace("-", "")) for code in codes}
    assert len(set(codes)) == len(codes) == 10
    assert min(letters) * math.log2(len(factors._ALPHABET)) > 128
    assert not any(factors.looks_like_app_code(code) for code in codes)


def test_factors_of_apps_have_as_many_bits_as_their_digest() -> None:
    for digest, characters in (("sha256", 52), ("sha1", 32)):
        made = {factors.AppFactor.parse(factors.new_factor(digest)) for _ in range(50)}
        assert (len(made), {len(each.secret) for each in made}) == (50, {characters})
        assert {each.digest for each in made} == {digest}


# RFC 6238, appendix B: the vectors for T = 59 s and 1111111109 s, of which an app shows the last six digits
@pytest.mark.parametrize(
    ("digest", "seed", "moment", "code"),
    [
        ("sha1", b"12345678901234567890", 59, "287082"),
        ("sha1", b"12345678901234567890", 1111111109, "081804"),
        ("sha256", b"12345678901234567890123456789012", 59, "119246"),
        ("sha256", b"12345678901234567890123456789012", 1111111109, "084774"),
    ],
)
def test_codes_are_those_of_rfc_6238(digest: str, seed: bytes, moment: int, code: str) -> None:
    factor = factors.AppFactor(base64.b32encode(seed).decode(), digest)
    assert factors.step_of(factor, code, datetime.fromtimestamp(moment, UTC), around=0) == moment // 30


def test_factor_from_before_digests_were_named_goes_on_as_it_was() -> None:
    assert factors.AppFactor.parse("JBSWY3DPEHPK3PXP").digest == "sha1"


def test_code_counts_thirty_seconds_unless_the_node_is_set_otherwise(node: Node, clock: Clock) -> None:
    person = join(node, clock, "ines")
    clock.now = NOON + timedelta(minutes=5)
    before = person.code(clock)
    clock.pass_by(seconds=30)
    old = SignInByPassword("ines", PASSWORD, before, OFFICE)
    with pytest.raises(PratiqueError) as refused:
        node.execute(old, actor=VISITOR)
    assert refused.value.code == "sign_in.refused"
    node.execute(ChangeSetting("app_code_steps_around", "1"), actor=ROOT)
    assert node.execute(old, actor=VISITOR).login == "ines"


def shown_to(node: Node, login: str) -> InvitationShown:
    added = node.execute(AddOfficer(login, login.title(), ("targeting",)), actor=ROOT)
    return node.ask(OpenInvitation(added.invitation), actor=VISITOR)


def test_a_node_can_be_set_for_apps_that_know_sha_1_alone(node: Node) -> None:
    assert "algorithm=SHA256" in shown_to(node, "ana").factor_address
    node.execute(ChangeSetting("app_code_digest", "sha1"), actor=ROOT)
    shown = shown_to(node, "omar")
    assert (shown.digest, len(shown.factor)) == ("sha1", 32)
    assert "algorithm" not in shown.factor_address


def test_an_open_page_does_not_keep_a_session_alive(node: Node, clock: Clock) -> None:
    session = join(node, clock, "ines").first
    for _ in range(19):
        clock.pass_by(minutes=1)
        node.ask(WhoseSession(session.secret, by_itself=True), actor=VISITOR)
    clock.pass_by(minutes=2)
    with pytest.raises(PratiqueError) as refused:
        node.ask(WhoseSession(session.secret, by_itself=True), actor=VISITOR)
    assert refused.value.category is Category.SIGNED_OUT
