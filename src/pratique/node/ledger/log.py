"""The node's log: leaves of both stores get their order, and a checkpoint signs the tree of all of them.

The rows are the truth. A leaf is in the log from the moment its command was carried out; here it gets its number, from
one writer, in the transaction of a checkpoint. Killed at any point, the next checkpoint goes on from the rows.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final, TypeAlias

from pratique.node.instants import to_text
from pratique.node.ledger.signing_keys import NodeKeys
from pratique.node.storage import journal
from pratique.node.storage.ledger import KeptIn, Source, commitments, count_leaves
from pratique.node.storage.ledger_order import (
    PAGE,
    StoredCheckpoint,
    add_entries,
    last_place,
    newest_checkpoint,
    put_checkpoint,
)
from pratique.node.storage.ledger_padding import StoredPadding, add_padding
from pratique.node.storage.ledger_witnesses import cosignatures
from pratique.node.storage.store import Connection
from pratique.partners.ledger.checkpoints import Checkpoint
from pratique.partners.ledger.commitments import leaf_hash
from pratique.partners.ledger.merkle import Frontier
from pratique.partners.ledger.notes import PLAIN, Note, VerifierKey, sign
from pratique.partners.ledger.padding import padding_commitment, slot_size
from pratique.partners.ledger.tiles import split

NewLeaf: TypeAlias = tuple[Source, int, int, bytes]  # which store, journal entry, part, commitment
SEED_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class LogKeys:
    """The keys that the log was and is signed with, newest last; all have the log's origin as their name."""

    origin: str
    vkeys: tuple[VerifierKey, ...]


def log_keys(keys: NodeKeys) -> LogKeys:
    """The public keys of the log. Raises ``MISCONFIGURED`` where none was made."""
    origin = keys.current("log").key_name
    return LogKeys(origin, tuple(VerifierKey(origin, PLAIN, key.public_key) for key in keys.every("log")))


def order_new_leaves(connection: Connection, access: Connection, *, least: int = 0) -> tuple[Frontier, int]:
    """Gives every leaf that has none its number: first those of the main store, then those of access.

    With ``least`` they are a slot: padding leaves at random places among them bring their number to a power of two of
    at least that. Answers with the tree of all, from where the newest checkpoint left it, and how many were padding.
    """
    newest = newest_checkpoint(connection)
    tree = Frontier(size=newest.tree_size, edge=split(newest.edge)) if newest else Frontier()
    count = pending(connection, access) if least else 0
    padding = _padding(connection, slot_size(count, least=least) - count) if least else None
    rows: list[dict[str, object]] = []
    for kept_in, seq, part, committed in _mingled(_new_leaves(connection, access), padding, count):
        leaf = leaf_hash(committed)
        rows.append({"number": tree.size, "kept_in": kept_in, "seq": seq, "part": part, "leaf_sha256": leaf})
        tree.append(leaf)
        if len(rows) == PAGE:
            add_entries(connection, rows)
            rows = []
    add_entries(connection, rows)
    return tree, padding.leaf_count if padding else 0


def _new_leaves(connection: Connection, access: Connection) -> Iterator[NewLeaf]:
    sources: tuple[tuple[KeptIn, Connection], ...] = (("main", connection), ("access", access))
    for kept_in, source in sources:
        for seq, part, committed in commitments(source, after=last_place(connection, kept_in)):
            yield kept_in, seq, part, committed


def _padding(connection: Connection, count: int) -> StoredPadding | None:
    """Padding of the checkpoint whose journal entry comes next; none where the slot is full."""
    if not count:
        return None
    made = StoredPadding(journal.next_seq(connection), secrets.token_bytes(SEED_BYTES), count)
    add_padding(connection, made)
    return made


def _mingled(real: Iterator[NewLeaf], padding: StoredPadding | None, count: int) -> Iterator[NewLeaf]:
    """Both kinds, each in its own order: a place says nothing about which kind stands there."""
    if padding is None:
        return real
    size = count + padding.leaf_count
    places = set(secrets.SystemRandom().sample(range(size), padding.leaf_count))
    parts: Iterator[NewLeaf] = (
        ("padding", padding.seq, part, padding_commitment(padding.seed, part))
        for part in range(1, padding.leaf_count + 1)
    )
    in_order = (next(parts) if place in places else next(real) for place in range(size))
    return chain(in_order, real)


def sign_checkpoint(connection: Connection, tree: Frontier, *, keys: NodeKeys, at: datetime) -> StoredCheckpoint:
    """Signs the tree with the node's log key and keeps the note, in the transaction that ordered its leaves."""
    origin = keys.current("log").key_name
    checkpoint = Checkpoint(origin, tree.size, tree.root())
    note = Note(checkpoint.text, (sign(checkpoint.text, origin, keys.signing("log")),))
    signed = StoredCheckpoint(
        tree_size=tree.size,
        root=checkpoint.root,
        edge=b"".join(tree.edge),
        note=str(note),
        seq=journal.next_seq(connection),
        at=to_text(at),
    )
    put_checkpoint(connection, signed)
    return signed


def cosigned_note(connection: Connection, checkpoint: StoredCheckpoint) -> str:
    """The checkpoint with the signature of the log first and those of its witnesses behind it."""
    return checkpoint.note + "".join(each.line for each in cosignatures(connection, checkpoint.tree_size))


def pending(connection: Connection, access: Connection) -> int:
    """How many leaves no checkpoint has yet."""
    sources: tuple[tuple[KeptIn, Connection], ...] = (("main", connection), ("access", access))
    return sum(count_leaves(source, after=last_place(connection, kept_in)) for kept_in, source in sources)
