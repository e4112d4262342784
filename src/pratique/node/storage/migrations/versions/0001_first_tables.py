"""The first tables, and the triggers that keep the journal append-only.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From nothing to the first release."""
    _create_file()
    _create_received()
    _create_quarantine()
    _create_consignment()
    _create_decision()
    _create_hit()
    _create_journal()
    _create_known_bill()
    _create_known_box()
    _create_known_party()
    _create_known_route()
    _create_list_version()
    _create_node_fact()
    _create_profile()
    _create_run()
    _create_setting()
    _create_table_version()
    _create_run_message()
    if op.get_bind().dialect.name == "sqlite":
        _guard_journal()


def _create_file() -> None:
    op.create_table(
        "file",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("named_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_file")),
    )


def _create_received() -> None:
    op.create_table(
        "received",
        sa.Column("raw_sha256", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["path"], ["file.path"], name=op.f("fk_received_path")),
        sa.PrimaryKeyConstraint("raw_sha256", name=op.f("pk_received")),
    )


def _create_quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("raw_sha256", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("byte_offset", sa.BigInteger(), nullable=True),
        sa.Column("byte_length", sa.BigInteger(), nullable=True),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=True),
        sa.Column("quarantined_at", sa.Text(), nullable=False),
        sa.Column("read_at", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), server_default="customs-risk-analysis", nullable=False),
        sa.Column("retention_class", sa.Text(), server_default="advance-cargo", nullable=False),
        sa.ForeignKeyConstraint(["raw_sha256"], ["received.raw_sha256"], name=op.f("fk_quarantine_raw_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )


def _create_consignment() -> None:
    op.create_table(
        "consignment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("run_seq", sa.Integer(), nullable=False),
        sa.Column("consignment", sa.Integer(), nullable=False),
        sa.Column("bill", sa.Text(), nullable=True),
        sa.Column("sender_id", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", "run_seq", name=op.f("pk_consignment")),
    )
    op.create_index("ix_consignment_bill", "consignment", ["bill"], unique=False)


def _create_decision() -> None:
    op.create_table(
        "decision",
        sa.Column("run_seq", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("consignment_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("control", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("unplaced", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("run_seq", "rank", name=op.f("pk_decision")),
    )


def _create_hit() -> None:
    op.create_table(
        "hit",
        sa.Column("run_seq", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("consignment_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("screened_value", sa.Text(), nullable=True),
        sa.Column("list_id", sa.Text(), nullable=True),
        sa.Column("listing_id", sa.Text(), nullable=True),
        sa.Column("listed_name", sa.Text(), nullable=True),
        sa.Column("score_permille", sa.Integer(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), server_default="customs-risk-analysis", nullable=False),
        sa.Column("retention_class", sa.Text(), server_default="advance-cargo", nullable=False),
        sa.PrimaryKeyConstraint("run_seq", "number", name=op.f("pk_hit")),
    )


def _create_journal() -> None:
    op.create_table(
        "journal",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("result_sha256", sa.Text(), nullable=False),
        sa.Column("previous_sha256", sa.Text(), nullable=False),
        sa.Column("own_sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal")),
    )


def _create_known_bill() -> None:
    op.create_table(
        "known_bill",
        sa.Column("transport_contract_document_id", sa.Text(), nullable=False),
        sa.Column("sender_id", sa.Text(), nullable=False),
        sa.Column("consignment_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("functional_reference_id", sa.Text(), nullable=True),
        sa.Column("raw_sha256", sa.Text(), nullable=True),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("gross_mass_g", sa.BigInteger(), nullable=True),
        sa.Column("package_count", sa.BigInteger(), nullable=True),
        sa.Column("consignor_name", sa.Text(), nullable=True),
        sa.Column("consignee_name", sa.Text(), nullable=True),
        sa.Column("loading_location", sa.Text(), nullable=True),
        sa.Column("unloading_location", sa.Text(), nullable=True),
        sa.Column("descriptions", sa.Text(), nullable=True),
        sa.Column("equipment_ids", sa.Text(), nullable=True),
        sa.Column("seal_ids", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), server_default="customs-risk-analysis", nullable=False),
        sa.Column("retention_class", sa.Text(), server_default="advance-cargo", nullable=False),
        sa.PrimaryKeyConstraint("transport_contract_document_id", "sender_id", name=op.f("pk_known_bill")),
    )
    op.create_index("ix_known_bill_functional_reference_id", "known_bill", ["functional_reference_id"], unique=False)


def _create_known_box() -> None:
    op.create_table(
        "known_box",
        sa.Column("equipment_id", sa.Text(), nullable=False),
        sa.Column("consignment_id", sa.Text(), nullable=True),
        sa.Column("transport_contract_document_id", sa.Text(), nullable=True),
        sa.Column("journey_id", sa.Text(), nullable=True),
        sa.Column("arrival_datetime", sa.Text(), nullable=True),
        sa.Column("last_seen", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("equipment_id", name=op.f("pk_known_box")),
    )


def _create_known_party() -> None:
    op.create_table(
        "known_party",
        sa.Column("party_key", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.Text(), nullable=False),
        sa.Column("last_seen", sa.Text(), nullable=False),
        sa.Column("consignment_count", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), server_default="customs-risk-analysis", nullable=False),
        sa.Column("retention_class", sa.Text(), server_default="advance-cargo", nullable=False),
        sa.PrimaryKeyConstraint("party_key", name=op.f("pk_known_party")),
    )


def _create_known_route() -> None:
    op.create_table(
        "known_route",
        sa.Column("loading_location", sa.Text(), nullable=False),
        sa.Column("unloading_location", sa.Text(), nullable=False),
        sa.Column("bill_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("loading_location", "unloading_location", name=op.f("pk_known_route")),
    )


def _create_list_version() -> None:
    op.create_table(
        "list_version",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("list_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("list_date", sa.Text(), nullable=True),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.Text(), nullable=False),
        sa.Column("loaded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_list_version")),
    )
    op.create_index("ix_list_version_list_id", "list_version", ["list_id", "seq"], unique=False)


def _create_node_fact() -> None:
    op.create_table(
        "node_fact",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_node_fact")),
    )


def _create_profile() -> None:
    op.create_table(
        "profile",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.Text(), nullable=False),
        sa.Column("activated_by", sa.Text(), nullable=True),
        sa.Column("activated_at", sa.Text(), nullable=True),
        sa.Column("retired_by", sa.Text(), nullable=True),
        sa.Column("retired_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_profile")),
    )


def _create_run() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("manifest_sha256", sa.Text(), nullable=False),
        sa.Column("output_sha256", sa.Text(), nullable=False),
        sa.Column("consignment_count", sa.Integer(), nullable=False),
        sa.Column("hit_count", sa.Integer(), nullable=False),
        sa.Column("chosen_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("seq"),
    )


def _create_setting() -> None:
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )


def _create_table_version() -> None:
    op.create_table(
        "table_version",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.Text(), nullable=False),
        sa.Column("loaded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_table_version")),
    )
    op.create_index("ix_table_version_kind", "table_version", ["kind", "seq"], unique=False)


def _create_run_message() -> None:
    op.create_table(
        "run_message",
        sa.Column("raw_sha256", sa.Text(), nullable=False),
        sa.Column("run_seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["raw_sha256"], ["received.raw_sha256"], name=op.f("fk_run_message_raw_sha256")),
        sa.PrimaryKeyConstraint("raw_sha256", "run_seq", name=op.f("pk_run_message")),
    )


def _guard_journal() -> None:
    for name, event in (("journal_keeps_entries", "DELETE"), ("journal_keeps_text", "UPDATE")):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON journal "
            "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )
