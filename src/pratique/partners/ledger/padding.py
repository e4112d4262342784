"""Leaves that say nothing, so that the growth of a log does not say how much happened.

In every slot of time the log grows by a power of two, at least by the smallest that is set. What stands on a padding
leaf follows from a secret seed of its slot, so that it can be made again; without the seed it cannot be told from the
commitment of anything else.
"""

from __future__ import annotations

from typing import Final

from pratique.partners.ledger.commitments import commitment

DOMAIN: Final = b"pratique-padding-1\x00"
PART_BYTES: Final = 8


def slot_size(count: int, *, least: int) -> int:
    """How many leaves a slot has in which ``count`` things happened: the next power of two, from ``least`` on.

    ``least`` is itself taken up to a power of two.
    """
    wanted = max(count, least, 1)
    return 1 << (wanted - 1).bit_length()


def padding_commitment(seed: bytes, part: int) -> bytes:
    """What the log holds for the padding leaf ``part`` (from 1) of the slot with that seed of 32 bytes."""
    return commitment(seed, DOMAIN + part.to_bytes(PART_BYTES, "big"))
