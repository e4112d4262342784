"""The tables of partners: what each said of itself, who confirmed it, what was revoked, and what is known of it here.

Rows are only ever added, save that a descriptor that was taken in is confirmed (or not) by a second person.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from pratique.node.storage.schema import metadata

own_descriptor: Final = Table(
    "own_descriptor",  # what this administration says of itself, version by version
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),  # as it is handed over, with its signatures
    Column("sha256", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
)

partner_descriptor: Final = Table(
    "partner_descriptor",
    metadata,
    Column("partner_id", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),  # who took it in; another confirms it
    Column("counts_by", Text),  # confirmed, rotated, restarted; null: it counts for nothing yet
    Column("counts_seq", Integer),
    Column("counts_since", Text),
    Column("confirmed_by", Text),
    Column("counter_signature", LargeBinary),  # this node's signature over the digest that was confirmed
    Index("ix_partner_descriptor_partner_id", "partner_id", "version"),
)

partner_revocation: Final = Table(
    "partner_revocation",
    metadata,
    Column("partner_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
)

partner_fact: Final = Table(
    "partner_fact",  # adequacy, whether a measure bars it, how it is reached, whether exchange with it is stopped
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("partner_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("basis", Text, nullable=False),  # why, in words: the decision relied on
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Index("ix_partner_fact_partner_id", "partner_id", "name", "seq"),
)

partner_line: Final = Table(
    "partner_line",  # how the line to a partner does: the one row of these tables that changes
    metadata,
    Column("partner_id", Text, primary_key=True),
    Column("failures", Integer, nullable=False),  # in a row
    Column("rest_until", Text),  # until then nothing is tried
    Column("tried_at", Text),
    Column("reached_at", Text),
    Column("fault", Text),  # code of the last failure
)
