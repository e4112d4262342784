"""Models at work: the number of each, the history it reads as of a day, and reasons that officers dispute.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

PURPOSE = "customs-risk-analysis"
RETENTION_CLASS = "advance-cargo"


def upgrade() -> None:
    """Models that are there already are numbered in the order in which they were kept."""
    op.add_column("learned_model", sa.Column("number", sa.Integer(), server_default="0", nullable=False))
    op.execute(
        "UPDATE learned_model SET number = (SELECT count(*) FROM learned_model AS earlier"
        " WHERE earlier.kept_at || earlier.digest <= learned_model.kept_at || learned_model.digest)"
    )
    op.create_table(
        "model_history",
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Text(), nullable=False),
        sa.Column("store_sha256", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        *_person_data(),
        sa.PrimaryKeyConstraint("model", "as_of", name=op.f("pk_model_history")),
    )
    op.create_table(
        "disputed_reason",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("run_seq", sa.Integer(), nullable=False),
        sa.Column("consignment_id", sa.Text(), nullable=False),
        sa.Column("profile_id", sa.Text(), nullable=False),
        sa.Column("profile_version", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("undone_seq", sa.Integer(), nullable=True),
        *_person_data(),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_disputed_reason")),
    )
    op.create_index("ix_disputed_reason_profile_id", "disputed_reason", ["profile_id", "profile_version"])
    op.create_index("ix_disputed_reason_consignment_id", "disputed_reason", ["consignment_id"])


def _person_data() -> tuple[sa.Column[str], sa.Column[str]]:
    return (
        sa.Column("purpose", sa.Text(), server_default=PURPOSE, nullable=False),
        sa.Column("retention_class", sa.Text(), server_default=RETENTION_CLASS, nullable=False),
    )
