"""What an identity provider may not do: point elsewhere, sign for others, sign in old or foreign ways."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from nodes import NOON
from pratique.node.access.oidc import Attempted, Provider, address_to_go, discover, subject_of
from pratique.vocabulary.errors import PratiqueError

pytestmark = pytest.mark.long

KEY = ECKey.generate_key("P-256", {"kid": "one"}, private=True)
OTHER = ECKey.generate_key("P-256", {"kid": "one"}, private=True)
ATTEMPT = Attempted("state", "nonce", "verifier")
NOW = int(NOON.timestamp())


@contextmanager
def provider(**changes: Any) -> Iterator[Provider]:
    """A provider on this computer that answers as told: ``document``, ``token``, ``status``, ``location``, ``raw``."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", "0")))
            self._answer()

        def _answer(self) -> None:
            here = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
            asked.append(self.path)
            answers = {
                "/.well-known/openid-configuration": {
                    "issuer": here,
                    "authorization_endpoint": f"{here}/auth",
                    "token_endpoint": f"{here}/token",
                    "jwks_uri": f"{here}/keys",
                    **changes.get("document", {}),
                },
                "/token": {"id_token": changes["token"](here) if "token" in changes else ""},
                "/keys": {"keys": [changes.get("key", KEY).as_dict(private=False)]},
            }
            body = changes.get("raw", json.dumps(answers.get(self.path, {})).encode())
            self.send_response(changes.get("status", 200))
            if "location" in changes:
                self.send_header("Location", changes["location"])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    asked: list[str] = []
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Provider(f"http://127.0.0.1:{server.server_port}", "node", "http://localhost:8040/sign-in/back")
        finally:
            server.shutdown()
            thread.join()


def token(key: Any = KEY, *, header: dict[str, str] | None = None, **changes: object):
    """An ID token as it should be, but for ``changes``; a change to ``None`` leaves the claim out."""

    def signed(issuer: str) -> str:
        claims: dict[str, Any] = {
            "iss": issuer,
            "aud": "node",
            "sub": "ines",
            "nonce": "nonce",
            "iat": NOW,
            "exp": NOW + 300,
            "amr": ["pwd", "mfa"],
        }
        claims = {name: value for name, value in (claims | changes).items() if value is not None}
        head = {"alg": "ES256", "kid": "one"} | (header or {})
        return jwt.encode(head, claims, key, algorithms=[head["alg"]])

    return signed


def subject(made: Provider) -> str:
    return subject_of(made, ATTEMPT, state="state", code="code", now=NOON)


def test_token_as_it_should_be_names_its_subject() -> None:
    with provider(token=token()) as made:
        assert subject(made) == "ines"


@pytest.mark.parametrize(
    "made",
    [
        token(OTHER),
        token(iss="https://elsewhere.example"),
        token(iss=None),
        token(aud="another-client"),
        token(aud=["node", "another-client"]),
        token(aud=None),
        token(azp="another-client"),
        token(nonce="of-another-attempt"),
        token(nonce=None),
        token(exp=NOW - 61),
        token(exp=None),
        token(iat=None),
        token(sub=None),
        token(OctKey.import_key("a-secret-that-everybody-knows-here"), header={"alg": "HS256"}),
        lambda issuer: "",
        lambda issuer: "a.b.c",
        lambda issuer: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJpbmVzIn0.",
    ],
)
def test_token_that_does_not_hold_names_nobody(made: Any) -> None:
    with provider(token=made) as asked, pytest.raises(PratiqueError) as error:
        subject(asked)
    assert error.value.code == "oidc.refused"


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "http://169.254.169.254/latest/meta-data"},
        {"jwks_uri": "https://elsewhere.example/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
    ],
)
def test_document_that_points_elsewhere_is_refused_and_nobody_else_is_asked(document: dict[str, Any]) -> None:
    with provider(document=document, token=token()) as made, pytest.raises(PratiqueError) as error:
        subject(made)
    assert error.value.code == "oidc.unfit"


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 302, "location": "http://169.254.169.254/"},
        {"status": 500},
        {"raw": b"not json"},
        {"raw": b"[]"},
        {"raw": b"[" * 100_000},
        {"raw": b'"' + b"x" * 300_000 + b'"'},
    ],
)
def test_answer_that_is_none_is_refused(answer: dict[str, Any]) -> None:
    with provider(**answer) as made, pytest.raises(PratiqueError) as error:
        discover(made)
    assert error.value.code == "oidc.unfit"


def test_issuer_without_https_is_never_asked() -> None:
    with pytest.raises(PratiqueError) as error:
        discover(Provider("http://provider.example", "node", "http://localhost:8040/sign-in/back"))
    assert error.value.code == "oidc.unfit"


def test_state_of_another_attempt_is_refused_before_anybody_is_asked() -> None:
    with pytest.raises(PratiqueError) as error:
        subject_of(Provider("https://provider.example", "node", ""), ATTEMPT, state="other", code="code", now=NOON)
    assert error.value.code == "oidc.refused"


@pytest.mark.parametrize(
    "claims", [{"amr": None}, {"amr": []}, {"amr": ["pwd"]}, {"amr": "mfa"}, {"acr": "0", "amr": None}]
)
def test_token_that_names_no_second_factor_is_refused(claims: dict[str, Any]) -> None:
    with provider(token=token(**claims)) as made, pytest.raises(PratiqueError) as error:
        subject(made)
    assert error.value.code == "oidc.one_factor"


def test_two_factors_may_be_named_as_the_class_of_the_sign_in() -> None:
    with provider(token=token(amr=None, acr="urn:two")) as made:
        assert subject(replace(made, strength=("gold", "urn:two"))) == "ines"
        assert "acr_values=gold+urn%3Atwo" in address_to_go(
            replace(made, strength=("gold", "urn:two")), discover(made), ATTEMPT
        )


def test_keys_of_the_provider_that_are_too_short_are_not_believed() -> None:
    short = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
    with provider(key=short, token=token(short, header={"alg": "RS256"})) as made:
        with pytest.raises(PratiqueError) as error:
            subject(made)
        assert error.value.code == "oidc.short_key"
        assert subject(replace(made, least_bits=2048)) == "ines"
