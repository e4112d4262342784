"""Sums of many rows in one pass, as machine code: what each row may know of its key, from a store and its own table.

Rows of one key stand together, in order of their days, so that each event is added once and every row reads what was
there before it. Nothing is sorted where the rows already stand in order of days. The same numbers as by
:func:`pratique.flow.learning.sums.read` over all events put together; a test holds both equal.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pratique.flow.compiled import compiled_apart
from pratique.flow.learning.keys import DAY_BITS, Keys

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_DAY = np.uint64((1 << 16) - 1)
_ODD = np.uint64(0x9E3779B97F4A7C15)


def by_key(keys: Keys) -> tuple[Ints, Ints]:
    """The rows that have a key, those of one key together and as they stand, and where each key begins."""
    return _by_key(*_numbered(keys, _slots(len(keys))))


def numbered(keys: Keys) -> tuple[Ints, Ints]:
    """The number of the key of each row, -1 for none, in the order in which keys first stand; and where they do."""
    return _numbered(keys, _slots(len(keys)))


def _slots(rows: int) -> Ints:
    """Places of keys, a power of two of them and more than twice as many as rows, all empty."""
    return np.full(1 << max(4, (2 * rows).bit_length()), -1, dtype=np.int64)


@compiled_apart
def _numbered(keys: Keys, slots: Ints) -> tuple[Ints, Ints]:
    """Each key has a slot, found by going on from where it should be."""
    shift = np.uint64(64)
    while np.int64(1) << np.int64(np.uint64(64) - shift) < len(slots):
        shift -= np.uint64(1)
    number, first = np.full(len(keys), -1, dtype=np.int64), np.empty(len(keys), dtype=np.int64)
    groups = 0
    for row in range(len(keys)):
        if keys[row] == 0:
            continue
        slot = np.int64((keys[row] * _ODD) >> shift)
        while slots[slot] >= 0 and keys[first[slots[slot]]] != keys[row]:
            slot = (slot + 1) & (len(slots) - 1)
        if slots[slot] < 0:
            slots[slot] = groups
            first[groups] = row
            groups += 1
        number[row] = slots[slot]
    return number, first[:groups].copy()


@compiled_apart
def _by_key(number: Ints, first: Ints) -> tuple[Ints, Ints]:
    many = np.zeros(len(first) + 1, dtype=np.int64)
    for row in range(len(number)):
        if number[row] >= 0:
            many[number[row] + 1] += 1
    begin = np.cumsum(many)
    order, at = np.empty(begin[-1], dtype=np.int64), begin.copy()
    for row in range(len(number)):
        if number[row] >= 0:
            order[at[number[row]]] = row
            at[number[row]] += 1
    return order, begin


@compiled_apart
def known(
    store: tuple[Keys, Ints, Ints, Ints], rows: tuple[Keys, Ints], grouped: tuple[Ints, Ints], back: int,
    own: tuple[Ints, Flags],
) -> tuple[Ints, Ints, Ints]:  # fmt: skip
    """For each row the sums (sums × rows), and the first and last day of what was before its day less ``back``.

    ``store``: its events in order, their first and last day, and what each adds (events × sums); ``rows``: keys and
    days; ``own``: what each row adds (rows × sums, or none) and whether it counts.
    """
    at, store_first, store_last, store_adds = store
    keys, days = rows
    order, begin = grouped
    adds, counts = own
    many = store_adds.shape[1]
    sums = np.zeros((many, len(keys)), dtype=np.int64)
    first, last = np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
    total = np.empty(many, dtype=np.int64)
    for group in range(len(begin) - 1):
        key = keys[order[begin[group]]]
        event, row_before, earliest, latest = np.searchsorted(at, key << DAY_BITS), begin[group], -1, 0
        total[:] = 0
        for place in range(begin[group], begin[group + 1]):
            row = order[place]
            until = days[row] - back
            while event < len(at) and at[event] >> DAY_BITS == key and np.int64(at[event] & _DAY) < until:
                for name in range(many):
                    total[name] += store_adds[event, name]
                earliest = store_first[event] if earliest < 0 else earliest
                latest = store_last[event]
                event += 1
            while len(adds) and row_before < place and days[order[row_before]] < until:
                one = order[row_before]
                if counts[one]:
                    for name in range(many):
                        total[name] += adds[one, name]
                    earliest = days[one] if earliest < 0 else earliest
                    latest = days[one]
                row_before += 1
            for name in range(many):
                sums[name, row] = total[name]
            first[row], last[row] = max(earliest, 0), latest
    return sums, first, last
