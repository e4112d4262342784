"""For the migrations that bring the ledger: its leaves, their guards, and leaves for the journal entries from before.

What a leaf commits to never changes, so the migrations share the code of today.
"""

from __future__ import annotations

import secrets
from typing import Final

import sqlalchemy as sa
from alembic import op

from pratique.node.storage import journal
from pratique.node.storage.ledger import ENTRY_PART, KeptIn, entry_record, insert_leaves, leaf_row
from pratique.partners.ledger.commitments import SALT_BYTES

PAGE: Final = 5000


def create_leaves() -> None:
    """The table of leaves, the same in both files."""
    op.create_table(
        "ledger_leaf",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("record", sa.LargeBinary(), nullable=True),
        sa.Column("erased_at", sa.Text(), nullable=True),
        sa.Column("erased_because", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), server_default="accountability", nullable=False),
        sa.Column("retention_class", sa.Text(), server_default="ledger-opening", nullable=False),
        sa.PrimaryKeyConstraint("seq", "part", name=op.f("pk_ledger_leaf")),
    )


def guard_leaves() -> None:
    """A leaf is never removed, and what it commits to never changes; its opening may be erased."""
    op.execute(
        "CREATE TRIGGER ledger_keeps_leaves BEFORE DELETE ON ledger_leaf "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    )
    op.execute(
        "CREATE TRIGGER ledger_keeps_commitments BEFORE UPDATE ON ledger_leaf "
        "WHEN new.seq <> old.seq OR new.part <> old.part OR new.kind <> old.kind OR new.commitment <> old.commitment "
        "OR new.salt IS NOT NULL OR new.record IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    )


def commit_earlier_entries(kept_in: KeptIn) -> None:
    """A leaf for each journal entry that has none: a node from before comes into the ledger whole."""
    connection = op.get_bind()
    rows = []
    for entry in journal.entries(connection):
        salt = secrets.token_bytes(SALT_BYTES)
        rows.append(leaf_row(entry.seq, ENTRY_PART, entry.entry, salt=salt, record=entry_record(entry, kept_in)))
        if len(rows) == PAGE:
            insert_leaves(connection, rows)
            rows = []
    insert_leaves(connection, rows)
