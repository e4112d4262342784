"""The ledger: a salted commitment for every journal entry, those from before too.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

from pratique.node.storage.ledger_backfill import commit_earlier_entries, create_leaves, guard_leaves

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Every journal entry from before gets its leaf, in the transaction of the migration."""
    create_leaves()
    _create_order()
    _create_checks()
    _create_witnesses()
    guard_leaves()
    commit_earlier_entries("main")


def _create_order() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kept_in", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("leaf_sha256", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("kept_in", "seq", "part", name=op.f("uq_ledger_entry_kept_in")),
    )
    op.create_table(
        "ledger_checkpoint",
        sa.Column("tree_size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("edge", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tree_size", name=op.f("pk_ledger_checkpoint")),
    )


def _create_checks() -> None:
    op.create_table(
        "ledger_check",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("tree_size", sa.Integer(), nullable=False),
        sa.Column("fault_count", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger_check")),
    )


def _create_witnesses() -> None:
    op.create_table(
        "ledger_witness",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("vkey", sa.Text(), nullable=False),
        sa.Column("added_at", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ledger_witness")),
    )
    op.create_table(
        "ledger_cosignature",
        sa.Column("tree_size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("witness", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("cosigned_at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tree_size", "witness", name=op.f("pk_ledger_cosignature")),
    )
    op.create_table(
        "ledger_watched",
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("vkey", sa.Text(), nullable=False),
        sa.Column("tree_size", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("seen_at", sa.Text(), nullable=True),
        sa.Column("added_at", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_ledger_watched")),
    )
    op.create_table(
        "ledger_breach",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("breach", sa.Text(), nullable=False),
        sa.Column("seen_note", sa.Text(), nullable=False),
        sa.Column("told_note", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger_breach")),
    )
    op.create_index("ix_ledger_breach_origin", "ledger_breach", ["origin"])
