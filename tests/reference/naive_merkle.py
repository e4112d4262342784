"""RFC 6962 as it is written, slow and obvious: roots and proofs over a list of leaf hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def mth(leaves: Sequence[bytes]) -> bytes:
    """The Merkle tree hash of leaf hashes (RFC 6962, 2.1)."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = largest_power_below(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The audit path (RFC 6962, 2.1.1)."""
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def proof(m: int, leaves: Sequence[bytes], *, known: bool = True) -> list[bytes]:
    """The consistency proof (RFC 6962, 2.1.2)."""
    return subtree_proof(0, m, leaves, known=known)


def subtree_proof(start: int, end: int, leaves: Sequence[bytes], *, known: bool = True) -> list[bytes]:
    """The same for the subtree of the leaves from ``start`` up to ``end``."""
    if start == 0 and end == len(leaves):
        return [] if known else [mth(leaves)]
    k = largest_power_below(len(leaves))
    if end <= k:
        return [*subtree_proof(start, end, leaves[:k], known=known), mth(leaves[k:])]
    if start >= k:
        return [*subtree_proof(start - k, end - k, leaves[k:], known=known), mth(leaves[:k])]
    return [*subtree_proof(0, end - k, leaves[k:], known=False), mth(leaves[:k])]


def largest_power_below(n: int) -> int:
    """The largest power of two smaller than ``n``."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k
