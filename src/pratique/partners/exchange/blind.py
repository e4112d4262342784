"""Blind queries: is this container, company or person known to you? The asked side learns nothing of what was asked.

The oblivious pseudorandom function OPRF(P-256, SHA-256) of RFC 9497 (:mod:`pratique.partners.exchange.oprf`). The
asking side hashes the normalised identifier to a point, multiplies it with a fresh secret and sends that: the asked
side cannot tell it from a random point, whatever was asked. The asked side multiplies it with the key of its set and
sends it back; the asking side takes its own secret out again and looks whether the result is among the tokens of the
set, which are the same function of every identifier the asked side holds. What this does and does not hold is told in
``docs/exchange.md``: it hides the question from an asked side that cheats too, but whether the answer is right rests
on its honesty; and whoever asks often enough can guess, so that questions are counted and limited. Decoys among the
elements and tokens keep how many are asked, and how many are held, to a class of size.

Tokens are the first 16 bytes of the function's output. The blinding is as good as chance alone: every element is as
likely for every question. What keeps the key of a set from the asking side is the discrete logarithm, which a quantum
computer could take away. No cryptographer outside the project has reviewed how the function is used here.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pratique.partners.exchange import oprf
from pratique.partners.exchange.errors import refuse
from pratique.vocabulary.errors import Category

TOKEN_BYTES: Final = 16
KEY_BYTES: Final = 32
MOST_TOKENS: Final = 4_000_000
NORMALISATION: Final = 1
"""The version of :func:`identifier`. Both sides must use the same, or nothing would ever be known."""
BATCHES: Final = (10, 50, 100)
"""How many elements a question has: identifiers, then decoys up to the next of these."""
LEAST_TOKENS: Final = 256
"""Tokens are filled up with decoys to this, or to the next power of two: the size of a set stays a class."""
_KEY_INFO: Final = b"pratique/blind/set"
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
    scalar = oprf.random_scalar(_whole(secret))
    return Blinded(oprf.blind(said, scalar), oprf.inverse_of(scalar).to_bytes(KEY_BYTES, "big"), said)


def evaluated(elements: Sequence[bytes], *, key: bytes) -> tuple[bytes, ...]:
    """The asked side's part: each element multiplied with the key of the set (32 random bytes, one per set and time).

    Raises ``exchange.blind_element`` for what is no point of the curve.
    """
    scalar = oprf.derive_key(_whole(key), _KEY_INFO)
    try:
        return tuple(oprf.blind_evaluate(scalar, element) for element in elements)
    except ValueError:
        raise refuse("exchange.blind_element", Category.DENIED) from None


def tokens(identifiers: Iterable[bytes], *, key: bytes) -> tuple[bytes, ...]:
    """The tokens of a set, in order, each once: what the asking side compares with."""
    scalar = oprf.derive_key(_whole(key), _KEY_INFO)
    return tuple(sorted({oprf.evaluate(scalar, said)[:TOKEN_BYTES] for said in identifiers}))


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
    try:
        output = oprf.finalize(question.identifier, int.from_bytes(question.unblinding, "big"), answer)
    except ValueError:
        raise refuse("exchange.blind_element", Category.DENIED) from None
    return output[:TOKEN_BYTES] in held


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


def _whole(secret: bytes) -> bytes:
    if len(secret) != KEY_BYTES:
        raise ValueError(f"a secret has {KEY_BYTES} bytes, not {len(secret)}")
    return secret
