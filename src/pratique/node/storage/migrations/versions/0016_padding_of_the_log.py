"""The padding of the log: what the leaves are made of that hide how much happened in a slot.

Revision ID: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Nodes from before have none."""
    op.create_table(
        "ledger_padding",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger_padding")),
    )
