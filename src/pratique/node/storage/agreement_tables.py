"""The tables of agreements: files with who proposed and adopted them, who is bound since when, and what was decided.

Rows are only ever added, save that a proposal is adopted by a second person or an agreement is withdrawn. No row holds
person data of a disclosure: facts of decisions are categories and markings, not values.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from pratique.node.storage.schema import metadata

PURPOSE: Final = "mutual-assistance"
DISCLOSURE_RECORD: Final = "disclosure-record"  # who was told what kind of thing under which article

agreement_text = Table(
    "agreement_text",  # every file that ever decided something, so that the decision can be made again
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("kept_at", Text, nullable=False),
)

agreement = Table(
    "agreement",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("sha256", Text, ForeignKey("agreement_text.sha256"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("verified", Integer, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", Text, nullable=False),
    Column("adopted_by", Text),
    Column("adopted_at", Text),
    Column("ended_by", Text),  # withdrawn, or followed by a newer version
    Column("ended_at", Text),
    Column("end_reason", Text),
)

agreement_party = Table(
    "agreement_party",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of the journal entry that proposed it
    Column("agreement_id", Text, nullable=False),
    Column("party_id", Text, nullable=False),
    Column("party", Text, nullable=False),  # JSON object: status, since, until, reservation, annexes
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", Text, nullable=False),
    Column("adopted_seq", Integer),
    Column("adopted_by", Text),
    Column("adopted_at", Text),
    Index("ix_agreement_party_agreement_id", "agreement_id", "party_id"),
)

gate_decision = Table(
    "gate_decision",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of its journal entry
    Column("number", Integer, primary_key=True, autoincrement=False),  # 1 is the first of that entry
    Column("sha256", Text, nullable=False),
    Column("agreement_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("clause", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("record", Text, nullable=False),  # canonical JSON; replays to the same bytes
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("purpose", Text, nullable=False, server_default=PURPOSE),
    Column("retention_class", Text, nullable=False, server_default=DISCLOSURE_RECORD),
    Index("ix_gate_decision_sha256", "sha256"),
    Index("ix_gate_decision_at", "at"),
)
