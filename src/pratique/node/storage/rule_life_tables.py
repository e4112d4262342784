"""The tables of the life of rules: back-tests, scorecards, reviews, and how inputs and scores moved. Nobody is named
in them but those who decide."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, Table, Text

from pratique.node.storage.schema import metadata

rule_back_test: Final = Table(
    "rule_back_test",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of its journal entry: the activation
    Column("profile_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("figures", Text, nullable=False),  # JSON object
    Index("ix_rule_back_test_profile_id", "profile_id", "version"),
)

rule_scorecard: Final = Table(
    "rule_scorecard",
    metadata,
    Column("day", Text, primary_key=True),  # in UTC
    Column("profile_id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("seq", Integer, nullable=False),  # of its journal entry; a night makes many
    Column("at", Text, nullable=False),
    Column("figures", Text, nullable=False),  # JSON object
    Column("grounds", Text, nullable=False),  # JSON array: why the rule is proposed to leave; empty: it is not
    Index("ix_rule_scorecard_profile_id", "profile_id", "day"),
)

rule_review: Final = Table(
    "rule_review",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of its journal entry
    Column("profile_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("grounds", Text, nullable=False),  # JSON array of the codes in spite of which it stays
    Index("ix_rule_review_profile_id", "profile_id", "seq"),
)

drift_day: Final = Table(
    "drift_day",
    metadata,
    Column("day", Text, primary_key=True),  # in UTC
    Column("seq", Integer, nullable=False),  # of its journal entry
    Column("at", Text, nullable=False),
    Column("figures", Text, nullable=False),  # JSON object
)
