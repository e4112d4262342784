"""The orders in which segments of usual forms make a plain bill, or a plain box of the message; see :mod:`.forms`."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Final

# one letter for each segment; what stands behind SGP in a goods item is said of the share of it in that box
BILL: Final = re.compile(rb"(?:C|Z(?=[^G]*B))[BmuKkyLUADIVFPxt]*[Nxt]*(?:G[wWnvrfcdOVxS]*)*")
BOX: Final = re.compile(rb"E[wWnvrsx]*")
ONCE_IN_HEAD: Final = b"BmuKkyLUADIVFP"
ONCE_IN_ITEM: Final = b"fcdOV"


@lru_cache(10_000)
def is_plain_bill(shape: bytes) -> bool:
    """Whether a bill of that shape is plain: every column is said once, and every share is of an item with a mass."""
    if BILL.fullmatch(shape) is None:
        return False
    head, *items = shape.split(b"G")
    return _at_most_once(head, ONCE_IN_HEAD) and all(map(_is_plain_item, items))


@lru_cache(10_000)
def is_plain_box(shape: bytes) -> bool:
    """Whether the message says nothing twice of a box; a net mass is the mass of the goods."""
    return BOX.fullmatch(shape) is not None and _at_most_once(shape.replace(b"n", b"W"), b"wWr")


def _is_plain_item(shape: bytes) -> bool:
    own, _, shares = shape.replace(b"W", b"w").partition(b"S")
    has_shares = not set(shares).isdisjoint(b"wn")
    return _at_most_once(own, b"wnv") and _at_most_once(shape, ONCE_IN_ITEM) and not (has_shares and b"w" not in own)


def _at_most_once(shape: bytes, letters: bytes) -> bool:
    counts = Counter(shape)
    return all(counts[letter] < 2 for letter in letters)
