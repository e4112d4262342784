"""What hits that a change of a list raised add to the score of a run, and which of them came too late to stop anything.

Revision ID: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Hits raised before were all on consignments in hand, and added no points."""
    op.add_column("raised_hit", sa.Column("released", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "raised_reason",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("run_seq", "consignment", "seq")),
        sa.Column("profile_id", sa.Text(), nullable=False),
        sa.Column("consignment_id", sa.Text(), nullable=False),
        sa.Column("profile_version", sa.Integer(), nullable=False),
        sa.Column("risk_type", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("control", sa.Text(), nullable=False),
        sa.Column("mandatory", sa.Integer(), nullable=False),
        sa.Column("fires", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("params", "evidence")),
        sa.Column("purpose", sa.Text(), server_default="customs-risk-analysis", nullable=False),
        sa.Column("retention_class", sa.Text(), server_default="advance-cargo", nullable=False),
        sa.PrimaryKeyConstraint("run_seq", "consignment", "seq", "profile_id", name=op.f("pk_raised_reason")),
    )
    op.create_index("ix_raised_reason_seq", "raised_reason", ["seq"], unique=False)
