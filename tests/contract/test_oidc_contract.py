"""Sign-in through a real, certified OpenID provider (the npm package oidc-provider, run by node)."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest

from pratique.node import Node, local_operator
from pratique.node.access import VISITOR
from pratique.node.handlers.officers import AddOfficer, SuspendOfficer
from pratique.node.handlers.sessions import WhoseSession
from pratique.node.handlers.settings import ChangeSetting
from pratique.node.handlers.single_sign_on import AskProvider, HasProvider, ProviderAsked, SignInByProvider
from pratique.node.sign_in.sessions import Caller
from pratique.vocabulary.errors import PratiqueError

pytestmark = pytest.mark.server

FOLDER = Path(__file__).parents[1] / "providers"
ROOT = local_operator("root")
CALLER = Caller("192.0.2.10", "Browser")
CLIENT, SECRET = "pratique-node", "a-secret-of-the-tests"
ORIGIN = "http://localhost:8040"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    if shutil.which("node") is None or not (FOLDER / "node_modules" / "oidc-provider").is_dir():
        pytest.skip("needs node and `npm ci` in tests/providers")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = ["node", "provider.mjs", port, CLIENT, SECRET, f"{ORIGIN}/sign-in/back"]
    with subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:
        try:
            assert run.stdout is not None
            while run.stdout.readline().strip() != "ready":
                assert run.poll() is None
            yield f"http://127.0.0.1:{port}"
        finally:
            run.terminate()


@pytest.fixture
def node(issuer: str, tmp_path: Path) -> Iterator[Node]:
    with Node.create(tmp_path / "node", actor=ROOT) as made:
        for name, value in (("oidc_issuer", issuer), ("oidc_client", CLIENT), ("desk_origin", ORIGIN)):
            made.execute(ChangeSetting(name, value), actor=ROOT)
        made.folder.provider_secret_file.write_text(SECRET)
        made.execute(AddOfficer("ines", "Ines Valmar", ("targeting",), oidc_subject="subject-of-ines"), actor=ROOT)
        yield made


def went_through(asked: ProviderAsked, subject: str) -> dict[str, str]:
    """What the provider sends back to the desk after the person has signed in there and agreed."""
    with httpx.Client(trust_env=False) as browser:
        answer = browser.get(asked.address)
        for _ in range(12):
            while answer.is_redirect:
                address = urljoin(str(answer.url), answer.headers["location"])
                if address.startswith(ORIGIN):
                    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
                answer = browser.get(address)
            action = re.search(r'action="([^"]+)"', answer.text)
            prompt = re.search(r'name="prompt" value="([^"]+)"', answer.text)
            assert action is not None
            assert prompt is not None
            form = {"prompt": prompt[1], "login": subject, "password": "any"}
            answer = browser.post(urljoin(str(answer.url), action[1]), data=form)
    raise AssertionError("the provider did not send anybody back")


def came_back(asked: ProviderAsked, back: dict[str, str]) -> SignInByProvider:
    return SignInByProvider(asked.state, back["state"], back["code"], CALLER)


def refused(node: Node, command: SignInByProvider) -> str:
    with pytest.raises(PratiqueError) as error:
        node.execute(command, actor=VISITOR)
    return error.value.code


def test_officer_whom_the_provider_knows_is_signed_in(node: Node) -> None:
    assert node.ask(HasProvider(), actor=VISITOR)
    asked = node.ask(AskProvider(), actor=VISITOR)
    started = node.execute(came_back(asked, went_through(asked, "subject-of-ines")), actor=VISITOR)
    session = node.ask(WhoseSession(started.secret), actor=VISITOR)
    assert (session.login, session.method, session.actor.strong_until) == ("ines", "oidc", None)


def test_who_gave_one_factor_to_the_provider_is_not_let_in(node: Node) -> None:
    node.execute(AddOfficer("omar", "Omar", ("targeting",), oidc_subject="omar-by-password-alone"), actor=ROOT)
    asked = node.ask(AskProvider(), actor=VISITOR)
    assert refused(node, came_back(asked, went_through(asked, "omar-by-password-alone"))) == "oidc.one_factor"


def test_stranger_whom_the_provider_knows_is_not(node: Node) -> None:
    asked = node.ask(AskProvider(), actor=VISITOR)
    assert refused(node, came_back(asked, went_through(asked, "somebody-else"))) == "oidc.no_officer"


def test_suspended_officer_does_not_come_in_through_the_provider(node: Node) -> None:
    node.execute(SuspendOfficer("ines"), actor=ROOT)
    asked = node.ask(AskProvider(), actor=VISITOR)
    assert refused(node, came_back(asked, went_through(asked, "subject-of-ines"))) == "oidc.no_officer"


def test_what_came_back_counts_once(node: Node) -> None:
    asked = node.ask(AskProvider(), actor=VISITOR)
    command = came_back(asked, went_through(asked, "subject-of-ines"))
    node.execute(command, actor=VISITOR)
    assert refused(node, command) in {"oidc.refused", "sign_in.state_over"}


def test_answer_to_another_attempt_is_refused(node: Node) -> None:
    own, other = node.ask(AskProvider(), actor=VISITOR), node.ask(AskProvider(), actor=VISITOR)
    back = went_through(other, "subject-of-ines")
    assert refused(node, came_back(own, back)) == "oidc.refused"
    mixed = SignInByProvider(own.state, parse_qs(urlsplit(own.address).query)["state"][0], back["code"], CALLER)
    assert refused(node, mixed) == "oidc.refused"


def test_answer_that_comes_too_late_is_refused(node: Node, tmp_path: Path) -> None:
    asked = node.ask(AskProvider(), actor=VISITOR)
    back = went_through(asked, "subject-of-ines")
    later = datetime.now(UTC) + timedelta(days=365)
    with Node.open(tmp_path / "node", clock=lambda: later) as opened:
        assert refused(opened, came_back(asked, back)) == "sign_in.state_over"


def test_wrong_secret_of_the_node_is_refused_by_the_provider(node: Node) -> None:
    node.folder.provider_secret_file.write_text("another")
    asked = node.ask(AskProvider(), actor=VISITOR)
    assert refused(node, came_back(asked, went_through(asked, "subject-of-ines"))) == "oidc.refused"
