"""Sign-in through the administration's identity provider: OpenID Connect Core 1.0, authorization code with PKCE.

Only the configured issuer is ever asked, over https (loopback in tests apart), without redirects, for a bounded answer:
whatever a discovery document says, no other host is reached.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from pratique.node.errors import refuse
from pratique.vocabulary.errors import Category, PratiqueError

ALGORITHMS: Final = ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"]
LEEWAY_SECONDS: Final = 60
TIMEOUT_SECONDS: Final = 10
LARGEST_ANSWER: Final = 256 * 1024  # bytes
LOOPBACK: Final = ("localhost", "127.0.0.1")
LONGEST_CODE: Final = 2048


@dataclass(frozen=True, slots=True)
class Provider:
    """The identity provider, the name and the secret that it knows the node by, and where officers come back to.

    ``strength`` are the words of which its token must name one, as ``acr`` (OpenID Connect Core 1.0, 2) or in ``amr``
    (RFC 8176): how two factors are called there. ``least_bits`` is the shortest RSA key that is believed.
    """

    issuer: str
    client: str
    redirect: str
    client_secret: str | None = field(default=None, repr=False)
    strength: tuple[str, ...] = ("mfa",)
    least_bits: int = 3072


@dataclass(frozen=True, slots=True)
class Attempted:
    """One attempt to sign in: what the answer must match. Kept in the browser, sealed."""

    state: str
    nonce: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the provider does what, by its discovery document."""

    authorization: str
    token: str
    keys: str


def new_attempt() -> Attempted:
    """Fresh randomness for state, nonce and PKCE."""
    return Attempted(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


def address_to_go(provider: Provider, endpoints: Endpoints, attempt: Attempted) -> str:
    """Where the browser goes."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": provider.client,
        "redirect_uri": provider.redirect,
        "scope": "openid",
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "acr_values": " ".join(provider.strength),
    }
    joint = "&" if "?" in endpoints.authorization else "?"
    return f"{endpoints.authorization}{joint}{urlencode(asked)}"


def discover(provider: Provider) -> Endpoints:
    """The provider's endpoints. Raises ``UNAVAILABLE`` where it does not answer as a provider must."""
    found = _asked(provider, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != provider.issuer:
        raise _unfit("issuer")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    addresses = [str(found.get(name, "")) for name in names]
    for name, address in zip(names, addresses, strict=True):
        _require_own(provider, address, name)
    return Endpoints(*addresses)


def subject_of(provider: Provider, attempt: Attempted, *, state: str, code: str, now: datetime) -> str:
    """Who the provider says has signed in. Raises ``SIGNED_OUT`` where its answer does not hold."""
    if not hmac.compare_digest(state.encode(), attempt.state.encode()) or not 0 < len(code) <= LONGEST_CODE:
        raise _refused()
    endpoints = discover(provider)
    given = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": provider.redirect,
        "client_id": provider.client,
        "code_verifier": attempt.verifier,
    }
    answer = _asked(provider, endpoints.token, form=given)
    keys = _asked(provider, endpoints.keys)
    return _subject(provider, attempt, str(answer.get("id_token", "")), keys, now)


def _subject(provider: Provider, attempt: Attempted, token: str, keys: Mapping[str, Any], now: datetime) -> str:
    """The subject of the ID token, once signature, issuer, audience, time and nonce hold (Core 1.0, 3.1.3.7)."""
    wanted = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": attempt.nonce},
    )
    try:
        believed = _strong_keys(provider, KeySet.import_key_set({"keys": keys["keys"]}))
        claims = jwt.decode(token, believed, algorithms=ALGORITHMS).claims
        wanted.validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise _refused() from error
    authorised = claims.get("azp", provider.client)
    if authorised != provider.client or (isinstance(claims["aud"], list) and len(claims["aud"]) > 1):
        raise _refused()
    if not _two_factors(provider, claims):
        raise refuse("oidc.one_factor", Category.SIGNED_OUT, wanted=", ".join(provider.strength))
    return str(claims["sub"])


def _strong_keys(provider: Provider, keys: KeySet) -> KeySet:
    """The keys without RSA keys that are too short to be believed. Raises ``UNAVAILABLE`` where none is left."""
    strong = [key for key in keys.keys if not isinstance(key, RSAKey) or _bits(key) >= provider.least_bits]
    if keys.keys and not strong:
        raise refuse("oidc.short_key", Category.UNAVAILABLE, least=provider.least_bits)
    return KeySet(strong)


def _bits(key: RSAKey) -> int:
    return key.public_key.key_size


def _two_factors(provider: Provider, claims: Mapping[str, Any]) -> bool:
    """The token names one of the words that stand for two factors; without any it stands for one at most."""
    named = claims.get("amr")
    words = {claims.get("acr"), *(named if isinstance(named, list) else ())}
    return any(isinstance(word, str) and word in provider.strength for word in words)


def _asked(provider: Provider, address: str, *, form: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The JSON object that the provider answers with; nothing of it is told further where it fails."""
    _require_own(provider, address, "address")
    secret = provider.client_secret if form is not None else None
    auth = httpx.BasicAuth(provider.client, secret) if secret else None
    try:
        with httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False) as client:
            method = "GET" if form is None else "POST"
            with client.stream(method, address, data=form, auth=auth, headers={"Accept": "application/json"}) as answer:
                content = _bounded(answer)
    except httpx.HTTPError as error:
        raise refuse("oidc.no_answer", Category.UNAVAILABLE) from error
    if form is not None and answer.status_code in (400, 401):
        raise _refused()
    if answer.status_code != httpx.codes.OK:
        raise _unfit(str(answer.status_code))
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _unfit("JSON") from error
    if not isinstance(found, dict):
        raise _unfit("JSON")
    return found


def _bounded(answer: httpx.Response) -> bytes:
    content = bytearray()
    for part in answer.iter_bytes():
        content += part
        if len(content) > LARGEST_ANSWER:
            raise _unfit("size")
    return bytes(content)


def _require_own(provider: Provider, address: str, name: str) -> None:
    """The address is the issuer's own: the same host and port, over https or on this computer."""
    own, asked = urlsplit(provider.issuer), urlsplit(address)
    local = own.scheme == "http" and own.hostname in LOOPBACK
    if (asked.scheme, asked.netloc) != (own.scheme, own.netloc) or not (own.scheme == "https" or local):
        raise _unfit(name)


def _unfit(what: str) -> PratiqueError:
    return refuse("oidc.unfit", Category.UNAVAILABLE, what=what)


def _refused() -> PratiqueError:
    return refuse("oidc.refused", Category.SIGNED_OUT)
