"""The random floor: how many slots of each resource are drawn by lot, who is drawn, and the chance that each row had.

A control list that holds only what the points chose can never learn what the points miss; so a share of the slots goes
to rows that nothing speaks for, each with a chance that is known and kept.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pratique.flow.selection.slots import NOWHERE

Counts = NDArray[np.int64]


def floor_slots(slots: Counts, *, left: Counts, share_permille: int) -> Counts:
    """Slots of each resource that are drawn: the share of ``slots``, rounded up, or all ``left`` where that is less."""
    share = -(-slots * share_permille // 1000)
    return np.minimum(share, left)


def cut(order: NDArray[np.int64], slots: Counts) -> Counts:
    """For each row of the pool the resource it is drawn for, or -1, by the place it has in the shuffled ``order``."""
    drawn = np.full(order.size, NOWHERE, dtype=np.int64)
    ends = np.minimum(np.cumsum(slots), order.size).tolist()
    for resource, (start, end) in enumerate(zip([0, *ends], ends, strict=False)):
        drawn[order[start:end]] = resource
    return drawn


def chances(pool: int, slots: Counts) -> NDArray[np.float64]:
    """The chance that each row of the pool has for each resource: the slots of it that are drawn, over the rows."""
    ends = np.minimum(np.cumsum(slots), pool)
    return np.diff(ends, prepend=0) / max(pool, 1)
