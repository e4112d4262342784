"""Short ids: what an officer types to name a consignment, a run or a quarantined part."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

import numpy as np

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to misread
DIGEST_BYTES: Final = 5  # 40 bits, eight characters of five bits


def short_id(*parts: str) -> str:
    """Eight characters that follow from ``parts`` alone (the first 40 bits of their SHA-256)."""
    return short_ids([parts])[0]


def short_ids(named: Iterable[tuple[str, ...]]) -> list[str]:
    """The short id of each tuple of parts."""
    digests = b"".join(hashlib.sha256("\x1f".join(parts).encode()).digest()[:DIGEST_BYTES] for parts in named)
    bits = np.unpackbits(np.frombuffer(digests, dtype=np.uint8)).reshape(-1, 8, 5)
    letters = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)[bits @ np.array([16, 8, 4, 2, 1])]
    return [name.decode() for name in letters.view("S8").ravel().tolist()]


def consignment_ids(raw_sha256: Iterable[str], places: Iterable[str]) -> list[str]:
    """The short ids of consignments, from the digest of the file and the place inside it; no two of them the same.

    Forty bits meet by chance once in some two hundred runs of 100,000 consignments: the later one is drawn again.
    """
    named = list(zip(raw_sha256, places, strict=True))
    ids = short_ids(named)
    return ids if len(set(ids)) == len(ids) else _set_apart(ids, named)


def _set_apart(ids: list[str], named: list[tuple[str, str]]) -> list[str]:
    taken: set[str] = set()
    for row, parts in enumerate(named):
        turn = 1
        while ids[row] in taken:
            turn += 1
            ids[row] = short_id(*parts, str(turn))
        taken.add(ids[row])
    return ids
