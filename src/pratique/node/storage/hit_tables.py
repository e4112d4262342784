"""The tables of the officer's half of screening: how lists changed, the hits that raised, and the answers to hits."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text

from pratique.node.storage.schema import metadata, person_data

list_change = Table(
    "list_change",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of the journal entry of the load
    Column("list_id", Text, nullable=False),
    Column("version", Text, nullable=False),  # digest
    Column("before", Text),  # digest of the version it replaced
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("counts", Text, nullable=False),  # JSON: entries added, changed, removed
    Column("frame", Text, nullable=False),  # where the difference lies: path, sha256, rows
    Column("screened_count", Integer, nullable=False),  # consignments in hand that were compared with it
    Column("raised_count", Integer, nullable=False),
    Index("ix_list_change_list_id", "list_id", "seq"),
)

disposition = Table(
    "disposition",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of its journal entry
    Column("run_seq", Integer, nullable=False),
    Column("number", Integer, nullable=False),  # of the hit inside the run
    Column("pair", Text, nullable=False),  # digest of who is meant on both sides
    Column("answer", Text, nullable=False),  # same, different, cannot_tell
    Column("stands", Integer, nullable=False),  # 0: a second person has to agree first
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("list_version", Text, nullable=False),
    Column("entry_sha256", Text, nullable=False),
    Column("party_sha256", Text, nullable=False),
    Column("subject", Text, nullable=False, server_default=""),
    Column("party_key", Text, nullable=False, server_default=""),
    Column("list_id", Text, nullable=False, server_default=""),
    Column("entity_id", Text, nullable=False, server_default=""),
    Column("party", Text, nullable=False, server_default=""),  # JSON: the party as declared then
    Column("until", Text),  # the moment from which it is asked again
    Column("undone_seq", Integer),
    Column("undone_at", Text),
    Column("undone_by", Text),
    *person_data(),
    Index("ix_disposition_pair", "pair"),
    Index("ix_disposition_party_key", "party_key"),
    Index("ix_disposition_run_seq", "run_seq", "number"),
)

raised_hit = Table(
    "raised_hit",
    metadata,
    Column("run_seq", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),  # goes on behind the hits that the run itself found
    Column("seq", Integer, nullable=False),  # of the change of the list that raised it
    Column("consignment", Integer, nullable=False),
    Column("consignment_id", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("role_code", Text),
    Column("screened_value", Text, nullable=False),
    Column("place", Text),
    Column("list_id", Text, nullable=False),
    Column("list_version", Text, nullable=False),
    Column("listing_id", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("listed_name", Text),
    Column("programme", Text),
    Column("score_permille", Integer, nullable=False),
    Column("basis", Text),
    Column("reasons", Text),
    Column("source_grade", Text),
    Column("information_grade", Text),
    Column("released", Integer, nullable=False, server_default="0"),  # 1: gone before the list said so; for audit
    *person_data(),
    Index("ix_raised_hit_seq", "seq"),
)

raised_reason = Table(
    "raised_reason",
    metadata,
    Column("run_seq", Integer, primary_key=True),
    Column("consignment", Integer, primary_key=True),
    Column("seq", Integer, primary_key=True),  # of the change of the list whose hits made the difference
    Column("profile_id", Text, primary_key=True),
    Column("consignment_id", Text, nullable=False),
    Column("profile_version", Integer, nullable=False),
    Column("risk_type", Text, nullable=False),
    Column("points", Integer, nullable=False),  # added to the score of the run; taken off it where ``fires`` is 0
    Column("control", Text, nullable=False),
    Column("mandatory", Integer, nullable=False),
    Column("fires", Integer, nullable=False),  # 0: it fired before these hits and does so no more
    Column("params", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    *person_data(),
    Index("ix_raised_reason_seq", "seq"),
)
