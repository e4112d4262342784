"""Breached passwords that the operator loaded: a sorted file of digests, looked into without reading it.

The file holds eight bytes for each password, the beginning of its SHA-256, in ascending order. With a hundred million
of them one innocent password in a hundred thousand million is taken for one of them; nobody gets a password back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np

from pratique.node.errors import refuse
from pratique.node.folder import NodeFolder

DIGEST_BYTES: Final = 8
MOST: Final = 100_000_000
_BATCH: Final = 1_000_000
_ORDER: Final = np.dtype(">u8")


def breached_file(folder: NodeFolder) -> Path:
    """Where the digests lie."""
    return folder.root / "breached.passwords"


def write_breached(folder: NodeFolder, passwords: Iterable[bytes]) -> int:
    """Puts the digests of these passwords in place of those there were; gives how many there are.

    Raises ``REJECTED`` for nothing, and for more than a hundred million.
    """
    parts: list[np.ndarray[tuple[int], np.dtype[np.uint64]]] = []
    batch = bytearray()
    for count, password in enumerate(passwords, start=1):
        batch += hashlib.sha256(password).digest()[:DIGEST_BYTES]
        if count > MOST:
            raise refuse("breached.too_many", most=MOST)
        if len(batch) >= _BATCH * DIGEST_BYTES:
            parts.append(np.frombuffer(bytes(batch), _ORDER).astype(np.uint64))
            batch.clear()
    parts.append(np.frombuffer(bytes(batch), _ORDER).astype(np.uint64))
    digests = np.unique(np.concatenate(parts))
    if not len(digests):
        raise refuse("breached.none")
    made = breached_file(folder).with_suffix(".new")
    made.write_bytes(digests.astype(_ORDER).tobytes())
    made.chmod(0o600)
    made.replace(breached_file(folder))
    return len(digests)


def is_breached(folder: NodeFolder, password: str) -> bool:
    """The password is among those that were loaded; where none were, it is not."""
    try:
        digests = np.memmap(breached_file(folder), _ORDER, mode="r")
    except (FileNotFoundError, ValueError):
        return False
    wanted = np.frombuffer(hashlib.sha256(password.encode()).digest()[:DIGEST_BYTES], _ORDER)[0]
    place = int(np.searchsorted(digests, wanted))
    return place < len(digests) and bool(digests[place] == wanted)
