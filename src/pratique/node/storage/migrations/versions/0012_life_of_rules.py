"""The life of rules: back-tests, scorecards, reviews, and how inputs and scores moved.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Nodes from before have none."""
    op.create_table(
        "rule_back_test",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        *_of_a_version(),
        *_who(),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_rule_back_test")),
    )
    op.create_index("ix_rule_back_test_profile_id", "rule_back_test", ["profile_id", "version"])
    op.create_table(
        "rule_scorecard",
        sa.Column("day", sa.Text(), nullable=False),
        *_of_a_version(),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", "profile_id", name=op.f("pk_rule_scorecard")),
    )
    op.create_index("ix_rule_scorecard_profile_id", "rule_scorecard", ["profile_id", "day"])
    op.create_table(
        "rule_review",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        *_of_a_version(),
        *_who(),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_rule_review")),
    )
    op.create_index("ix_rule_review_profile_id", "rule_review", ["profile_id", "seq"])
    op.create_table(
        "drift_day",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_drift_day")),
    )


def _of_a_version() -> tuple[sa.Column[str], sa.Column[int]]:
    return (sa.Column("profile_id", sa.Text(), nullable=False), sa.Column("version", sa.Integer(), nullable=False))


def _who() -> tuple[sa.Column[str], sa.Column[str]]:
    return (sa.Column("at", sa.Text(), nullable=False), sa.Column("by", sa.Text(), nullable=False))
