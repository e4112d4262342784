"""Orders of controls and their outcomes, evidence and releases; resources with their shifts.

Revision ID: 0005
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Lists that were approved before have no orders; reconciliation says so, and each can be ordered by an officer."""
    _create_orders()
    _create_outcomes()
    _create_resources()


def _texts(names: Iterable[str], *, nullable: bool = False) -> list["sa.Column[str]"]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _recorded() -> tuple["sa.Column[str]", "sa.Column[str]"]:
    return (
        sa.Column("purpose", sa.Text(), server_default="customs-risk-analysis", nullable=False),
        sa.Column("retention_class", sa.Text(), server_default="control-record", nullable=False),
    )


def _seq() -> "sa.Column[int]":
    return sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False)


def _create_orders() -> None:
    op.create_table(
        "control_order",
        *_texts(["id"]),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("run_seq", sa.Integer(), nullable=False),
        *_texts(["run_id", "call_id", "consignment_id"]),
        sa.Column("consignment", sa.Integer(), nullable=False),
        *_texts(["bill"], nullable=True),
        *_texts(["control", "basis"]),
        *_texts(["reason"], nullable=True),
        *_texts(["note", "at", "by"]),
        sa.Column("drawn_at_random", sa.Integer(), nullable=False),
        sa.Column("probability_ppm", sa.Integer(), nullable=True),
        *_texts(["repeats"], nullable=True),
        sa.Column("rests_on", sa.Integer(), nullable=False),
        *_recorded(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_order")),
    )
    op.create_index("ix_control_order_run_seq", "control_order", ["run_seq", "consignment"], unique=False)
    op.create_index("ix_control_order_seq", "control_order", ["seq"], unique=False)
    op.create_index("ix_control_order_at", "control_order", ["at"], unique=False)
    op.create_index("ix_control_order_repeats", "control_order", ["repeats"], unique=False)
    op.create_table(
        "control_event",
        _seq(),
        *_texts(["order_id", "event", "at", "by", "details"]),
        *_recorded(),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_control_event")),
    )
    op.create_index("ix_control_event_order_id", "control_event", ["order_id", "seq"], unique=False)
    op.create_index("ix_control_event_event", "control_event", ["event", "at"], unique=False)
    op.create_table(
        "second_look_draw",
        *_texts(["order_id"]),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("probability_ppm", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_second_look_draw")),
    )
    op.create_index("ix_second_look_draw_seq", "second_look_draw", ["seq"], unique=False)


def _create_outcomes() -> None:
    op.create_table(
        "control_outcome",
        _seq(),
        *_texts(["order_id"]),
        sa.Column("supersedes", sa.Integer(), nullable=False),
        *_texts(["outcome"]),
        *_texts(["reason"], nullable=True),
        *_texts(["note", "legal_basis"]),
        sa.Column("duty_recovered_minor", sa.BigInteger(), nullable=True),
        *_texts(["duty_currency"], nullable=True),
        *_texts(["findings", "controlled_at", "at", "by"]),
        *_recorded(),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_control_outcome")),
        sa.UniqueConstraint("order_id", "supersedes", name=op.f("uq_control_outcome_order_id")),
    )
    op.create_table(
        "control_evidence",
        _seq(),
        *_texts(["order_id", "sha256", "path", "media_type"]),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        *_texts(["file_name"]),
        *_texts(["step"], nullable=True),
        *_texts(["at", "by"]),
        *_recorded(),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_control_evidence")),
        sa.UniqueConstraint("order_id", "sha256", name=op.f("uq_control_evidence_order_id")),
    )
    op.create_table(
        "control_release",
        sa.Column("run_seq", sa.Integer(), nullable=False),
        sa.Column("consignment", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        *_texts(["consignment_id", "at", "by"]),
        sa.PrimaryKeyConstraint("run_seq", "consignment", name=op.f("pk_control_release")),
        sa.UniqueConstraint("seq", name=op.f("uq_control_release_seq")),
    )


def _create_resources() -> None:
    op.create_table(
        "resource",
        _seq(),
        *_texts(["id", "kind", "name", "time_zone", "shifts"]),
        *_texts(["currency"], nullable=True),
        sa.Column("cost_per_control_minor", sa.BigInteger(), nullable=True),
        sa.Column("cost_per_hour_minor", sa.BigInteger(), nullable=True),
        *_texts(["at", "by"]),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_resource")),
    )
    op.create_index("ix_resource_id", "resource", ["id", "seq"], unique=False)
    op.create_table(
        "resource_event",
        _seq(),
        *_texts(["resource_id", "event"]),
        *_texts(["reason"], nullable=True),
        *_texts(["note", "at", "by"]),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_resource_event")),
    )
    op.create_index("ix_resource_event_resource_id", "resource_event", ["resource_id", "seq"], unique=False)
