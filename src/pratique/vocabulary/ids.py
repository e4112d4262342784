"""Short ids: what an officer types to name a consignment, a run or a quarantined part."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to misread


def short_id(*parts: str) -> str:
    """Eight characters that follow from ``parts`` alone (40 bits of their SHA-256)."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    number = int.from_bytes(digest[:5], "big")
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(35, -5, -5))


def consignment_ids(raw_sha256: Iterable[str], places: Iterable[str]) -> list[str]:
    """The short ids of consignments, from the digest of the file and the place inside it."""
    return [short_id(digest, place) for digest, place in zip(raw_sha256, places, strict=True)]
