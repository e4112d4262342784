"""Whether the log is the one that was signed: every entry and branch hashed again, and compared with all that is kept.

What an intruder would have to change together: the rows, their salts, the order, the tiles, the checkpoints with their
signatures, and the copies that partners hold. The last two he cannot.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pratique.node.ledger.files import CHECKPOINT, tile_faults
from pratique.node.ledger.log import LogKeys, cosigned_note
from pratique.node.ledger.verdict import Looking
from pratique.node.storage import journal
from pratique.node.storage.ledger import Source, commitments
from pratique.node.storage.ledger_order import (
    BEFORE_ALL,
    OrderedEntry,
    StoredCheckpoint,
    checkpoints,
    entries,
)
from pratique.node.storage.ledger_padding import padding_leaves, paddings
from pratique.node.storage.ledger_witnesses import cosignatures, witnesses
from pratique.node.storage.store import Connection
from pratique.partners.ledger.checkpoints import Checkpoint, parse_checkpoint, witnesses_of
from pratique.partners.ledger.commitments import HASH_BYTES, leaf_hash
from pratique.partners.ledger.merkle import EMPTY_ROOT, Frontier
from pratique.partners.ledger.notes import NoteError, parse_note, parse_vkey, signed_by
from pratique.partners.ledger.tiles import WIDTH, Tile, tile_root

CHECKPOINTED: Final = "ledger.checkpointed"


@dataclass(slots=True)
class Rehashed:
    """The log hashed again: its tree, and the root at each size that somebody signed."""

    tree: Frontier = field(default_factory=Frontier)
    roots: dict[int, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class TileCheck:
    """Tiles made again from the leaves and compared with the files, a level at a time as they fill up."""

    folder: Path
    looking: Looking
    levels: list[bytearray] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    count: int = 0
    first_faults: list[int] = field(default_factory=list)

    def add(self, leaf: bytes, level: int = 0) -> None:
        """One more hash of a level; a full tile is compared, and its root goes to the level above."""
        if level == len(self.levels):
            self.levels.append(bytearray())
            self.done.append(0)
        self.levels[level] += leaf
        if len(self.levels[level]) == WIDTH * HASH_BYTES:
            hashes = bytes(self.levels[level])
            self._compare(Tile(level, self.done[level]), hashes)
            self.levels[level].clear()
            self.done[level] += 1
            self.add(tile_root(hashes), level + 1)

    def partial(self) -> None:
        """Compares the tiles that are not full as of now, where there are files of them."""
        for level, hashes in enumerate(self.levels):
            if hashes:
                self._compare(Tile(level, self.done[level], len(hashes) // HASH_BYTES), bytes(hashes))

    def _compare(self, tile: Tile, expected: bytes) -> None:
        self.count += 1
        for place in tile_faults(self.folder, tile, expected):
            number = tile.number * WIDTH + place
            if tile.level == 0:
                self.first_faults.append(number)
            else:
                self.looking.fault("tile_changed", tile=tile.path)
                return


def rehash(main: Connection, access: Connection, *, sizes: Iterable[int], into: Rehashed, tiles: TileCheck) -> None:
    """Hashes every entry again in the order of the log, and compares order, leaf and tile on the way."""
    wanted, looking = set(sizes), tiles.looking
    if 0 in wanted:
        into.roots[0] = EMPTY_ROOT
    sources: dict[Source, Iterator[tuple[int, int, bytes]]] = {
        "main": commitments(main, after=BEFORE_ALL),
        "access": commitments(access, after=BEFORE_ALL),
        "padding": padding_leaves(main),
    }
    for entry in entries(main):
        leaf = _expected_leaf(entry, sources, into.tree.size, looking)
        into.tree.append(leaf)
        tiles.add(leaf)
        looking.count += 1
        if into.tree.size in wanted:
            into.roots[into.tree.size] = into.tree.root()
            tiles.partial()
    for number in tiles.first_faults:
        _tell_entry(main, number, "not_as_in_tile", looking)


def check_checkpoints(connection: Connection, rehashed: Rehashed, keys: LogKeys, looking: Looking) -> None:
    """Every checkpoint is signed by the log, is in the journal as it was made, and its root is that of the entries."""
    good, known = 0, {each.name: parse_vkey(each.vkey) for each in witnesses(connection, ended=True)}
    for each in checkpoints(connection):
        looking.count += 1
        told = _told(each.note, keys)
        if told is None or (told.size, told.root) != (each.tree_size, each.root):
            looking.fault("checkpoint_unsigned", size=each.tree_size)
        elif not _in_journal(connection, each):
            looking.fault("checkpoint_not_in_journal", size=each.tree_size, seq=each.seq)
        if _compare(each.tree_size, each.root, rehashed, good, looking):
            good = each.tree_size
        try:
            note = parse_note(cosigned_note(connection, each).encode())
            held = witnesses_of(note, known.values())
        except NoteError:
            held = {}
        for signed in cosignatures(connection, each.tree_size):
            if signed.witness not in held:
                looking.fault("cosignature_broken", size=each.tree_size, witness=signed.witness)


def check_padding(connection: Connection, looking: Looking) -> None:
    """The journal says of each checkpoint how much padding came with it, so that nothing passes for padding."""
    for each in paddings(connection):
        entry = next(journal.entries(connection, after=each.seq - 1, limit=1), None)
        told = json.loads(entry.command) if entry is not None and entry.seq == each.seq else {}
        if told.get("padded") != each.leaf_count or entry is None or entry.entry != CHECKPOINTED:
            looking.fault("padding_untold", seq=each.seq, count=each.leaf_count)


def check_copy(content: bytes, whose: str, rehashed: Rehashed, keys: LogKeys, looking: Looking) -> None:
    """A checkpoint that lies elsewhere (a partner's copy, the file beside the store) is one of this very log."""
    looking.count += 1
    told = _told(content.decode("utf-8", errors="replace"), keys)
    if told is None:
        looking.fault("copy_unsigned", whose=whose)
    elif told.size > rehashed.tree.size:
        looking.fault("rolled_back", whose=whose, told=told.size, size=rehashed.tree.size)
    elif rehashed.roots.get(told.size) != told.root:
        looking.fault("forked", whose=whose, size=told.size)


def size_told(content: bytes) -> int | None:
    """The size that a checkpoint states, whoever signed it; ``None`` where it is none."""
    try:
        return parse_checkpoint(parse_note(content).text).size
    except NoteError:
        return None


def file_beside(folder: Path) -> bytes | None:
    """The checkpoint as it lies beside the store; ``None`` where none was written."""
    try:
        return (folder / CHECKPOINT).read_bytes()
    except OSError:
        return None


def _expected_leaf(
    entry: OrderedEntry, sources: dict[Source, Iterator[tuple[int, int, bytes]]], number: int, looking: Looking
) -> bytes:
    """The leaf that the rows give for an entry of the log; a fault where order or hash are others."""
    place = (entry.seq, entry.part)
    row = next(sources[entry.kept_in], None)
    if entry.number != number:
        looking.fault("number_missing", number=number)
    if row is None or row[:2] != place:
        looking.fault("out_of_order", number=entry.number, store=entry.kept_in, seq=entry.seq, part=entry.part)
        return entry.leaf_sha256 if _is_hash(entry.leaf_sha256) else bytes(HASH_BYTES)
    leaf = leaf_hash(row[2] if _is_hash(row[2]) else b"")
    if leaf != entry.leaf_sha256:
        looking.fault("leaf_changed", number=entry.number, store=entry.kept_in, seq=entry.seq, part=entry.part)
    return leaf


def _is_hash(found: object) -> bool:
    return isinstance(found, bytes) and len(found) == HASH_BYTES


def _compare(size: int, root: bytes, rehashed: Rehashed, good: int, looking: Looking) -> bool:
    if size > rehashed.tree.size:
        looking.fault("entries_cut", size=size, left=rehashed.tree.size)
    elif rehashed.roots.get(size) != root:
        looking.fault("root_differs", size=size, first=good, last=size - 1)
    else:
        return True
    return False


def _told(note: str, keys: LogKeys) -> Checkpoint | None:
    """What the note states, where the log signed it with one of its keys."""
    try:
        parsed = parse_note(note.encode())
        told = parse_checkpoint(parsed.text)
        signed = told.origin == keys.origin and any(signed_by(parsed, key) for key in keys.vkeys)
    except NoteError:
        return None
    return told if signed else None


def _in_journal(connection: Connection, checkpoint: StoredCheckpoint) -> bool:
    entry = next(journal.entries(connection, after=checkpoint.seq - 1, limit=1), None)
    if entry is None or entry.seq != checkpoint.seq or entry.entry != CHECKPOINTED:
        return False
    said = json.loads(entry.command)
    return (said.get("size"), said.get("root")) == (checkpoint.tree_size, checkpoint.root.hex())


def _tell_entry(connection: Connection, number: int, code: str, looking: Looking) -> None:
    entry = next(entries(connection, start=number, end=number + 1), None)
    place = f"{entry.kept_in} {entry.seq}" if entry else "?"
    looking.fault(code, number=number, place=place)
