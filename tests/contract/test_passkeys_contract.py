"""Passkeys made and used by a real browser (Chromium with a virtual authenticator)."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pyotp
import pytest

from pratique.node import Actor, Node, local_operator
from pratique.node.access import VISITOR
from pratique.node.handlers.accounts import ShowAccount
from pratique.node.handlers.invitations import AcceptInvitation, OpenInvitation
from pratique.node.handlers.officers import AddOfficer, SuspendOfficer
from pratique.node.handlers.passkeys import (
    AddPasskey,
    AskNewPasskey,
    AskPasskey,
    RemovePasskey,
    SignInByPasskey,
    StepUpByPasskey,
)
from pratique.node.handlers.sessions import WhoseSession
from pratique.node.handlers.settings import ChangeSetting
from pratique.node.sign_in.sessions import Caller, SessionStarted
from pratique.vocabulary.errors import PratiqueError

pytestmark = pytest.mark.server

ROOT = local_operator("root")
CALLER = Caller("192.0.2.10", "Browser")
CHROMIUM = shutil.which("chromium")
MAKE = """async (options) => {
  const asked = PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options))
  return JSON.stringify((await navigator.credentials.create({ publicKey: asked })).toJSON())
}"""
SIGN = """async (options) => {
  const asked = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options))
  return JSON.stringify((await navigator.credentials.get({ publicKey: asked })).toJSON())
}"""
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class _Blank(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>blank</title>")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        return


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Blank) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser(origin: str) -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield started
        started.close()


@pytest.fixture
def page(browser: Any, origin: str) -> Iterator[Any]:
    """A page of the desk's origin in a browser with one authenticator."""
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(origin)
    session = context.new_cdp_session(opened)
    session.send("WebAuthn.enable")
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    opened.authenticator = (session, added["authenticatorId"])
    yield opened
    context.close()


@pytest.fixture
def node(tmp_path: Path, origin: str) -> Iterator[Node]:
    with Node.create(tmp_path / "node", actor=ROOT) as made:
        made.execute(ChangeSetting("desk_origin", origin), actor=ROOT)
        yield made


def join(node: Node, login: str) -> SessionStarted:
    added = node.execute(AddOfficer(login, login.title(), ("targeting",)), actor=ROOT)
    factor = node.ask(OpenInvitation(added.invitation), actor=VISITOR).factor
    code = pyotp.TOTP(factor, digest=hashlib.sha256).now()
    accept = AcceptInvitation(added.invitation, "lantern-orbit-meadow-seven", code, CALLER)
    return node.execute(accept, actor=VISITOR).session


def actor_of(node: Node, session: SessionStarted) -> Actor:
    return node.ask(WhoseSession(session.secret), actor=VISITOR).actor


def add_passkey(node: Node, page: Any, actor: Actor) -> str:
    asked = node.ask(AskNewPasskey(), actor=actor)
    return node.execute(AddPasskey("laptop", asked.state, page.evaluate(MAKE, asked.options)), actor=actor)


def signed(node: Node, page: Any) -> SignInByPasskey:
    asked = node.ask(AskPasskey(), actor=VISITOR)
    return SignInByPasskey(asked.state, page.evaluate(SIGN, asked.options), CALLER)


def refused(node: Node, command: Any, actor: Actor = VISITOR) -> str:
    with pytest.raises(PratiqueError) as error:
        node.execute(command, actor=actor)
    return error.value.code


def test_passkey_signs_in_without_login_or_password(node: Node, page: Any) -> None:
    add_passkey(node, page, actor_of(node, join(node, "ines")))
    started = node.execute(signed(node, page), actor=VISITOR)
    shown = node.ask(WhoseSession(started.secret), actor=VISITOR)
    assert (shown.login, shown.method) == ("ines", "passkey")


def test_answer_counts_once(node: Node, page: Any) -> None:
    add_passkey(node, page, actor_of(node, join(node, "ines")))
    command = signed(node, page)
    node.execute(command, actor=VISITOR)
    assert refused(node, command) == "sign_in.state_over"


def test_passkey_that_was_copied_is_refused_by_its_count(node: Node, page: Any) -> None:
    add_passkey(node, page, actor_of(node, join(node, "ines")))
    earlier = signed(node, page)
    node.execute(signed(node, page), actor=VISITOR)
    assert refused(node, earlier) == "passkeys.unknown"


def test_device_that_does_not_verify_the_person_is_refused(node: Node, page: Any) -> None:
    add_passkey(node, page, actor_of(node, join(node, "ines")))
    asked = node.ask(AskPasskey(), actor=VISITOR)
    session, authenticator = page.authenticator
    session.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    careless = asked.options.replace('"userVerification": "required"', '"userVerification": "discouraged"')
    assert careless != asked.options
    answer = page.evaluate(SIGN, careless)
    assert refused(node, SignInByPasskey(asked.state, answer, CALLER)) == "passkeys.unknown"


def test_answer_for_another_site_is_refused(node: Node, page: Any) -> None:
    add_passkey(node, page, actor_of(node, join(node, "ines")))
    command = signed(node, page)
    node.execute(ChangeSetting("desk_origin", "https://desk.example"), actor=ROOT)
    assert refused(node, command) == "passkeys.unknown"


def test_passkey_of_a_suspended_officer_opens_nothing(node: Node, page: Any) -> None:
    add_passkey(node, page, actor_of(node, join(node, "ines")))
    node.execute(SuspendOfficer("ines"), actor=ROOT)
    assert refused(node, signed(node, page)) == "passkeys.unknown"


def test_removed_passkey_opens_nothing(node: Node, page: Any) -> None:
    session = join(node, "ines")
    credential = add_passkey(node, page, actor_of(node, session))
    assert len(node.ask(ShowAccount(), actor=actor_of(node, session)).passkeys) == 1
    node.execute(RemovePasskey(credential), actor=actor_of(node, session))
    assert refused(node, signed(node, page)) == "passkeys.unknown"


def test_passkey_confirms_a_sensitive_act_in_the_own_session_only(node: Node, page: Any) -> None:
    ines, omar = join(node, "ines"), join(node, "omar")
    add_passkey(node, page, actor_of(node, ines))
    asked = node.ask(AskPasskey(), actor=VISITOR)
    answer = page.evaluate(SIGN, asked.options)
    foreign = StepUpByPasskey(omar.secret, asked.state, answer)
    assert refused(node, foreign, actor_of(node, omar)) == "passkeys.unknown"
    asked = node.ask(AskPasskey(), actor=VISITOR)
    own = StepUpByPasskey(ines.secret, asked.state, page.evaluate(SIGN, asked.options))
    stronger = node.execute(own, actor=actor_of(node, ines))
    assert stronger.secret != ines.secret


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"id": "x"}', "x" * 40_000])
def test_answer_that_is_none_is_refused(node: Node, answer: str) -> None:
    asked = node.ask(AskPasskey(), actor=VISITOR)
    assert refused(node, SignInByPasskey(asked.state, answer, CALLER)) == "passkeys.unknown"
