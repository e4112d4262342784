"""Tiles (C2SP tlog-tiles): the hashes of a log as static files of 256 hashes, which never change once they are full.

Level 0 holds the hashes of leaves, level ``n + 1`` the roots of full tiles of level ``n``. The last tile of a level may
be partial; its name says how wide it is. ``tile/entries`` holds what the leaves are of, here the commitments.
"""

from __future__ import annotations

import struct
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from pratique.partners.ledger.commitments import HASH_BYTES
from pratique.partners.ledger.merkle import node_hash

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
KEPT_TILES: Final = 512


@dataclass(frozen=True, slots=True)
class Tile:
    """The place of a tile: level, number in the level, and how many hashes it holds (1 to 256)."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where the file lies below the root of the log: ``tile/0/x001/234`` or ``tile/1/000.p/17``."""
        return f"tile/{self.level}/{_place(self.number, self.width)}"


def entries_path(number: int, width: int = WIDTH) -> str:
    """Where the bundle lies that holds the entries of that tile of level 0."""
    return f"tile/entries/{_place(number, width)}"


def bundle_of(entries: Sequence[bytes]) -> bytes:
    """Entries as one file: each behind its length (two bytes, the higher first)."""
    return b"".join(struct.pack(">H", len(each)) + each for each in entries)


def entries_of(bundle: bytes) -> list[bytes]:
    """The entries of such a file. Raises ``ValueError`` where it is cut short."""
    entries, place = [], 0
    while place < len(bundle):
        (size,) = struct.unpack_from(">H", bundle, place) if place + 2 <= len(bundle) else (len(bundle),)
        place += 2
        if place + size > len(bundle):
            raise ValueError("a bundle of entries that is cut short")
        entries.append(bundle[place : place + size])
        place += size
    return entries


def tiles_of(size: int, *, since: int = 0) -> list[Tile]:
    """The tiles that a log of that size has and one of ``since`` leaves has not: those that grew, from level 0 up."""
    tiles = []
    for level in range(max(size.bit_length() - 1, 0) // HEIGHT + 1):
        now, before = size >> level * HEIGHT, since >> level * HEIGHT
        for number in range(before >> HEIGHT, (now + WIDTH - 1) >> HEIGHT):
            width = min(WIDTH, now - (number << HEIGHT))
            if width > 0 and (number << HEIGHT) + width > before:
                tiles.append(Tile(level, number, width))
    return tiles


def tile_root(hashes: bytes) -> bytes:
    """The root of a full tile (or of any power of two of hashes), as the level above holds it."""
    level = split(hashes)
    while len(level) > 1:
        level = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=True)]
    return level[0]


def split(hashes: bytes) -> list[bytes]:
    """The hashes of a tile, one by one."""
    return [hashes[place : place + HASH_BYTES] for place in range(0, len(hashes), HASH_BYTES)]


class TileHashes:
    """The complete subtrees of a log of that size, read from its tiles; the last ones used are kept in memory.

    ``read`` gives the bytes of a tile. Raises ``ValueError`` where it gives too few.
    """

    def __init__(self, size: int, read: Callable[[Tile], bytes]) -> None:
        self.size = size
        self._read = read
        self._kept: OrderedDict[tuple[int, int], bytes] = OrderedDict()

    def complete(self, level: int, index: int) -> bytes:
        """The root of the leaves from ``index << level`` up to, not with, ``(index + 1) << level``."""
        tile_level, inside = divmod(level, HEIGHT)
        first = index << inside
        hashes = self._tile(tile_level, first >> HEIGHT)
        start = (first & (WIDTH - 1)) * HASH_BYTES
        wanted = hashes[start : start + (HASH_BYTES << inside)]
        if len(wanted) != HASH_BYTES << inside:
            raise ValueError("a tile holds fewer hashes than its log has")
        return tile_root(wanted)

    def _tile(self, level: int, number: int) -> bytes:
        place = (level, number)
        if place not in self._kept:
            width = min(WIDTH, (self.size >> level * HEIGHT) - (number << HEIGHT))
            if width < 1:
                raise ValueError("the log has no such tile")
            self._kept[place] = self._read(Tile(level, number, width))
            if len(self._kept) > KEPT_TILES:
                self._kept.popitem(last=False)
        self._kept.move_to_end(place)
        return self._kept[place]


def _place(number: int, width: int) -> str:
    groups = []
    while True:
        number, last = divmod(number, 1000)
        groups.append(f"{last:03d}")
        if not number:
            break
    path = "/".join([*(f"x{group}" for group in groups[:0:-1]), groups[0]])
    return path if width == WIDTH else f"{path}.p/{width}"
