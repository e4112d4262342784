"""What the log shows of a record: a salted commitment, which says nothing once record and salt are erased.

``commitment = HMAC-SHA-256(salt, record)`` with 32 random bytes as salt, and the leaf of the tree is
``SHA-256(0x00 || commitment)`` (RFC 6962, 2.1). Records have few possible contents, so a plain hash could be guessed;
with the salt gone, nobody can tell which record a leaf was of, and the tree still holds.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

SALT_BYTES: Final = 32
HASH_BYTES: Final = 32
LEAF_PREFIX: Final = b"\x00"


def commitment(salt: bytes, record: bytes) -> bytes:
    """The 32 bytes that the log holds for ``record``. Raises ``ValueError`` for a salt that is not of 32 bytes."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return hmac.digest(salt, record, "sha256")


def leaf_hash(committed: bytes) -> bytes:
    """The leaf of the tree for an entry of the log (here: a commitment)."""
    return hashlib.sha256(LEAF_PREFIX + committed).digest()


def opens(committed: bytes, *, salt: bytes, record: bytes) -> bool:
    """Salt and record are what was committed to."""
    return len(salt) == SALT_BYTES and hmac.compare_digest(commitment(salt, record), committed)
