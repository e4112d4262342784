"""Every journal entry leaves its leaf in the ledger, in the command's transaction, and so does what the act adds."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from pratique.node.acts import Leaf
from pratique.node.storage.journal import JournalEntry
from pratique.node.storage.ledger import ENTRY_PART, KeptIn, entry_record, insert_leaves, leaf_row
from pratique.node.storage.store import Connection
from pratique.partners.ledger.commitments import SALT_BYTES


def fresh_salt() -> bytes:
    """32 bytes that nobody can foresee: for an act that hands the opening of its leaf to a partner."""
    return secrets.token_bytes(SALT_BYTES)


def add_leaves(connection: Connection, entry: JournalEntry, kept_in: KeptIn, more: Iterable[Leaf] = ()) -> None:
    """Writes the leaf of ``entry``, then those that the act gave, each with a salt of its own."""
    rows = [leaf_row(entry.seq, ENTRY_PART, entry.entry, salt=fresh_salt(), record=entry_record(entry, kept_in))]
    for part, leaf in enumerate(more, ENTRY_PART + 1):
        salt = leaf.salt or fresh_salt()
        rows.append(leaf_row(entry.seq, part, leaf.kind, salt=salt, record=leaf.record, keeps_record=True))
    insert_leaves(connection, rows)
