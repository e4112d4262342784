"""What officers do to a run: calls, selections under another capacity, acts, approvals and answers to list hits.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """From the first release to the officers' desk."""
    _create_call()
    _create_selection()
    _create_control_act()
    _create_approval()
    _create_disposition()


def _create_call() -> None:
    op.create_table(
        "call",
        sa.Column("run_seq", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("messages", sa.Text(), nullable=False),
        sa.Column("vessel", sa.Text(), nullable=True),
        sa.Column("imo", sa.Text(), nullable=True),
        sa.Column("voyage", sa.Text(), nullable=True),
        sa.Column("from_locations", sa.Text(), nullable=False),
        sa.Column("arrival_location", sa.Text(), nullable=True),
        sa.Column("arrives_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("run_seq", "number", name=op.f("pk_call")),
    )
    op.create_index("ix_call_id", "call", ["id"], unique=False)
    op.create_index("ix_call_arrives_at", "call", ["arrives_at"], unique=False)


def _create_selection() -> None:
    op.create_table(
        "selection",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_seq", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("decisions", sa.Text(), nullable=False),
        sa.Column("undone_seq", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_selection")),
    )
    op.create_index("ix_selection_run_seq", "selection", ["run_seq", "number"], unique=False)


def _create_control_act() -> None:
    op.create_table(
        "control_act",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_seq", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("consignment_id", sa.Text(), nullable=False),
        sa.Column("consignment", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("control", sa.Text(), nullable=False),
        sa.Column("control_before", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("after_approval", sa.Integer(), nullable=False),
        sa.Column("undone_seq", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.Text(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), server_default="customs-risk-analysis", nullable=False),
        sa.Column("retention_class", sa.Text(), server_default="advance-cargo", nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_control_act")),
    )
    op.create_index("ix_control_act_run_seq", "control_act", ["run_seq", "consignment"], unique=False)


def _create_approval() -> None:
    op.create_table(
        "approval",
        sa.Column("run_seq", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("list_sha256", sa.Text(), nullable=False),
        sa.Column("control_count", sa.Integer(), nullable=False),
        sa.Column("decisions", sa.Text(), nullable=False),
        sa.UniqueConstraint("seq"),
        sa.PrimaryKeyConstraint("run_seq", "call_id", name=op.f("pk_approval")),
    )


def _create_disposition() -> None:
    op.create_table(
        "disposition",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_seq", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("stands", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("list_version", sa.Text(), nullable=False),
        sa.Column("entry_sha256", sa.Text(), nullable=False),
        sa.Column("party_sha256", sa.Text(), nullable=False),
        sa.Column("undone_seq", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.Text(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), server_default="customs-risk-analysis", nullable=False),
        sa.Column("retention_class", sa.Text(), server_default="advance-cargo", nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_disposition")),
    )
    op.create_index("ix_disposition_pair", "disposition", ["pair"], unique=False)
    op.create_index("ix_disposition_run_seq", "disposition", ["run_seq", "number"], unique=False)
