"""The log's static files in the node's folder, ``ledger/``: checkpoint, tiles and bundles of entries.

All of it follows from the rows and is written again where it is missing, so it is in no backup. The files can be served
as they are; they show commitments and hashes alone.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pratique.node.folder import FILE_MODE, NodeFolder, make_folder
from pratique.node.storage.ledger import commitments_of
from pratique.node.storage.ledger_order import entries, leaf_hashes
from pratique.node.storage.ledger_padding import padding_of
from pratique.node.storage.store import Connection
from pratique.partners.ledger.checkpoints import parse_checkpoint
from pratique.partners.ledger.commitments import HASH_BYTES
from pratique.partners.ledger.notes import NoteError, parse_note
from pratique.partners.ledger.tiles import WIDTH, Tile, TileHashes, bundle_of, entries_path, tile_root, tiles_of

FOLDER: Final = "ledger"
CHECKPOINT: Final = "checkpoint"
_NUMBER: Final = r"(x[0-9]{3}/){0,5}[0-9]{3}(\.p/[1-9][0-9]{0,2})?"
PUBLIC_PATH: Final = re.compile(rf"checkpoint|tile/([0-9]|entries)/{_NUMBER}")


def log_folder(folder: NodeFolder) -> Path:
    """Where the static files of the log lie."""
    return folder.root / FOLDER


def log_hashes(folder: NodeFolder, connection: Connection, size: int) -> TileHashes:
    """The hashes of the log at that size: from its files, and from the rows where a file is missing."""
    root = log_folder(folder)
    return TileHashes(size, lambda tile: _hashes_of(root, connection, tile))


def write_tiles(target: Path, connection: Connection, access: Connection, *, size: int, since: int = 0) -> int:
    """Writes the tiles of a log of that size below ``target``, and gives how many; with ``since`` only those that grew.

    Level by level, each from the one below, so that a log of millions takes one pass over its rows.
    """
    written = 0
    for tile in tiles_of(size, since=since):
        if tile.level == 0:
            _write(target / tile.path, leaf_hashes(connection, tile.number * WIDTH, tile.width))
            _write(target / entries_path(tile.number, tile.width), _bundle(connection, access, tile))
        else:
            _write(target / tile.path, _hashes_of(target, connection, tile))
        if tile.width == WIDTH:
            _drop_partial(target, tile)
        written += 1
    return written


def _drop_partial(target: Path, tile: Tile) -> None:
    """Removes the parts that a full tile takes the place of; readers then take the full one (tlog-tiles)."""
    paths = [tile.path, entries_path(tile.number, tile.width)] if tile.level == 0 else [tile.path]
    for path in paths:
        shutil.rmtree(target / f"{path}.p", ignore_errors=True)


def write_checkpoint(target: Path, note: str) -> None:
    """Writes the newest checkpoint beside the tiles, after them: what it signs is there to be read."""
    _write(target / CHECKPOINT, note.encode())


def size_written(target: Path, *, at_most: int) -> int:
    """The size of the log that the files show whole: that of their checkpoint, which is written last; else 0."""
    kept = _read(target / CHECKPOINT) or b""
    try:
        size = parse_checkpoint(parse_note(kept).text).size
    except NoteError:
        return 0
    return size if size <= at_most else 0


def tile_faults(target: Path, tile: Tile, expected: bytes) -> Iterator[int]:
    """The places in the tile at which its file says something else; none where there is no file."""
    kept = _read(target / tile.path)
    if kept is None or kept == expected:
        return
    for place in range(tile.width):
        part = slice(place * HASH_BYTES, (place + 1) * HASH_BYTES)
        if kept[part] != expected[part]:
            yield place


def _hashes_of(root: Path, connection: Connection, tile: Tile) -> bytes:
    """The hashes of a tile: from its file, else from the rows or from the full tiles below it."""
    kept = _read(root / tile.path)
    if kept is not None and len(kept) == tile.width * HASH_BYTES:
        return kept
    if tile.level == 0:
        return leaf_hashes(connection, tile.number * WIDTH, tile.width)
    below = (Tile(tile.level - 1, tile.number * WIDTH + place) for place in range(tile.width))
    return b"".join(tile_root(_hashes_of(root, connection, each)) for each in below)


def _bundle(connection: Connection, access: Connection, tile: Tile) -> bytes:
    """The commitments of a tile of level 0, from both stores and the padding."""
    start = tile.number * WIDTH
    wanted = list(entries(connection, start=start, end=start + tile.width))
    places: dict[str, list[tuple[int, int]]] = {"main": [], "access": [], "padding": []}
    for each in wanted:
        places[each.kept_in].append((each.seq, each.part))
    found = {
        "main": commitments_of(connection, places["main"]),
        "access": commitments_of(access, places["access"]),
        "padding": padding_of(connection, places["padding"]),
    }
    return bundle_of([found[each.kept_in][each.seq, each.part] for each in wanted])


def _write(path: Path, content: bytes) -> None:
    """The file, whole or not at all; readable by the owner alone, like everything in the node."""
    make_folder(path.parent)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE), "wb") as sink:
            sink.write(content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
