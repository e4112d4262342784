"""What an answer to a list hit was about, how long it holds, how lists changed, and the hits that a change raised.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """From answers that are shown to answers that are remembered."""
    with op.batch_alter_table("disposition") as table:
        for name in ("subject", "party_key", "list_id", "entity_id", "party"):
            table.add_column(sa.Column(name, sa.Text(), server_default="", nullable=False))
        table.add_column(sa.Column("until", sa.Text(), nullable=True))
    op.create_index("ix_disposition_party_key", "disposition", ["party_key"], unique=False)
    _create_list_change()
    _create_raised_hit()


def _create_list_change() -> None:
    op.create_table(
        "list_change",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("list_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("frame", sa.Text(), nullable=False),
        sa.Column("screened_count", sa.Integer(), nullable=False),
        sa.Column("raised_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_list_change")),
    )
    op.create_index("ix_list_change_list_id", "list_change", ["list_id", "seq"], unique=False)


def _create_raised_hit() -> None:
    texts = ("consignment_id", "subject", "screened_value", "list_id", "list_version", "listing_id", "entity_id")
    maybe = ("role_code", "place", "listed_name", "programme", "basis", "reasons", "source_grade", "information_grade")
    op.create_table(
        "raised_hit",
        sa.Column("run_seq", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("consignment", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        *(sa.Column(name, sa.Text(), nullable=True) for name in maybe),
        sa.Column("score_permille", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), server_default="customs-risk-analysis", nullable=False),
        sa.Column("retention_class", sa.Text(), server_default="advance-cargo", nullable=False),
        sa.PrimaryKeyConstraint("run_seq", "number", name=op.f("pk_raised_hit")),
    )
    op.create_index("ix_raised_hit_seq", "raised_hit", ["seq"], unique=False)
