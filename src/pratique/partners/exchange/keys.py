"""Keys by what they are for, and ids that follow from the key itself, so that no two keys can share one.

Raw forms: Ed25519 as 32 bytes; the hybrid that seals as the ML-KEM-768 key (public 1184 bytes, private a seed of 64),
then the X25519 key (32). The id is the first 16 bytes of ``SHA-256(algorithm || 0x00 || raw public key)`` in hex.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey

from pratique.partners.exchange.jws import KeyInMemory

ED25519: Final = "ed25519"
HYBRID: Final = "mlkem768-x25519"
USES: Final = {"sign": ED25519, "seal": HYBRID, "log": ED25519, "witness": ED25519, "root": ED25519}
LENGTHS: Final = {ED25519: 32, HYBRID: 1216}
KEPT: Final = 256  # keys of partners taken apart once
_LATTICE_PUBLIC: Final = 1184
_LATTICE_SEED: Final = 64
_ID_BYTES: Final = 16


def key_id(algorithm: str, public: bytes) -> str:
    """The id of a public key: 32 hexadecimal digits."""
    return hashlib.sha256(algorithm.encode("ascii") + b"\x00" + public).digest()[:_ID_BYTES].hex()


def signer(private: Ed25519PrivateKey) -> KeyInMemory:
    """A signer with that key, under the id that follows from it."""
    return KeyInMemory(key_id(ED25519, private.public_key().public_bytes_raw()), private)


@lru_cache(maxsize=KEPT)
def verifying_key(public: bytes) -> Ed25519PublicKey:
    """The raw Ed25519 key in the form that checks signatures."""
    return Ed25519PublicKey.from_public_bytes(public)


@lru_cache(maxsize=KEPT)
def sealing_key(public: bytes) -> MLKEM768X25519PublicKey:
    """The raw hybrid key to seal for. Raises ``ValueError`` for bytes that are no such key."""
    if len(public) != LENGTHS[HYBRID]:
        raise ValueError(f"a {HYBRID} key has {LENGTHS[HYBRID]} bytes")
    lattice = MLKEM768PublicKey.from_public_bytes(public[:_LATTICE_PUBLIC])
    return MLKEM768X25519PublicKey(lattice, X25519PublicKey.from_public_bytes(public[_LATTICE_PUBLIC:]))


def opening_key(private: bytes) -> MLKEM768X25519PrivateKey:
    """The raw hybrid private key to open with (seed, then X25519)."""
    lattice = MLKEM768PrivateKey.from_seed_bytes(private[:_LATTICE_SEED])
    return MLKEM768X25519PrivateKey(lattice, X25519PrivateKey.from_private_bytes(private[_LATTICE_SEED:]))


def public_of_opening(private: bytes) -> bytes:
    """The raw public key that belongs to a raw hybrid private key."""
    lattice = MLKEM768PrivateKey.from_seed_bytes(private[:_LATTICE_SEED]).public_key().public_bytes_raw()
    return lattice + X25519PrivateKey.from_private_bytes(private[_LATTICE_SEED:]).public_key().public_bytes_raw()
