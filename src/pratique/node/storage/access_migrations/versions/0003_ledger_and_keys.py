"""A salted commitment for every entry of this journal, those from before too, and the node's own key pairs.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

from pratique.node.storage.ledger_backfill import commit_earlier_entries, create_leaves, guard_leaves

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Every journal entry from before gets its leaf, in the transaction of the migration."""
    create_leaves()
    guard_leaves()
    commit_earlier_entries("access")
    op.create_table(
        "signing_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("private_sealed", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
    )
