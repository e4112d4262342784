"""The group of OPRF(P-256, SHA-256): points of NIST P-256, hashed to and multiplied (RFC 9380, RFC 9497 section 4.3).

Multiplications are the library's ECDH, which takes the same time for every scalar. It gives the x of a product alone;
its y follows from a second product, of the point plus the generator. What is computed here in plain integers beside
that (the map of RFC 9380, one addition, that y) is of points, never of the scalar. Its time depends on the identifier
that is hashed, which the machine that computes it holds in the clear anyway, on products that travel, and on the
multiple of the generator, which a public key is; so from it nobody on the line learns a key or a blinding.
"""

from __future__ import annotations

import hashlib
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

PRIME: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ELEMENT_BYTES: Final = 33
SCALAR_BYTES: Final = 32
_A: Final = PRIME - 3
_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_Z: Final = PRIME - 10
_MAPS_TO: Final = -_B * pow(_A, -1, PRIME) % PRIME  # -B / A
_MAPS_ZERO_TO: Final = _B * pow(_Z * _A, -1, PRIME) % PRIME
_BASE: Final = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_WIDE: Final = 48  # bytes of a hash that becomes a number below the prime: L of RFC 9380
_HASH_BYTES: Final = 32
_BLOCK_BYTES: Final = 64
_CURVE: Final = ec.SECP256R1()
_ECDH: Final = ec.ECDH()

Point = tuple[int, int]


def read_element(data: bytes) -> Point:
    """The point of a compressed element (SEC 1). Raises ``ValueError`` for anything but a point of the curve."""
    if len(data) != ELEMENT_BYTES:
        raise ValueError(f"an element has {ELEMENT_BYTES} bytes, not {len(data)}")
    numbers = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, data).public_numbers()
    return numbers.x, numbers.y


def write_element(point: Point) -> bytes:
    """The point as it travels: 2 or 3 for the parity of y, then x."""
    return bytes([2 + (point[1] & 1)]) + point[0].to_bytes(SCALAR_BYTES, "big")


class Scalar:
    """A number from 1 to the order less 1, by which points are multiplied."""

    def __init__(self, number: int) -> None:
        self._key = ec.derive_private_key(number, _CURVE)
        own = self._key.public_key().public_numbers()
        self._base = own.x, own.y
        self._half = pow(2 * own.y, -1, PRIME)

    def times(self, point: Point) -> Point:
        """The product of the point with this number."""
        x, y = self._base
        if point[0] == _BASE[0]:
            return (x, y) if point[1] == _BASE[1] else (x, PRIME - y)
        across = self._product(point)
        return across, self._height(across, self._product(_sum(point, _BASE)))

    def _height(self, across: int, beside: int) -> int:
        """The y of the product, whose x is ``across``; ``beside`` is the x of its sum with the base times this number.

        The chord through both points says ``(y' - y)^2 = (beside + x + x') (x' - x)^2``, the curve what ``y^2`` is.
        """
        x, y = self._base
        chord = (beside + across + x) * (x - across) ** 2
        return (_right_side(across) + y * y - chord) * self._half % PRIME

    def _product(self, point: Point) -> int:
        """The x of the product."""
        peer = ec.EllipticCurvePublicNumbers(point[0], point[1], _CURVE).public_key()
        return int.from_bytes(self._key.exchange(_ECDH, peer), "big")


def hash_to_point(said: bytes, tag: bytes) -> Point:
    """The suite ``P256_XMD:SHA-256_SSWU_RO_`` of RFC 9380, for a domain separation tag."""
    wide = _expanded(said, tag, 2 * _WIDE)
    first, second = (int.from_bytes(part, "big") % PRIME for part in (wide[:_WIDE], wide[_WIDE:]))
    one, other = _mapped(first), _mapped(second)
    if one[0] == other[0]:
        raise AssertionError("two hashes fell on one line: a chance of 2^-255")
    return _sum(one, other)


def hash_to_scalar(said: bytes, tag: bytes) -> int:
    """``HashToScalar`` of RFC 9497: a number below the order."""
    return int.from_bytes(_expanded(said, tag, _WIDE), "big") % ORDER


def _sum(one: Point, other: Point) -> Point:
    """The sum of two points with different x."""
    slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, PRIME) % PRIME
    x = (slope * slope - one[0] - other[0]) % PRIME
    return x, (slope * (one[0] - x) - one[1]) % PRIME


def _right_side(x: int) -> int:
    return (x * x * x + _A * x + _B) % PRIME


def _root(square: int) -> int:
    """A root of a square; of anything else a number whose square is another."""
    return pow(square, (PRIME + 1) // 4, PRIME)


def _mapped(number: int) -> Point:
    """The simplified map of Shallue, van de Woestijne and Ulas (RFC 9380, 6.6.2)."""
    scaled = _Z * number * number % PRIME
    below = (scaled * scaled + scaled) % PRIME
    x = _MAPS_TO * (1 + pow(below, -1, PRIME)) % PRIME if below else _MAPS_ZERO_TO
    square = _right_side(x)
    y = _root(square)
    if y * y % PRIME != square:
        x = scaled * x % PRIME
        y = _root(_right_side(x))
    return x, y if y & 1 == number & 1 else PRIME - y


def _expanded(said: bytes, tag: bytes, length: int) -> bytes:
    """``expand_message_xmd`` with SHA-256 (RFC 9380, 5.3.1); tags of at most 255 bytes."""
    framed = tag + bytes([len(tag)])
    first = hashlib.sha256(bytes(_BLOCK_BYTES) + said + length.to_bytes(2, "big") + b"\x00" + framed).digest()
    block = hashlib.sha256(first + b"\x01" + framed).digest()
    blocks = [block]
    for number in range(2, -(-length // _HASH_BYTES) + 1):
        mixed = bytes(one ^ other for one, other in zip(first, block, strict=True))
        block = hashlib.sha256(mixed + bytes([number]) + framed).digest()
        blocks.append(block)
    return b"".join(blocks)[:length]
