"""Signatures over exact bytes: compact JWS with Ed25519 (RFC 7515, RFC 8037, RFC 9864), one algorithm, three headers.

The protected header is ``alg``, ``kid`` and ``typ``, nothing else: no key of the signer's choice, no ``crit``, no other
algorithm, so that nothing is left to negotiate. ``typ`` keeps a signature made for one kind of record from standing
for another.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pratique.partners.exchange import strict_json
from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.wire import b64, from_b64

ALGORITHM: Final = "Ed25519"
LARGEST_HEADER: Final = 512
KEPT: Final = 64  # headers, each of one kind and key


class Signer(Protocol):
    """What signs: a key in memory, or a device that keeps it."""

    @property
    def id(self) -> str:
        """The key id as descriptors have it."""

    def sign(self, data: bytes) -> bytes:
        """The 64 bytes of the Ed25519 signature over ``data``."""


@dataclass(frozen=True, slots=True)
class KeyInMemory:
    """A signer whose private key is at hand."""

    id: str
    private: Ed25519PrivateKey

    def sign(self, data: bytes) -> bytes:
        """See :class:`Signer`."""
        return self.private.sign(data)


@lru_cache(maxsize=KEPT)
def _header(kind: str, key_id: str) -> str:
    return b64(strict_json.write({"alg": ALGORITHM, "kid": key_id, "typ": kind}))


def signed(payload: bytes, *, kind: str, signer: Signer) -> bytes:
    """The compact JWS of ``payload``, whose ``typ`` is ``kind``."""
    text = f"{_header(kind, signer.id)}.{b64(payload)}".encode("ascii")
    return text + b"." + b64(signer.sign(text)).encode("ascii")


@dataclass(frozen=True, slots=True)
class Unverified:
    """A JWS taken apart; its payload says nothing before :meth:`verify` was passed."""

    key_id: str
    token: bytes

    def verify(self, key: Ed25519PublicKey) -> bytes:
        """The payload. Raises ``exchange.signature_broken``."""
        said, _, signature = self.token.rpartition(b".")
        try:
            key.verify(from_b64(signature.decode("ascii")), said)
        except InvalidSignature:
            raise refuse("exchange.signature_broken", key=self.key_id) from None
        return from_b64(said.partition(b".")[2].decode("ascii"))


def taken_apart(token: bytes, *, kind: str) -> Unverified:
    """Which key is said to have signed. Raises ``exchange.signature_form`` for anything but the one form."""
    parts = token.split(b".")
    if len(parts) != 3 or len(parts[0]) > LARGEST_HEADER:
        raise refuse("exchange.signature_form", fault="not three parts")
    try:
        header_bytes, _, signature = (from_b64(part.decode("ascii")) for part in parts)
    except ValueError:
        raise refuse("exchange.signature_form", fault="not base64 for addresses") from None
    header = strict_json.read(header_bytes, what="signature", at_most=LARGEST_HEADER)
    if set(header) != {"alg", "kid", "typ"} or header["alg"] != ALGORITHM or len(signature) != 64:
        raise refuse("exchange.signature_form", fault="not the one algorithm")
    if header["typ"] != kind:
        raise refuse("exchange.signature_form", fault=f"not a {kind}")
    if not isinstance(header["kid"], str):
        raise refuse("exchange.signature_form", fault="no key id")
    return Unverified(header["kid"], token)
