"""Sums by key as of a day: whole numbers only, so that any order and any number of threads gives the same.

An event is a key, a day and what it adds. Events are sorted by key and day, and added up once; what a row may know of a
key is the difference of two running sums, up to but not on its own day. A snapshot is the same thing with the events of
each key before a day put together, so training and serving read in one way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pratique.flow.learning.keys import DAY_BITS, Keys

Ints = npt.NDArray[np.int64]
_DAY_MASK = np.uint64((1 << 16) - 1)


@dataclass(frozen=True)
class Sums:
    """Events in order of ``at`` (key and day in one number): what each adds, and its first and last day."""

    at: Keys
    first: Ints
    last: Ints
    adds: Mapping[str, Ints]

    @cached_property
    def running(self) -> Mapping[str, Ints]:
        """The sum of all events before each place, one place more than there are events."""
        return {name: np.concatenate([[0], np.cumsum(values)]) for name, values in self.adds.items()}

    def digest(self) -> bytes:
        """The SHA-256 of all its numbers."""
        told = hashlib.sha256()
        for values in (self.at, self.first, self.last, *(self.adds[name] for name in sorted(self.adds))):
            told.update(np.ascontiguousarray(values).tobytes())
        return told.digest()


@dataclass(frozen=True, slots=True)
class Known:
    """What each row may know of its key: sums, and the first and last day; all nought where nothing is known."""

    sums: Mapping[str, Ints]
    first: Ints
    last: Ints


def events(keys: Keys, days: Ints, adds: Mapping[str, Ints]) -> Sums:
    """Events of rows; those without a key are left out."""
    there = np.flatnonzero(keys)
    at = _place(keys[there], days[there])
    order = np.argsort(at, kind="stable")
    when = days[there][order]
    return Sums(at[order], when, when, {name: values[there][order] for name, values in adds.items()})


def merged(one: Sums, other: Sums) -> Sums:
    """The events of both."""
    if not len(one.at) or not len(other.at):
        return other if len(other.at) else one
    at = np.concatenate([one.at, other.at])
    order = np.argsort(at, kind="stable")

    def both(first: Ints, second: Ints) -> Ints:
        return np.concatenate([first, second])[order]

    adds = {name: both(values, other.adds[name]) for name, values in one.adds.items()}
    return Sums(at[order], both(one.first, other.first), both(one.last, other.last), adds)


def before(sums: Sums, day: int, *, recent: int = 0) -> Sums:
    """The snapshot as of ``day``: each key's events before it as one, but the last ``recent`` days one by one."""
    when = (sums.at & _DAY_MASK).astype(np.int64)
    kept = when < day
    end = day - recent - 1
    at, when = sums.at[kept], when[kept]
    keys = at >> DAY_BITS
    at = _place(keys, np.where(when <= end, np.minimum(end, day - 1), when))
    first, last = sums.first[kept], sums.last[kept]
    adds = {name: values[kept] for name, values in sums.adds.items()}
    order = np.argsort(at, kind="stable")
    at = at[order]
    if not len(at):
        return Sums(at, first, last, adds)
    starts = np.flatnonzero(np.concatenate([[True], at[1:] != at[:-1]]))
    return Sums(
        at[starts],
        np.minimum.reduceat(first[order], starts),
        np.maximum.reduceat(last[order], starts),
        {name: np.add.reduceat(values[order], starts) for name, values in adds.items()},
    )


def read(sums: Sums, keys: Keys, days: Ints) -> Known:
    """What rows with these keys may know on these days: the events of their key on earlier days."""
    end, start = _found(sums.at, _place(keys, days)), _found(sums.at, _place(keys, np.zeros_like(days)))
    end = np.where(keys == 0, start, end)
    told = end > start
    found = {name: running[end] - running[start] for name, running in sums.running.items()}
    if not len(sums.at):
        return Known(found, np.zeros_like(days), np.zeros_like(days))
    top = len(sums.at) - 1
    first = np.where(told, sums.first[np.minimum(start, top)], 0)
    last = np.where(told, sums.last[np.clip(end - 1, 0, top)], 0)
    return Known(found, first, last)


def none(*names: str) -> Sums:
    """No events."""
    nothing = np.zeros(0, dtype=np.int64)
    return Sums(np.zeros(0, dtype=np.uint64), nothing, nothing, dict.fromkeys(names, nothing))


def _place(keys: Keys, days: Ints) -> Keys:
    return (keys << DAY_BITS) | days.astype(np.uint64)


def _found(at: Keys, asked: Keys) -> npt.NDArray[np.intp]:
    """Where each would stand; asked in order, which spares the memory long ways."""
    if len(asked) < 1000:
        return np.searchsorted(at, asked)
    order = np.argsort(asked)
    found = np.empty(len(asked), dtype=np.intp)
    found[order] = np.searchsorted(at, asked[order])
    return found
