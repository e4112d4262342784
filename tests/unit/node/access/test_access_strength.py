"""How hard secrets are to guess, and that an open page is no officer at work."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from persons import Clock, access_node, join

from nodes import NOON
from pratique.node import Node
from pratique.node.access import VISITOR
from pratique.node.access import second_factor as factors
from pratique.node.access.secrets import new_secret, new_token, secret_digest
from pratique.node.handlers.sessions import WhoseSession
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
    assert min(letters) * math.log2(len(factors._ALPHABET)) > 112
    assert not any(factors.looks_like_app_code(code) for code in codes)


def test_factors_of_apps_have_160_bits() -> None:
    made = {factors.new_factor() for _ in range(50)}
    assert (len(made), {len(each) for each in made}) == (50, {32})


def test_an_open_page_does_not_keep_a_session_alive(node: Node, clock: Clock) -> None:
    session = join(node, clock, "ines").first
    for _ in range(19):
        clock.pass_by(minutes=1)
        node.ask(WhoseSession(session.secret, by_itself=True), actor=VISITOR)
    clock.pass_by(minutes=2)
    with pytest.raises(PratiqueError) as refused:
        node.ask(WhoseSession(session.secret, by_itself=True), actor=VISITOR)
    assert refused.value.category is Category.SIGNED_OUT
