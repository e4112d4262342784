"""Requests for assistance and evidence with its custody.

Revision ID: 0010
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Nodes from before have none."""
    _requests()
    _custody()


def _requests() -> None:
    op.create_table(
        "assistance_request",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        *_texts("side", "partner", "their_id", "instrument", "clause", "channel", "case_ref"),
        sa.Column("sensitive", sa.Integer(), nullable=False),
        *_texts("at", "by"),
        *_kept_as("assistance-request"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistance_request")),
        sa.UniqueConstraint("seq", name=op.f("uq_assistance_request_seq")),
    )
    op.create_index("ix_assistance_request_partner", "assistance_request", ["partner", "seq"])
    op.create_table(
        "assistance_version",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        *_texts("record", "sha256", "at", "by"),
        *_kept_as("assistance-request"),
        sa.PrimaryKeyConstraint("request_id", "version", name=op.f("pk_assistance_version")),
    )
    op.create_table(
        "assistance_event",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        *_texts("request_id", "event", "side", "happened_at", "at", "by", "message", "details"),
        *_kept_as("assistance-request"),
        sa.PrimaryKeyConstraint("seq", "part", name=op.f("pk_assistance_event")),
    )
    op.create_index("ix_assistance_event_request_id", "assistance_event", ["request_id", "seq", "part"])
    op.create_index("ix_assistance_event_message", "assistance_event", ["message"])


def _custody() -> None:
    op.create_table(
        "custody_item",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        *_texts("title", "kind", "order_id", "request_id", "at", "by"),
        *_kept_as("evidence"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody_item")),
    )
    op.create_index("ix_custody_item_order_id", "custody_item", ["order_id"])
    op.create_index("ix_custody_item_request_id", "custody_item", ["request_id"])
    op.create_table(
        "custody_file",
        *_texts("item_id", "sha256", "path", "name", "media_type"),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        *_kept_as("evidence"),
        sa.PrimaryKeyConstraint("item_id", "sha256", name=op.f("pk_custody_file")),
    )
    op.create_table(
        "custody_event",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        *_texts("text", "signatures"),
        *_kept_as("evidence"),
        sa.PrimaryKeyConstraint("item_id", "number", name=op.f("pk_custody_event")),
    )
    op.create_index("ix_custody_event_seq", "custody_event", ["seq"])
    op.create_table(
        "custody_offer",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        *_texts("item_id", "text", "signatures", "to_officer", "to_agency", "at", "by"),
        sa.Column("closed_seq", sa.Integer()),
        *_kept_as("evidence"),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_custody_offer")),
    )
    op.create_index("ix_custody_offer_item_id", "custody_offer", ["item_id", "seq"])


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _kept_as(retention_class: str) -> tuple[sa.Column[str], sa.Column[str]]:
    return (
        sa.Column("purpose", sa.Text(), server_default="mutual-assistance", nullable=False),
        sa.Column("retention_class", sa.Text(), server_default=retention_class, nullable=False),
    )
