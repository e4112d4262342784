"""Which controls are looked at a second time: each is drawn on its own, with a known probability."""

from __future__ import annotations

import hashlib
from typing import Final

MILLION: Final = 1_000_000
_BITS: Final = 64


def is_drawn(order_id: str, *, seed: int, probability_ppm: int) -> bool:
    """Whether the order is drawn, with ``probability_ppm`` chances in a million.

    It follows from seed and order alone: the same seed draws the same orders, whatever else is in the draw.
    """
    drawn = hashlib.sha256(f"second look\x1f{seed}\x1f{order_id}".encode()).digest()
    return int.from_bytes(drawn[: _BITS // 8], "big") * MILLION < probability_ppm << _BITS
