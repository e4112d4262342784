"""From a record to the root of the log (RFC 6962; C2SP tlog-proof)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence


def commitment(salt: bytes, record: bytes) -> bytes:
    """What the log holds of a record: nobody can tell the record from it without the salt."""
    return hmac.digest(salt, record, "sha256")


def leaf_hash(committed: bytes) -> bytes:
    """The leaf of the tree."""
    return hashlib.sha256(b"\x00" + committed).digest()


def root_from(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root of the tree of ``size`` leaves in which the leaf stands at ``index``; ``None`` where the path cannot be.

    At each level the node is a right child (its neighbour stands to the left) or a left one. The last node of a level
    without a neighbour moves up as it is.
    """
    if not 0 <= index < size:
        return None
    last, root, rest = size - 1, leaf, list(path)
    while last:
        if index % 2:
            root = _node(rest.pop(0), root) if rest else b""
        elif index < last:
            root = _node(root, rest.pop(0)) if rest else b""
        if not root:
            return None
        index, last = index // 2, last // 2
    return None if rest else root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
