"""Agreements in force, decisions of the gate and the duties that follow from them.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nodes from before have none."""
    op.create_table(
        "agreement_text",
        *_texts("sha256", "text", "kept_at"),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_agreement_text")),
    )
    op.create_table(
        "agreement",
        *_texts("id"),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        *_texts("sha256", "kind", "title"),
        sa.Column("verified", sa.Integer(), nullable=False),
        *_texts("proposed_by", "proposed_at"),
        *_texts("adopted_by", "adopted_at", "ended_by", "ended_at", "end_reason", nullable=True),
        sa.ForeignKeyConstraint(["sha256"], ["agreement_text.sha256"], name=op.f("fk_agreement_sha256")),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_agreement")),
    )
    op.create_table(
        "agreement_party",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        *_texts("agreement_id", "party_id", "party", "proposed_by", "proposed_at"),
        sa.Column("adopted_seq", sa.Integer(), nullable=True),
        *_texts("adopted_by", "adopted_at", nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_agreement_party")),
    )
    op.create_index("ix_agreement_party_agreement_id", "agreement_party", ["agreement_id", "party_id"])
    _create_decisions()


def _create_decisions() -> None:
    op.create_table(
        "gate_decision",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *_texts("sha256", "agreement_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        *_texts("clause", "recipient", "verdict", "record", "at", "by"),
        sa.Column("purpose", sa.Text(), server_default="mutual-assistance", nullable=False),
        sa.Column("retention_class", sa.Text(), server_default="disclosure-record", nullable=False),
        sa.PrimaryKeyConstraint("seq", "number", name=op.f("pk_gate_decision")),
    )
    op.create_index("ix_gate_decision_sha256", "gate_decision", ["sha256"])
    op.create_index("ix_gate_decision_at", "gate_decision", ["at"])


def _texts(*names: str, nullable: bool = False) -> list["sa.Column[str]"]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]
