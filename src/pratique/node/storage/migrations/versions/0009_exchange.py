"""Partners, their keys, and the messages that come from them and go to them.

Revision ID: 0009
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Nodes from before have none."""
    _create_partners()
    _create_outbox()
    _create_inbox()
    _create_streams()


def _texts(names: Iterable[str], *, nullable: bool = False) -> list["sa.Column[str]"]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _integers(names: Iterable[str]) -> list["sa.Column[int]"]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _bytes(names: Iterable[str], *, nullable: bool = False) -> list["sa.Column[bytes]"]:
    return [sa.Column(name, sa.LargeBinary(), nullable=nullable) for name in names]


def _seq() -> "sa.Column[int]":
    return sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False)


def _content() -> tuple["sa.Column[str]", "sa.Column[str]"]:
    return (
        sa.Column("purpose", sa.Text(), server_default="customs-cooperation", nullable=False),
        sa.Column("retention_class", sa.Text(), server_default="disclosure", nullable=False),
    )


def _create_partners() -> None:
    op.create_table(
        "own_descriptor",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        *_integers(["seq"]),
        *_bytes(["data"]),
        *_texts(["sha256", "at", "by"]),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_own_descriptor")),
    )
    op.create_table(
        "partner_descriptor",
        *_texts(["partner_id", "sha256"]),
        *_integers(["version"]),
        *_bytes(["data"]),
        *_integers(["seq"]),
        *_texts(["at", "by"]),
        *_texts(["counts_by"], nullable=True),
        sa.Column("counts_seq", sa.Integer(), nullable=True),
        *_texts(["counts_since", "confirmed_by"], nullable=True),
        *_bytes(["counter_signature"], nullable=True),
        sa.PrimaryKeyConstraint("partner_id", "sha256", name=op.f("pk_partner_descriptor")),
    )
    op.create_index("ix_partner_descriptor_partner_id", "partner_descriptor", ["partner_id", "version"])
    op.create_table(
        "partner_revocation",
        *_texts(["partner_id"]),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *_bytes(["data"]),
        *_integers(["seq"]),
        *_texts(["at", "by"]),
        sa.PrimaryKeyConstraint("partner_id", "number", name=op.f("pk_partner_revocation")),
    )
    op.create_table(
        "partner_fact",
        _seq(),
        *_texts(["partner_id", "name", "value", "basis", "at", "by"]),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_partner_fact")),
    )
    op.create_index("ix_partner_fact_partner_id", "partner_fact", ["partner_id", "name", "seq"])
    op.create_table(
        "partner_line",
        *_texts(["partner_id"]),
        *_integers(["failures"]),
        *_texts(["rest_until", "tried_at", "reached_at", "fault"], nullable=True),
        sa.PrimaryKeyConstraint("partner_id", name=op.f("pk_partner_line")),
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        *_texts(["id"]),
        *_integers(["seq"]),
        *_texts(["partner_id", "stream"]),
        *_integers(["sequence"]),
        *_texts(["created", "expires"]),
        *_bytes(["sha256", "envelope"]),
        *_texts(["state"]),
        *_integers(["attempts"]),
        *_texts(["next_at"]),
        *_texts(["fault", "settled_at"], nullable=True),
        *_bytes(["receipt"], nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("partner_id", "stream", "sequence", name=op.f("uq_outbox_partner_id")),
    )
    op.create_index("ix_outbox_state", "outbox", ["state", "partner_id", "next_at"])
    op.create_table(
        "disclosure",
        *_texts(["id"]),
        *_integers(["seq"]),
        *_texts(["partner_id", "type", "agreement", "clause", "message_purpose", "thread"]),
        *_texts(["answers", "about", "retention_until"], nullable=True),
        *_texts(["terms", "withheld", "decision_sha256"]),
        *_bytes(["openings"], nullable=True),
        *_texts(["at", "by"]),
        *_content(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    op.create_index("ix_disclosure_about", "disclosure", ["about"])
    op.create_index("ix_disclosure_seq", "disclosure", ["seq"])
    op.create_table(
        "refused_disclosure",
        _seq(),
        *_texts(["partner_id", "type", "agreement", "clause", "verdict", "decision_sha256"]),
        *_texts(["about"], nullable=True),
        *_texts(["at", "by"]),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_refused_disclosure")),
    )


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        *_texts(["id"]),
        *_integers(["seq"]),
        *_texts(["partner_id", "stream"]),
        *_integers(["sequence"]),
        *_texts(["expires"]),
        *_bytes(["sha256", "receipt"]),
        *_texts(["status", "type", "agreement", "message_purpose", "thread"]),
        *_texts(["answers", "retention_until"], nullable=True),
        *_texts(["terms"]),
        *_bytes(["token", "openings"], nullable=True),
        *_texts(["faults", "received_at"]),
        *_content(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("partner_id", "stream", "sequence", name=op.f("uq_inbox_partner_id")),
    )
    op.create_index("ix_inbox_seq", "inbox", ["seq"])
    op.create_table(
        "message_event",
        _seq(),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *_texts(["message_id", "event"]),
        *_texts(["by_message"], nullable=True),
        *_texts(["note", "at", "by"]),
        sa.PrimaryKeyConstraint("seq", "number", name=op.f("pk_message_event")),
    )
    op.create_index("ix_message_event_message_id", "message_event", ["message_id"])


def _create_streams() -> None:
    op.create_table(
        "exchange_stream",
        *_texts(["partner_id", "direction", "stream"]),
        *_integers(["sequence"]),
        *_bytes(["head"]),
        *_texts(["stopped"], nullable=True),
        *_integers(["begun"]),
        sa.PrimaryKeyConstraint("partner_id", "direction", "stream", name=op.f("pk_exchange_stream")),
    )
    op.create_table(
        "exchange_refusal",
        _seq(),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *_texts(["came_from"]),
        *_texts(["message_id"], nullable=True),
        *_bytes(["sha256"]),
        *_texts(["code", "params"]),
        *_integers(["alarm"]),
        *_texts(["at"]),
        *_texts(["seen_by"], nullable=True),
        sa.PrimaryKeyConstraint("seq", "number", name=op.f("pk_exchange_refusal")),
    )
    op.create_index("ix_exchange_refusal_came_from", "exchange_refusal", ["came_from", "seq"])
    op.create_table(
        "exchange_opening",
        *_texts(["message_id", "side", "kind", "partner_id"]),
        *_bytes(["leaf_sha256"]),
        *_bytes(["salt", "record"], nullable=True),
        *_integers(["seq"]),
        *_texts(["at"]),
        sa.PrimaryKeyConstraint("message_id", "side", name=op.f("pk_exchange_opening")),
    )
    op.create_index("ix_exchange_opening_partner_id", "exchange_opening", ["partner_id", "at"])
