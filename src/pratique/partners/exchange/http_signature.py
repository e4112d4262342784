"""The signature on each request between nodes: one strict profile of HTTP Message Signatures (RFC 9421).

Covered are ``@method``, ``@target-uri`` and ``content-digest`` (RFC 9530, SHA-256), always all three in that order;
the parameters are ``created``, ``expires`` at most 300 seconds later, ``nonce``, ``keyid`` (partner and key id),
``alg`` and ``tag``. A proxy that ends TLS can therefore pass a request on, but not change where it goes or what it
says. Whoever calls :func:`verify` refuses a nonce seen before, until it is past.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_sfv.dictionary import Dictionary

from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.jws import Signer
from pratique.partners.exchange.partner import Partner
from pratique.vocabulary.errors import Category, PratiqueError

LABEL: Final = "pratique"
TAG: Final = "pratique-partner-1"
COVERED: Final = ("@method", "@target-uri", "content-digest")
LONGEST: Final = timedelta(seconds=300)
SKEW: Final = timedelta(seconds=60)
LONGEST_FIELD: Final = 1024
_ADDRESS: Final = re.compile(r"https?://(?P<authority>[^/?#]+)(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?")
_NONCE: Final = re.compile(r"[A-Za-z0-9_-]{22,64}")
_KEY_ID: Final = re.compile(r"([a-z0-9][a-z0-9.\-]{0,99})/([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class Request:
    """What is signed of a request. ``uri`` is the whole address as the caller wrote it, ``fields`` have lower-case
    names."""

    method: str
    uri: str
    body: bytes
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who signed a request: the partner, its key, and the nonce to remember until ``until``."""

    partner: str
    key_id: str
    nonce: str
    until: datetime


def content_digest(body: bytes) -> str:
    """The value of ``Content-Digest``; an empty body has one too."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def sign(request: Request, *, own_id: str, signer: Signer, created: datetime, nonce: str) -> dict[str, str]:
    """The three fields to add to the request. ``nonce`` is fresh: 22 to 64 letters, digits, ``-`` and ``_``."""
    digest = content_digest(request.body)
    start = int(created.timestamp())
    text = _parameters(start, start + int(LONGEST.total_seconds()), nonce, f"{own_id}/{signer.id}")
    base = signature_base(COVERED, Request(request.method, request.uri, b"", {"content-digest": digest}), text)
    signature = base64.b64encode(signer.sign(base)).decode()
    return {"Content-Digest": digest, "Signature-Input": f"{LABEL}={text}", "Signature": f"{LABEL}=:{signature}:"}


def verify(request: Request, partners: Mapping[str, Partner], *, now: datetime) -> Caller:
    """Who signed the request. Raises ``exchange.unsigned`` (a field is missing or is not of this profile),
    ``exchange.body_changed``, ``exchange.request_late``, ``exchange.sender_unknown``, the faults of keys and
    ``exchange.signature_broken``."""
    said = _parsed(request)
    if not hmac.compare_digest(request.fields["content-digest"].encode(), content_digest(request.body).encode()):
        raise refuse("exchange.body_changed", Category.DENIED)
    created, expires = (datetime.fromtimestamp(moment, UTC) for moment in (said.created, said.expires))
    if not created - SKEW <= now < expires + SKEW or not timedelta(0) < expires - created <= LONGEST:
        raise refuse("exchange.request_late", Category.DENIED)
    partner = partners.get(said.partner)
    if partner is None:
        raise refuse("exchange.sender_unknown", Category.DENIED, sender=said.partner)
    key = partner.any_signing_key(said.key_id, at=now)
    try:
        base = signature_base(COVERED, request, said.text)
    except ValueError as fault:  # UnicodeEncodeError is one
        raise _unsigned(str(fault)) from None
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(said.signature, base)
    except InvalidSignature:
        raise refuse("exchange.signature_broken", Category.DENIED, key=key.id) from None
    return Caller(partner.id, key.id, said.nonce, expires + SKEW)


def signature_base(names: Sequence[str], request: Request, parameters: str) -> bytes:
    """What is signed (RFC 9421, 2.5): a line for each covered component, then the parameters as they are sent.

    Raises ``ValueError`` for a component that the request has not, or whose value would break the line.
    """
    lines = [f'"{name}": {_value(name, request)}' for name in names]
    if any("\n" in line or "\r" in line for line in lines):
        raise ValueError("a component holds a line break")
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode("ascii")


@dataclass(frozen=True, slots=True)
class _Said:
    partner: str
    key_id: str
    created: int
    expires: int
    nonce: str
    signature: bytes
    text: str


def _value(name: str, request: Request) -> str:
    if not name.startswith("@"):
        if name not in request.fields:
            raise ValueError(f"the request has no {name}")
        return request.fields[name].strip()
    parts = _ADDRESS.fullmatch(request.uri)
    if parts is None:
        raise ValueError("the address is not whole")
    derived = {
        "@method": request.method,
        "@target-uri": request.uri,
        "@authority": parts["authority"].lower(),
        "@path": parts["path"] or "/",
        "@query": f"?{parts['query'] or ''}",
    }
    if name not in derived:
        raise ValueError(f"{name} is not known")
    return derived[name]


def _parameters(created: int, expires: int, nonce: str, key_id: str) -> str:
    covered = " ".join(f'"{name}"' for name in COVERED)
    return f'({covered});created={created};expires={expires};nonce="{nonce}";keyid="{key_id}";alg="ed25519";tag="{TAG}"'


def _parsed(request: Request) -> _Said:
    """The signature's fields, which must be spelled exactly as :func:`sign` spells them."""
    fields = [request.fields.get(name, "") for name in ("signature-input", "signature", "content-digest")]
    if not all(0 < len(field) <= LONGEST_FIELD and field.isascii() for field in fields):
        raise _unsigned("a field is missing or too long")
    try:
        stated, signature = Dictionary(), Dictionary()
        stated.parse(fields[0].encode())
        signature.parse(fields[1].encode())
        params = stated[LABEL].params
        created, expires, nonce, key = (params[name] for name in ("created", "expires", "nonce", "keyid"))
        raw = signature[LABEL].value
    except (ValueError, KeyError, AttributeError, IndexError, TypeError):
        raise _unsigned("it is no list of structured fields with the label and the parameters") from None
    named = _KEY_ID.fullmatch(str(key))
    if named is None or _NONCE.fullmatch(str(nonce)) is None or not isinstance(raw, bytes):
        raise _unsigned("key id, nonce or signature")
    if not all(type(moment) is int and 0 < moment < 2**33 for moment in (created, expires)):
        raise _unsigned("created or expires")
    text = _parameters(created, expires, str(nonce), str(key))
    spelled = f"{LABEL}=:{base64.b64encode(raw).decode()}:"
    if fields[0] != f"{LABEL}={text}" or fields[1] != spelled or len(raw) != 64:
        raise _unsigned("it covers something else or has other parameters")
    return _Said(named[1], named[2], created, expires, str(nonce), raw, text)


def _unsigned(fault: str) -> PratiqueError:
    return refuse("exchange.unsigned", Category.DENIED, fault=fault)
