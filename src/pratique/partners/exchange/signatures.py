"""Several signatures over the same bytes: a descriptor at its rotation, a revocation by roots, a pairing by both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pratique.partners.exchange import jws, strict_json
from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.wire import from_b64

MOST: Final = 20


@dataclass(frozen=True, slots=True)
class SignedTogether:
    """The tokens as they came, all over ``payload``; none of them was checked yet."""

    payload: bytes
    tokens: tuple[bytes, ...]

    def with_another(self, signer: jws.Signer, *, kind: str) -> bytes:
        """The document with one signature more, as it is sent on."""
        return _written([*self.tokens, jws.signed(self.payload, kind=kind, signer=signer)])

    def written(self) -> bytes:
        """The document as it is sent on."""
        return _written(self.tokens)


def sign_together(payload: bytes, signers: Iterable[jws.Signer], *, kind: str) -> bytes:
    """The document that all of them sign."""
    return _written([jws.signed(payload, kind=kind, signer=signer) for signer in signers])


def read_together(data: bytes, *, what: str, at_most: int) -> SignedTogether:
    """The document taken apart. Raises ``exchange.oversized``, ``exchange.not_json`` and ``exchange.signatures``."""
    found = strict_json.read(data, what=what, at_most=at_most)
    listed = found.get("signatures")
    if set(found) != {"v", "signatures"} or found["v"] != 1 or not isinstance(listed, list):
        raise refuse("exchange.signatures", what=what, fault="it has the members v (1) and signatures, nothing else")
    if not 1 <= len(listed) <= MOST or not all(isinstance(one, str) for one in listed):
        raise refuse("exchange.signatures", what=what, fault=f"signatures is a list of 1 to {MOST} texts")
    tokens = tuple(one.encode("utf-8") for one in listed)
    payloads = {payload_of(token) for token in tokens}
    if len(payloads) != 1:
        raise refuse("exchange.signatures", what=what, fault="they are over different contents")
    return SignedTogether(payloads.pop(), tokens)


def payload_of(token: bytes) -> bytes:
    """The bytes a JWS is said to be over; they say nothing before it was verified."""
    parts = token.split(b".")
    try:
        return from_b64(parts[1].decode("ascii"))
    except (IndexError, ValueError):
        raise refuse("exchange.signature_form", fault="not base64 for addresses") from None


def _written(tokens: Iterable[bytes]) -> bytes:
    return strict_json.write({"v": 1, "signatures": [token.decode("ascii") for token in tokens]})
