"""The node's log: leaves of both stores get their order, and a checkpoint signs the tree of all of them.

The rows are the truth. A leaf is in the log from the moment its command was carried out; here it gets its number, from
one writer, in the transaction of a checkpoint. Killed at any point, the next checkpoint goes on from the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pratique.node.instants import to_text
from pratique.node.ledger.signing_keys import NodeKeys
from pratique.node.storage import journal
from pratique.node.storage.ledger import KeptIn, commitments, count_leaves
from pratique.node.storage.ledger_order import (
    PAGE,
    StoredCheckpoint,
    add_entries,
    last_place,
    newest_checkpoint,
    put_checkpoint,
)
from pratique.node.storage.ledger_witnesses import cosignatures
from pratique.node.storage.store import Connection
from pratique.partners.ledger.checkpoints import Checkpoint
from pratique.partners.ledger.commitments import leaf_hash
from pratique.partners.ledger.merkle import Frontier
from pratique.partners.ledger.notes import PLAIN, Note, VerifierKey, sign
from pratique.partners.ledger.tiles import split


@dataclass(frozen=True, slots=True)
class LogKeys:
    """The keys that the log was and is signed with, newest last; all have the log's origin as their name."""

    origin: str
    vkeys: tuple[VerifierKey, ...]


def log_keys(keys: NodeKeys) -> LogKeys:
    """The public keys of the log. Raises ``MISCONFIGURED`` where none was made."""
    origin = keys.current("log").key_name
    return LogKeys(origin, tuple(VerifierKey(origin, PLAIN, key.public_key) for key in keys.every("log")))


def order_new_leaves(connection: Connection, access: Connection) -> Frontier:
    """Gives every leaf that has none its number: first those of the main store, then those of access.

    Answers with the tree of all of them, from where the newest checkpoint left it.
    """
    newest = newest_checkpoint(connection)
    tree = Frontier(size=newest.tree_size, edge=split(newest.edge)) if newest else Frontier()
    sources: tuple[tuple[KeptIn, Connection], ...] = (("main", connection), ("access", access))
    for kept_in, source in sources:
        rows: list[dict[str, object]] = []
        for seq, part, committed in commitments(source, after=last_place(connection, kept_in)):
            leaf = leaf_hash(committed)
            rows.append({"number": tree.size, "kept_in": kept_in, "seq": seq, "part": part, "leaf_sha256": leaf})
            tree.append(leaf)
            if len(rows) == PAGE:
                add_entries(connection, rows)
                rows = []
        add_entries(connection, rows)
    return tree


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
