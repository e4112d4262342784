"""The tables of the ledger: leaves with their openings, the order of the log, checkpoints, witnesses, watched logs.

A leaf is written in the transaction of its journal entry, in the same file. The order of the log over both files is
given later, in ``pratique.db``, together with a checkpoint. Hashes, salts, commitments and records are bytes.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from pratique.node.storage.schema import metadata

LEDGER_PURPOSE: Final = "accountability"
LEDGER_RETENTION: Final = "ledger-opening"  # the commitment stays; salt and record go when their time is up

ledger_leaf = Table(
    "ledger_leaf",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of the journal entry that it belongs to
    Column("part", Integer, primary_key=True, autoincrement=False),  # 0 is the journal entry itself
    Column("kind", Text, nullable=False),
    Column("commitment", LargeBinary, nullable=False),  # HMAC-SHA-256(salt, record)
    Column("salt", LargeBinary),  # null once erased
    Column("record", LargeBinary),  # null for a journal entry, whose record is its row, and once erased
    Column("erased_at", Text),
    Column("erased_because", Text),
    Column("purpose", Text, nullable=False, server_default=LEDGER_PURPOSE),
    Column("retention_class", Text, nullable=False, server_default=LEDGER_RETENTION),
)

ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # its index in the log, from 0
    Column("kept_in", Text, nullable=False),  # main, access
    Column("seq", Integer, nullable=False),
    Column("part", Integer, nullable=False),
    Column("leaf_sha256", LargeBinary, nullable=False),
    UniqueConstraint("kept_in", "seq", "part"),
)

ledger_checkpoint = Table(
    "ledger_checkpoint",
    metadata,
    Column("tree_size", Integer, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("edge", LargeBinary, nullable=False),  # complete subtrees on its right edge, to go on appending from
    Column("note", Text, nullable=False),  # signed with the node's log key alone
    Column("seq", Integer, nullable=False),  # of the journal entry that made it
    Column("at", Text, nullable=False),
)

ledger_padding = Table(
    "ledger_padding",  # leaves that say nothing, made again out of the seed
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of the journal entry of the checkpoint
    Column("seed", LargeBinary, nullable=False),
    Column("leaf_count", Integer, nullable=False),
)

ledger_check = Table(
    "ledger_check",  # each time the whole ledger was hashed again, and what that came to
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of the journal entry
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("tree_size", Integer, nullable=False),
    Column("fault_count", Integer, nullable=False),
    Column("verdict", Text, nullable=False),  # JSON: root, steps with their times, faults
)

ledger_witness = Table(
    "ledger_witness",  # a partner who cosigns this node's checkpoints
    metadata,
    Column("name", Text, primary_key=True),  # of its key, as on its signature line
    Column("vkey", Text, nullable=False),
    Column("added_at", Text, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("ended_at", Text),
)

ledger_cosignature = Table(
    "ledger_cosignature",
    metadata,
    Column("tree_size", Integer, primary_key=True, autoincrement=False),
    Column("witness", Text, primary_key=True),
    Column("line", Text, nullable=False),  # the signature line of the note
    Column("cosigned_at", Integer, nullable=False),  # seconds since the epoch, as the witness signed them
)

ledger_watched = Table(
    "ledger_watched",  # a partner's log that this node witnesses, and the newest tree it saw of it
    metadata,
    Column("origin", Text, primary_key=True),
    Column("vkey", Text, nullable=False),
    Column("tree_size", Integer, nullable=False),
    Column("root", LargeBinary),
    Column("note", Text),
    Column("seen_at", Text),
    Column("added_at", Text, nullable=False),
    Column("added_by", Text, nullable=False),
)

ledger_breach = Table(
    "ledger_breach",  # what a partner's log cannot have been: both notes, signed by it, are the evidence
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of the journal entry
    Column("origin", Text, nullable=False),
    Column("breach", Text, nullable=False),  # fork, rollback, no_proof
    Column("seen_note", Text, nullable=False),
    Column("told_note", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("ix_ledger_breach_origin", "origin"),
)
