"""OPRF(P-256, SHA-256) of RFC 9497, mode 0: a function with one side's key, of what the other side alone knows.

Names are those of the RFC; scalars are numbers, elements the bytes that travel.
"""

from __future__ import annotations

import hashlib
from typing import Final

from pratique.partners.exchange.p256 import (
    ORDER,
    Point,
    Scalar,
    hash_to_point,
    hash_to_scalar,
    read_element,
    write_element,
)

CONTEXT: Final = b"OPRFV1-\x00-P256-SHA256"
_TO_GROUP: Final = b"HashToGroup-" + CONTEXT
_TO_SCALAR: Final = b"HashToScalar-" + CONTEXT
_KEY_PAIR: Final = b"DeriveKeyPair" + CONTEXT


def derive_key(seed: bytes, info: bytes) -> Scalar:
    """``DeriveKeyPair``: the key that follows from a seed of 32 random bytes."""
    said = seed + len(info).to_bytes(2, "big") + info
    for counter in range(256):
        key = hash_to_scalar(said + bytes([counter]), _KEY_PAIR)
        if key:
            return Scalar(key)
    raise AssertionError("no key in 256 attempts: a chance of 2^-65000")


def random_scalar(secret: bytes) -> int:
    """``RandomScalar`` out of 32 fresh random bytes: the library draws no randomness of its own."""
    return hash_to_scalar(secret, _TO_SCALAR) or 1


def blind(said: bytes, scalar: int) -> bytes:
    """``Blind``: the element to send. Whatever was said, it is as likely as any other."""
    return write_element(Scalar(scalar).times(hash_to_point(said, _TO_GROUP)))


def blind_evaluate(key: Scalar, element: bytes) -> bytes:
    """``BlindEvaluate``. Raises ``ValueError`` for what is no element."""
    return write_element(key.times(read_element(element)))


def finalize(said: bytes, inverse: int, element: bytes) -> bytes:
    """``Finalize`` with the inverse of the blinding scalar: 32 bytes. Raises ``ValueError`` for what is no element."""
    return _output(said, Scalar(inverse).times(read_element(element)))


def evaluate(key: Scalar, said: bytes) -> bytes:
    """``Evaluate``: the same output for whoever has the key."""
    return _output(said, key.times(hash_to_point(said, _TO_GROUP)))


def inverse_of(scalar: int) -> int:
    """What takes the blinding out again."""
    return pow(scalar, -1, ORDER)


def _output(said: bytes, point: Point) -> bytes:
    element = write_element(point)
    framed = len(said).to_bytes(2, "big") + said + len(element).to_bytes(2, "big") + element
    return hashlib.sha256(framed + b"Finalize").digest()
