"""The tables of what goes beside messages: files kept for sharing, attachments on their way, and compared logs.

A file lies once under its digest, whoever names it; here stands who may still have it, with the key that it travels
under. Keys and files go with the message that they belong to.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from pratique.node.storage.exchange_tables import DISCLOSURE, EXCHANGE_PURPOSE
from pratique.node.storage.schema import metadata


def _content() -> tuple[Column[str], Column[str]]:
    return (
        Column("purpose", Text, nullable=False, server_default=EXCHANGE_PURPOSE),
        Column("retention_class", Text, nullable=False, server_default=DISCLOSURE),
    )


shared_file: Final = Table(
    "shared_file",  # kept to be attached to a message, where it is no evidence of this node already
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("byte_count", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    *_content(),
)

attachment: Final = Table(
    "attachment",
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("direction", Text, primary_key=True),  # out, in
    Column("number", Integer, primary_key=True, autoincrement=False),  # in the signed terms, from 1
    Column("partner_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("byte_count", Integer, nullable=False),
    Column("sha256", Text, nullable=False),  # of the plain bytes
    Column("sealed_sha256", Text, nullable=False),  # by which it is called on the line
    Column("category", Text, nullable=False),
    Column("personal", Integer, nullable=False),
    Column("state", Text, nullable=False),  # out: waiting, arrived; in: awaited, whole, broken; both: erased
    Column("chunks", Integer, nullable=False),  # that the recipient holds, as far as is known here
    Column("path", Text),  # null until it is whole here, and once it was erased
    Column("key", LargeBinary),  # null once erased
    Column("attempts", Integer, nullable=False),
    Column("next_at", Text, nullable=False),
    Column("fault", Text),
    *_content(),
    Index("ix_attachment_state", "direction", "state", "partner_id"),
    Index("ix_attachment_path", "path"),
)

reconciliation: Final = Table(
    "reconciliation",  # what came of comparing logs with a partner
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("partner_id", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("log", Text, nullable=False),  # what became of the partner's checkpoint: consistent, first, none, a breach
    Column("tree_size", Integer, nullable=False),
    Column("root", LargeBinary),
    Column("note", Text),  # the partner's checkpoint as it was signed
    Column("witnesses", Text, nullable=False),  # canonical JSON: who cosigned it, of those known here
    Column("counts", Text, nullable=False),  # canonical JSON: messages by finding
    Column("lines", Text, nullable=False),  # canonical JSON: message, finding, moments here and there
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Index("ix_reconciliation_partner_id", "partner_id", "seq"),
)
