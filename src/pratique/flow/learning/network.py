"""Importers that belong together: they share an address, a telephone number or a director.

Components are joined (union-find) as of the start of each block of 28 days, over everything declared before it, and the
results known by then are added up for each. An address that more than ``HUB`` importers use (a business centre, a
forwarder) joins nobody. A row looks up its importer, else what its importer shares: so that a firm founded yesterday by
the director of an offender is seen on its first day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from pratique.flow.learning.keys import Keys

Ints = npt.NDArray[np.int64]
HUB: Final = 12


@dataclass(frozen=True, slots=True)
class Links:
    """Each pair of an importer and what it shares, once, with the first day it was declared."""

    importer: Keys
    shared: Keys
    day: Ints
    made: dict[int, Components] = field(default_factory=dict, compare=False, repr=False)

    def components(self, day: int) -> Components:
        """The components of all links made before ``day``; kept, since every row of a block asks for them."""
        if day not in self.made:
            self.made[day] = _components(self, day)
        return self.made[day]

    def digest(self) -> bytes:
        """The SHA-256 of all its numbers."""
        told = hashlib.sha256()
        for values in (self.importer, self.shared, self.day):
            told.update(np.ascontiguousarray(values).tobytes())
        return told.digest()


@dataclass(frozen=True, slots=True)
class Components:
    """The component of each importer and of each thing shared (both sorted), and how many importers each has."""

    importers: Keys
    of_importer: Ints
    shared: Keys
    of_shared: Ints
    size: Ints

    def added(self, values: Ints) -> Ints:
        """Values of importers, added up by component."""
        total = np.zeros(len(self.size), dtype=np.int64)
        np.add.at(total, self.of_importer, values)
        return total

    def find(self, importer: Keys, shared: Sequence[Keys]) -> Ints:
        """The component of each row, -1 for none: by its importer, else by the first thing it shares."""
        found = _look_up(self.importers, self.of_importer, importer)
        for keys in shared:
            found = np.where(found >= 0, found, _look_up(self.shared, self.of_shared, keys))
        return found


def empty() -> Links:
    """No links."""
    nothing = np.zeros(0, dtype=np.uint64)
    return Links(nothing, nothing, np.zeros(0, dtype=np.int64))


def with_rows(links: Links, importer: Keys, shared: Sequence[Keys], days: Ints) -> Links:
    """The links with those of rows: each pair once, with its first day."""
    people, things, when = [links.importer], [links.shared], [links.day]
    for keys in shared:
        there = np.flatnonzero((importer != 0) & (keys != 0))
        people.append(importer[there])
        things.append(keys[there])
        when.append(days[there])
    one, other, day = np.concatenate(people), np.concatenate(things), np.concatenate(when)
    order = np.lexsort((day, other, one))
    one, other, day = one[order], other[order], day[order]
    first = np.ones(len(one), dtype=np.bool_)
    first[1:] = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
    return Links(one[first], other[first], day[first])


def _components(links: Links, day: int) -> Components:
    """The components of all links made before ``day``."""
    before = links.day < day
    importers, person = np.unique(links.importer[before], return_inverse=True)
    shared, thing = np.unique(links.shared[before], return_inverse=True)
    joins = np.bincount(thing, minlength=len(shared))[thing] <= HUB
    root = _joined(len(importers), len(shared), person[joins], thing[joins])
    of_importer, of_shared = root[: len(importers)], root[len(importers) :]
    hub = np.bincount(thing, minlength=len(shared)) > HUB
    size = np.bincount(of_importer, minlength=int(root.max(initial=-1)) + 1)
    return Components(importers, of_importer, shared, np.where(hub, -1, of_shared), size)


def _joined(people: int, things: int, person: Ints, thing: Ints) -> Ints:
    """The number of the component of every person, then of every thing."""
    root = np.arange(people + things, dtype=np.int64)
    while True:  # each round hands the smallest number over every link, then along the chain: a few rounds are enough
        least = np.minimum(root[person], root[people + thing])
        before = root.copy()
        np.minimum.at(root, root[person], least)
        np.minimum.at(root, root[people + thing], least)
        np.minimum.at(root, person, least)
        np.minimum.at(root, people + thing, least)
        root = root[root]
        if np.array_equal(root, before):
            return np.unique(root, return_inverse=True)[1].astype(np.int64)


def _look_up(keys: Keys, values: Ints, asked: Keys) -> Ints:
    if not len(keys):
        return np.full(len(asked), -1, dtype=np.int64)
    where = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    return np.where(keys[where] == asked, values[where], -1)
