"""Blind queries: is this container, company or person known to you? The asked side learns nothing of what was asked.

An oblivious pseudorandom function over Curve25519 (the 2HashDH construction of Jarecki, Kiayias and Krawczyk, 2014).
The asking side hashes the normalised identifier to a point, multiplies it with a fresh secret and sends that: the
asked side cannot tell it from a random point, whatever was asked. The asked side multiplies it with the key of its set
and sends it back; the asking side takes its own secret out again and looks whether the result is among the tokens of
the set, which are the same function of every identifier the asked side holds. What this does and does not hold is told
in ``docs/exchange.md``: it hides the question from an asked side that cheats too, but whether the answer is right rests
on its honesty; and whoever asks often enough can guess, so that questions are counted and limited. Decoys among the
elements and tokens keep how many are asked, and how many are held, to a class of size.

Points are the x-coordinates of RFC 7748 and are multiplied by the library's X25519, which is constant-time. Its scalars
are clamped: multiples of 8, so that only the large subgroup of prime order is reached. Those with an inverse of the
same form are about a quarter of all, so what hides the question is the discrete logarithm, not chance alone; a quantum
computer could take it away. No cryptographer outside the project has reviewed this composition.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from pratique.partners.exchange.errors import refuse
from pratique.vocabulary.errors import Category

PRIME: Final = 2**255 - 19
ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_CURVE_A: Final = 486662
TOKEN_BYTES: Final = 16
KEY_BYTES: Final = 32
MOST_TOKENS: Final = 4_000_000
NORMALISATION: Final = 1
"""The version of :func:`identifier`. Both sides must use the same, or nothing would ever be known."""
BATCHES: Final = (10, 50, 100)
"""How many elements a question has: identifiers, then decoys up to the next of these."""
LEAST_TOKENS: Final = 256
"""Tokens are filled up with decoys to this, or to the next power of two: the size of a set stays a class."""
_SPACES: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Blinded:
    """A question on its way: the element to send, and the secret scalar that takes the blinding out again (keep it)."""

    element: bytes
    unblinding: bytes
    identifier: bytes


def identifier(kind: str, text: str, *, born_on: date | None = None) -> bytes:
    """What is hashed of an identifier: the kind, and the text in capitals without marks, spaces or punctuation, names
    with their words in order of the alphabet (``Müller-Lüdenscheid`` and ``LUDENSCHEID MULLER`` ask the same). Scripts
    stay as they are. A vessel is asked by its IMO number, with or without these letters before it. A person needs
    ``born_on``: a name alone is many persons.

    Raises ``exchange.blind_identifier`` where nothing, or no date of birth, is given.
    """
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", text).upper() if not unicodedata.combining(letter)
    )
    words = " ".join(sorted(_SPACES.sub(" ", plain).split())) if kind in ("person", "company_name") else ""
    kept = words or _SPACES.sub("", plain)
    if kind == "vessel":
        kept = kept.removeprefix("IMO")
    if not kept or (kind == "person") != (born_on is not None):
        raise refuse("exchange.blind_identifier", kind=kind)
    parts = ["pratique/blind/1", kind, kept, *([born_on.isoformat()] if born_on else [])]
    return "\n".join(parts).encode()


def blinded(said: bytes, *, secret: bytes) -> Blinded:
    """The question for an identifier. ``secret`` is 32 fresh random bytes, for this question alone."""
    scalar, inverse = _scalar_with_inverse(secret)
    return Blinded(_multiplied(scalar, _point(said)), inverse, said)


def evaluated(elements: Sequence[bytes], *, key: bytes) -> tuple[bytes, ...]:
    """The asked side's part: each element multiplied with the key of the set (32 random bytes, one per set and time).

    Raises ``exchange.blind_element`` for what is no point of the curve (but of its twist), or one of small order.
    """
    return tuple(_multiplied(key, _checked(element)) for element in elements)


def tokens(identifiers: Iterable[bytes], *, key: bytes) -> tuple[bytes, ...]:
    """The tokens of a set, in order, each once: what the asking side compares with."""
    return tuple(sorted({_token(said, _multiplied(key, _point(said))) for said in identifiers}))


def batch_size(count: int) -> int:
    """How many elements a question of ``count`` identifiers has. Raises ``exchange.blind_many`` above the largest."""
    if not 1 <= count <= BATCHES[-1]:
        raise refuse("exchange.blind_many", found=count, most=BATCHES[-1])
    return next(each for each in BATCHES if each >= count)


def decoy(secret: bytes) -> bytes:
    """An element that asks nothing, which nobody can tell from one that does. ``secret``: 32 fresh random bytes."""
    return blinded(b"pratique/blind/decoy/1" + secret, secret=secret).element


def filled_up(held: Sequence[bytes], *, fresh: Callable[[int], bytes]) -> tuple[bytes, ...]:
    """The tokens with decoys among them. ``fresh`` gives so many random bytes; a decoy answers to no identifier."""
    size = max(LEAST_TOKENS, 1 << max(len(held) - 1, 0).bit_length())
    made = set(held)
    while len(made) < size:
        made.add(fresh(TOKEN_BYTES))
    return tuple(sorted(made))


def is_known(question: Blinded, answer: bytes, held: frozenset[bytes] | set[bytes]) -> bool:
    """Whether the identifier is in the set, from the evaluated element. Raises ``exchange.blind_element``."""
    return _token(question.identifier, _multiplied(question.unblinding, _checked(answer))) in held


def set_id(held: Iterable[bytes]) -> bytes:
    """What names a set of tokens: SHA-256 of them in order."""
    return hashlib.sha256(b"".join(sorted(held))).digest()


def write_tokens(held: Sequence[bytes]) -> bytes:
    """The tokens as the attachment that goes to the asking side."""
    return b"".join(held)


def read_tokens(data: bytes, *, expected: bytes) -> frozenset[bytes]:
    """The tokens of an attachment. Raises ``exchange.blind_set`` where they are not the set of that id."""
    if len(data) % TOKEN_BYTES or len(data) > MOST_TOKENS * TOKEN_BYTES:
        raise refuse("exchange.blind_set")
    held = [data[start : start + TOKEN_BYTES] for start in range(0, len(data), TOKEN_BYTES)]
    if set_id(held) != expected or len(set(held)) != len(held):
        raise refuse("exchange.blind_set")
    return frozenset(held)


def _token(said: bytes, point: bytes) -> bytes:
    framed = len(said).to_bytes(4, "big") + said + point
    return hashlib.sha256(b"pratique/blind/token/1" + framed).digest()[:TOKEN_BYTES]


def _point(said: bytes) -> bytes:
    """A point of the curve itself (not of its twist) that follows from ``said``: the first candidate that is one.

    Half of all candidates are; a point of the twist would tell the asked side one bit of the question.
    """
    for attempt in range(256):
        candidate = hashlib.sha256(b"pratique/blind/point/1" + bytes([attempt]) + said).digest()
        x = int.from_bytes(candidate, "little") % 2**255 % PRIME
        if x > 1 and _on_curve(x):
            return x.to_bytes(32, "little")
    raise AssertionError("no point in 256 candidates: a chance of 2^-256")


def _checked(element: bytes) -> bytes:
    x = int.from_bytes(element, "little")
    if len(element) != 32 or not 1 < x < PRIME or not _on_curve(x):
        raise refuse("exchange.blind_element", Category.DENIED)
    return element


def _on_curve(x: int) -> bool:
    """``y^2 = x^3 + 486662 x^2 + x`` has a solution (Euler's criterion)."""
    return pow(x * (x * (x + _CURVE_A) + 1) % PRIME, (PRIME - 1) // 2, PRIME) == 1


def _multiplied(scalar: bytes, point: bytes) -> bytes:
    try:
        return X25519PrivateKey.from_private_bytes(scalar).exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError:
        raise refuse("exchange.blind_element", Category.DENIED) from None


def _scalar_with_inverse(secret: bytes) -> tuple[bytes, bytes]:
    """A clamped scalar made from ``secret``, and a clamped one that undoes it in the subgroup of prime order.

    A clamped scalar is a multiple of 8 between 2^254 and 2^255; about every second one has such an inverse.
    """
    if len(secret) != KEY_BYTES:
        raise ValueError(f"a secret has {KEY_BYTES} bytes, not {len(secret)}")
    for attempt in range(256):
        drawn = hashlib.sha256(b"pratique/blind/scalar/1" + bytes([attempt]) + secret).digest()
        scalar = (int.from_bytes(drawn, "little") & (2**255 - 8)) % 2**254 | 2**254
        inverse = pow(scalar, -1, ORDER)
        fitting = inverse + ORDER * (-inverse * pow(ORDER, -1, 8) % 8)
        if 2**254 <= fitting < 2**255:
            return scalar.to_bytes(32, "little"), fitting.to_bytes(32, "little")
    raise AssertionError("no scalar in 256 attempts: a chance of 2^-256")
