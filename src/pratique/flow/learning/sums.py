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

from pratique.flow.learning.keys import DAY_BITS, FEW, Keys

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
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

    @cached_property
    def side_by_side(self) -> Ints:
        """What each event adds (events × sums)."""
        return np.stack([*self.adds.values()], axis=1)

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


@dataclass(frozen=True, slots=True)
class Own:
    """What the rows that ask add themselves, each once its day is over, where it is ``counted``."""

    adds: Mapping[str, Ints]
    counted: Flags


@dataclass(frozen=True)
class Asked:
    """Rows by the number of their key (nought: none) and their day; sorted once for all that is asked of them."""

    keys: Keys
    days: Ints

    @cached_property
    def order(self) -> npt.NDArray[np.intp]:
        """The rows by key and day, equals as they stand."""
        return np.argsort(_place(self.keys, self.days), kind="stable")

    @cached_property
    def by_key(self) -> tuple[Ints, Ints]:
        """The rows that have a key, those of one key together and by day, and where each key begins."""
        from pratique.flow.learning.adding import by_key

        if (self.days[1:] >= self.days[:-1]).all():
            return by_key(self.keys)
        order = np.argsort(self.days, kind="stable")
        rows, begin = by_key(self.keys[order])
        return order[rows], begin

    @cached_property
    def places(self) -> tuple[Keys, Keys]:
        """In that order the place of each row, and where the events of its key begin."""
        keys = self.keys[self.order]
        return _place(keys, self.days[self.order]), keys << DAY_BITS

    @cached_property
    def different(self) -> tuple[Keys, npt.NDArray[np.intp]]:
        """Where the events of each different key begin, and which of them each row in that order has."""
        begin = self.places[1]
        first = np.ones(len(begin), dtype=np.bool_)
        first[1:] = begin[1:] != begin[:-1]
        return begin[first], np.cumsum(first) - 1


def events(asked: Asked, adds: Mapping[str, Ints], counted: npt.NDArray[np.bool_] | None = None) -> Sums:
    """Events of rows; those without a key, and those that are not ``counted``, are left out."""
    order = asked.order
    there = asked.keys[order] != 0
    if counted is not None:
        there &= counted[order]
    order = order[there]
    when = asked.days[order]
    return Sums(asked.places[0][there], when, when, {name: values[order] for name, values in adds.items()})


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


def read(sums: Sums, asked: Asked, *, back: int = 0, own: Own | None = None) -> Known:
    """What rows may know of their key on their day, or so many days ``back``: its events on earlier days, and ``own``.

    Events of the store come before those of the rows themselves.
    """
    if len(asked.keys) > FEW:
        return _read_many(sums, asked, back, own)
    if own is not None:
        sums = merged(sums, events(asked, own.adds, own.counted))
    return _read_few(sums, asked, back)


def _read_many(sums: Sums, asked: Asked, back: int, own: Own | None) -> Known:
    from pratique.flow.learning.adding import known

    store = (sums.at, sums.first, sums.last, sums.side_by_side)
    adds = np.zeros((0, len(sums.adds)), dtype=np.int64)
    counted = np.zeros(0, dtype=np.bool_)
    if own is not None:
        adds, counted = np.stack([own.adds[name] for name in sums.adds], axis=1), own.counted
    told, first, last = known(store, (asked.keys, asked.days), asked.by_key, back, (adds, counted))
    return Known(dict(zip(sums.adds, told, strict=True)), first, last)


def _read_few(sums: Sums, asked: Asked, back: int) -> Known:
    place, begin = asked.places
    height = len(place)
    if not len(sums.at):
        nothing = np.zeros(height, dtype=np.int64)
        return Known(dict.fromkeys(sums.adds, nothing), nothing, nothing)
    end = np.searchsorted(sums.at, place - np.uint64(back))
    different, which = asked.different
    start = np.searchsorted(sums.at, different)[which]
    end = np.where(begin == 0, start, np.maximum(end, start))
    told = end > start
    top = len(sums.at) - 1

    def back_in_order(values: Ints) -> Ints:
        out = np.empty(height, dtype=np.int64)
        out[asked.order] = values
        return out

    return Known(
        {name: back_in_order(running[end] - running[start]) for name, running in sums.running.items()},
        back_in_order(np.where(told, sums.first[np.minimum(start, top)], 0)),
        back_in_order(np.where(told, sums.last[np.clip(end - 1, 0, top)], 0)),
    )


def none(*names: str) -> Sums:
    """No events."""
    nothing = np.zeros(0, dtype=np.int64)
    return Sums(np.zeros(0, dtype=np.uint64), nothing, nothing, dict.fromkeys(names, nothing))


def _place(keys: Keys, days: Ints) -> Keys:
    return (keys << DAY_BITS) | days.astype(np.uint64)
