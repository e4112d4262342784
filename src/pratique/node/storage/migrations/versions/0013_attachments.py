"""Attachments of messages, and what came of comparing logs with partners.

Revision ID: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Nodes from before have none."""
    op.create_table(
        "shared_file",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        *_file(),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        *_content(),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_shared_file")),
    )
    op.create_table(
        "attachment",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        *_file(),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sealed_sha256", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("personal", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        *_content(),
        sa.PrimaryKeyConstraint("message_id", "direction", "number", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_state", "attachment", ["direction", "state", "partner_id"])
    op.create_index("ix_attachment_path", "attachment", ["path"])
    op.create_table(
        "reconciliation",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("log", sa.Text(), nullable=False),
        sa.Column("tree_size", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("witnesses", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_reconciliation")),
    )
    op.create_index("ix_reconciliation_partner_id", "reconciliation", ["partner_id", "seq"])


def _file() -> tuple[sa.Column[str], sa.Column[str], sa.Column[int]]:
    return (
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
    )


def _content() -> tuple[sa.Column[str], sa.Column[str]]:
    return (
        sa.Column("purpose", sa.Text(), server_default="customs-cooperation", nullable=False),
        sa.Column("retention_class", sa.Text(), server_default="disclosure", nullable=False),
    )
