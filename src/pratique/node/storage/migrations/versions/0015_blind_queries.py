"""Blind queries: what may be asked about, who may ask, what was asked here and what partners asked.

Revision ID: 0015
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"


def upgrade() -> None:
    """Nodes from before have none."""
    _create("blind_list", _seq(), *_texts(["list_id", "basis", "at", "by"]), *_integers(["shared"]), key=["seq"])
    _create(
        "blind_permission",
        _seq(),
        *_texts(["partner_id", "agreement", "clause", "basis", "at", "by"]),
        *_integers(["per_day", "by_itself"]),
        key=["seq"],
    )
    _create(
        "blind_set",
        _seq(),
        *_texts(["kind", "lists", "valid_until", "at"]),
        *_integers(["size"]),
        *_bytes(["key", "sha256", "tokens"]),
        key=["seq"],
    )
    _create_questions()
    _create(
        "blind_asked",
        *_texts(["query_id", "partner_id", "kind", "outcome", "at", "by"]),
        *_texts(["answer_id"], nullable=True),
        *_integers(["seq", "elements"]),
        key=["query_id"],
    )
    op.create_index("ix_blind_asked_partner_id", "blind_asked", ["partner_id", "at"])
    _create(
        "blind_tokens",
        *_texts(["partner_id", "kind", "valid_until", "at"]),
        *_bytes(["sha256", "tokens"]),
        key=["partner_id", "sha256"],
    )


def _create_questions() -> None:
    _create(
        "blind_question",
        *_texts(["message_id", "partner_id", "kind", "reason", "state", "at", "by"]),
        *_texts(["ground", "answer_id", "result", "retention_until"], nullable=True),
        *_integers(["seq", "identifiers", "elements"]),
        sa.Column("known", sa.Integer()),
        sa.Column("secrets", sa.LargeBinary()),
        sa.Column("purpose", sa.Text(), server_default="customs-cooperation", nullable=False),
        sa.Column("retention_class", sa.Text(), server_default="disclosure", nullable=False),
        key=["message_id"],
    )
    op.create_index("ix_blind_question_at", "blind_question", ["at"])


def _create(name: str, *columns: "sa.Column[Any]", key: Iterable[str]) -> None:
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")))


def _seq() -> "sa.Column[int]":
    return sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False)


def _texts(names: Iterable[str], *, nullable: bool = False) -> list["sa.Column[str]"]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _integers(names: Iterable[str]) -> list["sa.Column[int]"]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _bytes(names: Iterable[str]) -> list["sa.Column[bytes]"]:
    return [sa.Column(name, sa.LargeBinary(), nullable=False) for name in names]
