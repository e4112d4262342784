"""The Merkle tree of RFC 6962: appending with one hash for each level, and proofs that anybody can check.

A proof is a list of 32-byte hashes. Who makes proofs needs the hashes of complete subtrees, from tiles or from memory
(:class:`Hashes`); who checks them needs nothing but the roots.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from pratique.partners.ledger.commitments import HASH_BYTES

NODE_PREFIX: Final = b"\x01"
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()


class Hashes(Protocol):
    """Where the hashes of complete subtrees come from."""

    def complete(self, level: int, index: int) -> bytes:
        """The root of the leaves from ``index << level`` up to, not with, ``(index + 1) << level``."""
        ...


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(NODE_PREFIX + left + right).digest()


class Frontier:
    """A tree that is only appended to: the complete subtrees on its right edge, the largest first."""

    def __init__(self, leaves: Iterable[bytes] = (), *, size: int = 0, edge: Iterable[bytes] = ()) -> None:
        self.size = size
        self.edge = list(edge)
        if len(self.edge) != size.bit_count():
            raise ValueError("as many subtrees as the size has bits")
        for leaf in leaves:
            self.append(leaf)

    def append(self, leaf: bytes) -> None:
        """Adds the hash of one more leaf."""
        full = self.size
        while full & 1:
            leaf = node_hash(self.edge.pop(), leaf)
            full >>= 1
        self.edge.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root as of now; that of the empty tree is the hash of nothing."""
        if not self.edge:
            return EMPTY_ROOT
        root = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            root = node_hash(left, root)
        return root


def edge_of(hashes: Hashes, size: int) -> list[bytes]:
    """The complete subtrees on the right edge of a tree of that size, to go on appending from there."""
    edge, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            edge.append(hashes.complete(level, start >> level))
            start += 1 << level
    return edge


def subtree_root(hashes: Hashes, start: int, end: int) -> bytes:
    """The root of the leaves from ``start`` up to, not with, ``end``; ``start`` stands where such a subtree begins."""
    count = end - start
    if count < 1:
        return EMPTY_ROOT
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return hashes.complete(level, start >> level)
    half = _half(count)
    return node_hash(subtree_root(hashes, start, start + half), subtree_root(hashes, start + half, end))


def inclusion_proof(hashes: Hashes, index: int, size: int) -> list[bytes]:
    """Shows that the leaf at ``index`` is in the tree of that size (RFC 6962, 2.1.1)."""
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _half(end - start)
        if index < middle:
            proof.append(subtree_root(hashes, middle, end))
            end = middle
        else:
            proof.append(subtree_root(hashes, start, middle))
            start = middle
    return proof[::-1]


def consistency_proof(hashes: Hashes, old: int, new: int) -> list[bytes]:
    """Shows that the tree of size ``new`` only appended to that of size ``old`` (RFC 6962, 2.1.2)."""
    if not 0 < old <= new:
        raise ValueError("the older tree is not empty and not the larger one")
    proof: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _half(end - start)
        if old <= middle:
            proof.append(subtree_root(hashes, middle, end))
            end = middle
        else:
            proof.append(subtree_root(hashes, start, middle))
            start, whole = middle, False
    if not whole:
        proof.append(subtree_root(hashes, start, end))
    return proof[::-1]


def inclusion_holds(leaf: bytes, index: int, size: int, *, proof: Sequence[bytes], root: bytes) -> bool:
    """The proof leads from the leaf to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes((leaf, root, *proof)):
        return False
    place, last, found = index, size - 1, leaf
    for each in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(each, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, each)
        place, last = place >> 1, last >> 1
    return last == 0 and hmac.compare_digest(found, root)


def consistency_holds(old: int, new: int, *, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """The proof shows that the newer tree holds the older one unchanged (RFC 9162, 2.1.4.2)."""
    if old == new:
        return old >= 0 and not proof and hmac.compare_digest(old_root, new_root)
    return old > 0 and subtree_holds(0, old, new, subtree=old_root, root=new_root, proof=proof)


def subtree_holds(start: int, end: int, size: int, *, subtree: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """The proof shows that the leaves from ``start`` up to, not with, ``end`` are those of the tree of that size."""
    if not 0 <= start <= end <= size:
        return False
    if start == end:
        return not proof and hmac.compare_digest(subtree, EMPTY_ROOT)
    if start == 0 and end == size:
        return not proof and hmac.compare_digest(subtree, root)
    return (
        _is_subtree(start, end)
        and _are_hashes((subtree, root, *proof))
        and _leads(start, end - 1, size - 1, subtree=subtree, root=root, proof=proof)
    )


def _leads(first: int, last: int, end: int, *, subtree: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """The steps of draft-ietf-plants-merkle-tree-certs, 4.4.3; with ``first`` 0 those of RFC 9162."""
    while first != last and (last == end or last & 1):
        first, last, end = first >> 1, last >> 1, end >> 1
    if first == last:
        rest, before = list(proof), subtree
    elif proof:
        rest, before = list(proof[1:]), proof[0]
    else:
        return False
    after = before
    for each in rest:
        if end == 0:
            return False
        if last & 1 or last == end:
            before = node_hash(each, before) if first < last else before
            after = node_hash(each, after)
            while last and not last & 1:
                first, last, end = first >> 1, last >> 1, end >> 1
        else:
            after = node_hash(after, each)
        first, last, end = first >> 1, last >> 1, end >> 1
    return end == 0 and hmac.compare_digest(before, subtree) and hmac.compare_digest(after, root)


def _is_subtree(start: int, end: int) -> bool:
    return start % (1 << (end - start - 1).bit_length()) == 0


def _half(count: int) -> int:
    """The largest power of two below ``count``."""
    return 1 << ((count - 1).bit_length() - 1)


def _are_hashes(found: Iterable[bytes]) -> bool:
    return all(len(each) == HASH_BYTES for each in found)
