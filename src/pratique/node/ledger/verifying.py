"""The whole ledger, checked: every record, every branch, every signature, and the copies that lie elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pratique.node.folder import NodeFolder
from pratique.node.ledger.files import log_folder
from pratique.node.ledger.log import log_keys, pending
from pratique.node.ledger.records import check_records
from pratique.node.ledger.signing_keys import NodeKeys
from pratique.node.ledger.tree_check import (
    Rehashed,
    TileCheck,
    check_checkpoints,
    check_copy,
    check_padding,
    file_beside,
    rehash,
    size_told,
)
from pratique.node.ledger.verdict import Looking, Verdict
from pratique.node.storage.ledger_order import checkpoints, log_size, newest_checkpoint
from pratique.node.storage.store import Connection
from pratique.node.stores import Stores
from pratique.partners.ledger.notes import NoteError, parse_note, signed_by

OWN_FILE = "the file beside the store"


def verified(
    folder: NodeFolder, stores: Stores, *, copies: Mapping[str, bytes], progress: Callable[[str], None]
) -> Verdict:
    """Checks all there is; ``copies`` are checkpoints that others hold, by whose they are.

    Reads both stores as of one moment each, while others go on writing. Raises ``MISCONFIGURED`` without a log key.
    """
    looking = Looking(progress)
    keys = log_keys(NodeKeys(folder, stores))
    with stores.main.reading() as main, stores.access.reading() as access:
        erased, rehashed = 0, Rehashed()
        with looking.step("records"):
            erased = check_records(main, "main", looking) + check_records(access, "access", looking)
        held = dict(copies)
        beside = file_beside(log_folder(folder))
        if beside is not None:
            held[OWN_FILE] = beside
        with looking.step("branches"):
            tiles = TileCheck(log_folder(folder), looking)
            sizes = {each.tree_size for each in checkpoints(main)} | {size_told(each) or 0 for each in held.values()}
            rehash(main, access, sizes=sizes, into=rehashed, tiles=tiles)
        with looking.step("checkpoints"):
            check_checkpoints(main, rehashed, keys, looking)
            check_padding(main, looking)
        with looking.step("copies"):
            for whose, content in held.items():
                check_copy(content, whose, rehashed, keys, looking)
        left = pending(main, access)
    return Verdict(
        size=rehashed.tree.size,
        root=rehashed.tree.root().hex(),
        pending=left,
        erased=erased,
        steps=tuple(looking.steps),
        faults=tuple(looking.faults),
        fault_count=looking.fault_count,
    )


def short_faults(folder: NodeFolder, stores: Stores, connection: Connection) -> list[str]:
    """What a quick look finds, for the check of a node's health: the newest checkpoint against log and file.

    Nothing is hashed again. Raises ``MISCONFIGURED`` where the node has no keys.
    """
    newest = newest_checkpoint(connection)
    if newest is None:
        return []
    keys, size = log_keys(NodeKeys(folder, stores)), log_size(connection)
    faults = [f"entries from {size} on are gone"] if size < newest.tree_size else []
    try:
        note = parse_note(newest.note.encode())
        signed = any(signed_by(note, key) for key in keys.vkeys)
    except NoteError:
        signed = False
    faults += [] if signed else [f"the checkpoint of {newest.tree_size} entries is not signed by this log"]
    beside = file_beside(log_folder(folder))
    told = size_told(beside) if beside is not None else None
    if told is not None and told > newest.tree_size:
        faults.append(f"the file beside the store shows {told} entries, the store {newest.tree_size}")
    return faults
