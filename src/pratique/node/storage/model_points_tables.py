"""What models at work leave: the history each reads as of a day, and reasons that officers dispute."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, Table, Text

from pratique.node.storage.schema import metadata, person_data

model_history: Final = Table(
    "model_history",
    metadata,
    Column("model", Text, primary_key=True),  # digest of the model that reads it
    Column("as_of", Text, primary_key=True),  # the day that it does not reach
    Column("store_sha256", Text, nullable=False),  # of its numbers
    Column("path", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    *person_data(),
)

disputed_reason: Final = Table(
    "disputed_reason",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of its journal entry
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("run_seq", Integer, nullable=False),
    Column("consignment_id", Text, nullable=False),
    Column("profile_id", Text, nullable=False),
    Column("profile_version", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    Column("because", Text, nullable=False),  # a code of control/reasons.yaml
    Column("note", Text, nullable=False),
    Column("undone_seq", Integer),
    *person_data(),
    Index("ix_disputed_reason_profile_id", "profile_id", "profile_version"),
    Index("ix_disputed_reason_consignment_id", "consignment_id"),
)
