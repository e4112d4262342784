"""The tables. Moments are text of fixed width in UTC, JSON is canonical text, flags are 0 and 1."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from pratique.node.storage.agreement_tables import agreement
from pratique.node.storage.assistance_tables import assistance_request
from pratique.node.storage.attachment_tables import attachment
from pratique.node.storage.blind_tables import blind_question
from pratique.node.storage.control_tables import control_order
from pratique.node.storage.exchange_tables import outbox
from pratique.node.storage.hit_tables import disposition, list_change, raised_hit, raised_reason
from pratique.node.storage.learned_models import learned_model
from pratique.node.storage.ledger_tables import ledger_leaf
from pratique.node.storage.model_points_tables import disputed_reason, model_history
from pratique.node.storage.partner_tables import partner_descriptor
from pratique.node.storage.rule_life_tables import rule_scorecard
from pratique.node.storage.schema import PURPOSE, RETENTION_CLASS, metadata, person_data

__all__ = [
    "PURPOSE",
    "RETENTION_CLASS",
    "REVISION",
    "agreement",
    "assistance_request",
    "attachment",
    "blind_question",
    "control_order",
    "disposition",
    "disputed_reason",
    "learned_model",
    "ledger_leaf",
    "list_change",
    "metadata",
    "model_history",
    "outbox",
    "partner_descriptor",
    "raised_hit",
    "raised_reason",
    "rule_scorecard",
]

REVISION: Final = "0018"  # the migration that makes exactly these tables

node_fact = Table(
    "node_fact",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("changed_by", Text, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("entry", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("result_sha256", Text, nullable=False),
    Column("previous_sha256", Text, nullable=False),
    Column("own_sha256", Text, nullable=False),
)

file = Table(
    "file",
    metadata,
    Column("path", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("byte_count", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("named_at", Text, nullable=False),
)

received = Table(
    "received",
    metadata,
    Column("raw_sha256", Text, primary_key=True),
    Column("path", Text, ForeignKey("file.path"), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("received_at", Text, nullable=False),
    Column("received_by", Text, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Text, primary_key=True),
    Column("raw_sha256", Text, ForeignKey("received.raw_sha256"), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("place", Text),
    Column("params", Text, nullable=False),
    Column("byte_offset", BigInteger),
    Column("byte_length", BigInteger),
    Column("excerpt", Text, nullable=False),
    Column("mapping", Text),
    Column("quarantined_at", Text, nullable=False),
    Column("read_at", Text),  # when a later reading no longer had to put it here
    *person_data(),
)

list_version = Table(
    "list_version",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("list_id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("list_date", Text),
    Column("counts", Text, nullable=False),
    Column("inputs", Text, nullable=False),
    Column("loaded_at", Text, nullable=False),
    Column("loaded_by", Text, nullable=False),
    Index("ix_list_version_list_id", "list_id", "seq"),
)

table_version = Table(
    "table_version",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),  # rates, locations
    Column("digest", Text, nullable=False),
    Column("counts", Text, nullable=False),
    Column("inputs", Text, nullable=False),
    Column("loaded_at", Text, nullable=False),
    Column("loaded_by", Text, nullable=False),
    Index("ix_table_version_kind", "kind", "seq"),
)

profile = Table(
    "profile",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("drafted_at", Text, nullable=False),
    Column("activated_by", Text),
    Column("activated_at", Text),
    Column("retired_by", Text),
    Column("retired_at", Text),
)

run = Table(
    "run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("seq", Integer, nullable=False, unique=True),  # of its journal entry
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("manifest", Text, nullable=False),
    Column("manifest_sha256", Text, nullable=False),
    Column("output_sha256", Text, nullable=False),
    Column("consignment_count", Integer, nullable=False),
    Column("hit_count", Integer, nullable=False),
    Column("chosen_count", Integer, nullable=False),
)

run_message = Table(
    "run_message",
    metadata,
    Column("raw_sha256", Text, ForeignKey("received.raw_sha256"), primary_key=True),
    Column("run_seq", Integer, primary_key=True),
)

consignment = Table(
    "consignment",
    metadata,
    Column("id", Text, primary_key=True),
    Column("run_seq", Integer, primary_key=True),
    Column("consignment", Integer, nullable=False),  # its number inside the run's frames
    Column("bill", Text),
    Column("sender_id", Text),
    Column("version", Integer, nullable=False),
    Column("cancelled", Integer, nullable=False),
    Index("ix_consignment_bill", "bill"),
)

hit = Table(
    "hit",
    metadata,
    Column("run_seq", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("consignment_id", Text, nullable=False),
    Column("subject", Text),
    Column("screened_value", Text),
    Column("list_id", Text),
    Column("listing_id", Text),
    Column("listed_name", Text),
    Column("score_permille", Integer),
    Column("basis", Text),
    *person_data(),
)

decision = Table(
    "decision",
    metadata,
    Column("run_seq", Integer, primary_key=True),
    Column("rank", Integer, primary_key=True),
    Column("consignment_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("control", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("score", Integer, nullable=False),
    Column("unplaced", Integer, nullable=False),
)

known_party = Table(
    "known_party",
    metadata,
    Column("party_key", Text, primary_key=True),
    Column("first_seen", Text, nullable=False),
    Column("last_seen", Text, nullable=False),
    Column("consignment_count", Integer, nullable=False),
    *person_data(),
)

known_box = Table(
    "known_box",
    metadata,
    Column("equipment_id", Text, primary_key=True),
    Column("consignment_id", Text),
    Column("transport_contract_document_id", Text),
    Column("journey_id", Text),
    Column("arrival_datetime", Text),
    Column("last_seen", Text, nullable=False),
)

known_route = Table(
    "known_route",
    metadata,
    Column("loading_location", Text, primary_key=True),
    Column("unloading_location", Text, primary_key=True),
    Column("bill_count", Integer, nullable=False),
)

known_bill = Table(
    "known_bill",
    metadata,
    Column("transport_contract_document_id", Text, primary_key=True),
    Column("sender_id", Text, primary_key=True),  # empty where the sender gave none
    Column("consignment_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("message_id", Text),
    Column("functional_reference_id", Text),
    Column("raw_sha256", Text),
    Column("received_at", Text, nullable=False),
    Column("cancelled", Integer, nullable=False),
    Column("gross_mass_g", BigInteger),
    Column("package_count", BigInteger),
    Column("consignor_name", Text),
    Column("consignee_name", Text),
    Column("loading_location", Text),
    Column("unloading_location", Text),
    Column("descriptions", Text),
    Column("equipment_ids", Text),  # with the unit separator (U+001F) between them
    Column("seal_ids", Text),  # likewise
    Column("issued_at", Text),  # when the message of this version was issued; none where it does not say
    Column("said_function", Text),  # EDIFACT 1225, of the bill or else of its message
    *person_data(),
    Index("ix_known_bill_functional_reference_id", "functional_reference_id"),
)

call = Table(
    "call",
    metadata,
    Column("run_seq", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False),
    Column("messages", Text, nullable=False),  # JSON array of their numbers inside the run
    Column("vessel", Text),
    Column("imo", Text),
    Column("voyage", Text),
    Column("from_locations", Text, nullable=False),  # JSON array
    Column("arrival_location", Text),
    Column("arrives_at", Text),
    Index("ix_call_id", "id"),
    Index("ix_call_arrives_at", "arrives_at"),
)

selection = Table(
    "selection",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of its journal entry
    Column("run_seq", Integer, nullable=False),
    Column("number", Integer, nullable=False),  # 1 is the first after the run's own
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("capacity", Text, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("decisions", Text, nullable=False),  # where the frame lies: path, sha256, rows
    Column("undone_seq", Integer),
    Index("ix_selection_run_seq", "run_seq", "number"),
)

control_act = Table(
    "control_act",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of its journal entry
    Column("run_seq", Integer, nullable=False),
    Column("call_id", Text, nullable=False),
    Column("consignment_id", Text, nullable=False),
    Column("consignment", Integer, nullable=False),  # its number inside the run's frames
    Column("kind", Text, nullable=False),  # selected, waived, overridden
    Column("control", Text, nullable=False),
    Column("control_before", Text, nullable=False),
    Column("reason", Text),
    Column("note", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("after_approval", Integer, nullable=False),
    Column("undone_seq", Integer),
    Column("undone_at", Text),
    Column("undone_by", Text),
    *person_data(),
    Index("ix_control_act_run_seq", "run_seq", "consignment"),
)

approval = Table(
    "approval",
    metadata,
    Column("run_seq", Integer, primary_key=True),
    Column("call_id", Text, primary_key=True),
    Column("seq", Integer, nullable=False, unique=True),  # of its journal entry
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("list_sha256", Text, nullable=False),
    Column("control_count", Integer, nullable=False),
    Column("decisions", Text, nullable=False),  # where the frozen frame lies: path, sha256, rows
)
