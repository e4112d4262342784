"""Peers: how a figure stands among its like, as of the weeks before it.

Figures (value by kilogram, mass of a package, freight by tonne) are counted in steps of a sixteenth of a doubling, by
group and block of 28 days. A row looks at the six blocks before its own: at the finest group that holds at least
``LEAST_PEERS``. Everything counted is whole numbers; no average is taken that one absurd figure could move.
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
Floats = npt.NDArray[np.float64]

BLOCK_DAYS: Final = 28
BLOCKS: Final = 6
LEAST_PEERS: Final = 12
STEPS: Final = 16  # of a doubling
QUANTILES: Final = ((1, 20), (1, 4), (1, 2), (3, 4), (19, 20))
_ZERO: Final = 1 << 15
_BITS: Final = np.uint64(16)
_BIN_MASK: Final = np.uint64((1 << 16) - 1)
LEAST_SPREAD: Final = 4.0  # steps: a fifth up or down is never strange


@dataclass(frozen=True)
class Histogram:
    """How many figures fell on each step: ``place`` is group and step in one number; in order of ``block``."""

    block: Ints
    place: Keys
    count: Ints
    tables: dict[int, Table] = field(default_factory=dict, compare=False, repr=False)

    def digest(self) -> bytes:
        """The SHA-256 of all its numbers."""
        told = hashlib.sha256()
        for values in (self.block, self.place, self.count):
            told.update(np.ascontiguousarray(values).tobytes())
        return told.digest()


@dataclass(frozen=True, slots=True)
class Table:
    """Quantiles of each group, as steps; ``groups`` sorted."""

    groups: Keys
    peers: Ints
    quantiles: tuple[Ints, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """For each row: how many peers (nought: none), from which level, and their quantiles in steps."""

    peers: Ints
    level: Ints
    quantiles: tuple[Floats, ...]

    @property
    def spread(self) -> Floats:
        """From the lower to the upper quarter, in steps."""
        spread: Floats = np.maximum(self.quantiles[3] - self.quantiles[1], LEAST_SPREAD)
        return spread


def blocks_of(days: Ints) -> Ints:
    """The block of each day."""
    return days // BLOCK_DAYS


def counted(groups: Sequence[Keys], steps: Ints, blocks: Ints, known: Histogram) -> Histogram:
    """The histogram with these rows added, which stand in order of ``blocks``.

    Rows without a figure (step -1) or a group are left out.
    """
    numbers, starts = np.unique(blocks, return_index=True)
    ends = np.append(starts, len(blocks))[1:]
    block_parts, place_parts, count_parts = [known.block], [known.place], [known.count]
    for group in groups:
        place = np.where(steps >= 0, (group << _BITS) | np.maximum(steps, 0).astype(np.uint64), np.uint64(0))
        place[group == 0] = 0
        for number, start, end in zip(numbers.tolist(), starts.tolist(), ends.tolist(), strict=True):
            different, many = np.unique(place[start:end], return_counts=True)
            told = different != 0
            place_parts.append(different[told])
            count_parts.append(many[told].astype(np.int64))
            block_parts.append(np.full(int(told.sum()), number, dtype=np.int64))
    block = np.concatenate(block_parts)
    order = np.argsort(block, kind="stable")
    return Histogram(block[order], np.concatenate(place_parts)[order], np.concatenate(count_parts)[order])


def since(known: Histogram, block: int) -> Histogram:
    """What rows of ``block`` and later may still look at, each place once."""
    kept = known.block >= block - BLOCKS
    blocks, places, counts = known.block[kept], known.place[kept], known.count[kept]
    order = np.lexsort((places, blocks))
    blocks, places, counts = blocks[order], places[order], counts[order]
    if not len(blocks):
        return Histogram(blocks, places, counts)
    starts = np.flatnonzero(np.concatenate([[True], (places[1:] != places[:-1]) | (blocks[1:] != blocks[:-1])]))
    return Histogram(blocks[starts], places[starts], np.add.reduceat(counts, starts))


def standing(known: Histogram, groups: Sequence[Keys], blocks: Ints) -> Standing:
    """How the peers of each row stand in the blocks before its own; ``groups`` finest first."""
    height = len(blocks)
    peers, level = np.zeros(height, dtype=np.int64), np.full(height, -1, dtype=np.int64)
    quantiles = tuple(np.full(height, np.nan) for _ in QUANTILES)
    for block in np.unique(blocks).tolist():
        table = _table(known, block)
        rows = np.flatnonzero(blocks == block)
        for number, group in enumerate(groups):
            if not len(rows) or not len(table.groups):
                break
            asked = group[rows]
            where = np.minimum(np.searchsorted(table.groups, asked), len(table.groups) - 1)
            found = (table.groups[where] == asked) & (table.peers[where] >= LEAST_PEERS)
            told, where = rows[found], where[found]
            peers[told], level[told] = table.peers[where], number
            for values, quantile in zip(quantiles, table.quantiles, strict=True):
                values[told] = quantile[where]
            rows = rows[~found]
    return Standing(peers, level, quantiles)


def _table(known: Histogram, block: int) -> Table:
    """The quantiles that rows of ``block`` look at; kept, since every row of the block asks for them."""
    if block not in known.tables:
        start, end = np.searchsorted(known.block, [block - BLOCKS, block])
        known.tables[block] = _quantiles(known.place[start:end], known.count[start:end])
    return known.tables[block]


def _quantiles(place: Keys, count: Ints) -> Table:
    order = np.argsort(place, kind="stable")
    place, reached = place[order], np.cumsum(count[order])
    group = place >> _BITS
    if not len(place):
        nothing = np.zeros(0, dtype=np.int64)
        return Table(place, nothing, (nothing,) * len(QUANTILES))
    starts = np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]]))
    below = np.concatenate([[0], reached])[starts]
    ends = np.concatenate([starts[1:], [len(place)]])
    peers = reached[ends - 1] - below
    steps = (place & _BIN_MASK).astype(np.int64)
    found = [steps[np.searchsorted(reached, below + (peers * part + whole - 1) // whole)] for part, whole in QUANTILES]
    return Table(group[starts], peers, tuple(found))


def empty() -> Histogram:
    """No figures."""
    nothing = np.zeros(0, dtype=np.int64)
    return Histogram(nothing, np.zeros(0, dtype=np.uint64), nothing)


def fine_steps(figure: Floats) -> Floats:
    """Where figures stand, in steps and parts of them; NaN where there is none above nought."""
    with np.errstate(divide="ignore", invalid="ignore"):
        told = np.log2(figure) * STEPS + _ZERO
    return np.where(np.isfinite(told), told, np.nan)


def whole_steps(fine: Floats) -> Ints:
    """The step of each, -1 for none."""
    return np.where(np.isnan(fine), -1, np.floor(np.nan_to_num(fine))).astype(np.int64)


def figure_of(step: float) -> float:
    """The figure in the middle of a step."""
    return float(2.0 ** ((step + 0.5 - _ZERO) / STEPS))
