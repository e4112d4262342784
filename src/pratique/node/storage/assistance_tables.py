"""The tables of requests for assistance and of evidence with its custody.

Rows are only ever added, except an offer of a hand-over, which is closed. What is true now follows from them: the state
of a request from its events, who holds an item from its chain.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from pratique.node.storage.schema import metadata

ASSISTANCE_PURPOSE: Final = "mutual-assistance"
REQUEST_CLASS: Final = "assistance-request"
EVIDENCE_CLASS: Final = "evidence"


def _kept_as(retention_class: str) -> tuple[Column[str], Column[str]]:
    return (
        Column("purpose", Text, nullable=False, server_default=ASSISTANCE_PURPOSE),
        Column("retention_class", Text, nullable=False, server_default=retention_class),
    )


assistance_request: Final = Table(
    "assistance_request",
    metadata,
    Column("id", Text, primary_key=True),
    Column("seq", Integer, nullable=False, unique=True),  # of its journal entry
    Column("side", Text, nullable=False),  # asking, asked
    Column("partner", Text, nullable=False),
    Column("their_id", Text, nullable=False),  # what the partner calls it; empty where it has not said
    Column("instrument", Text, nullable=False),
    Column("clause", Text, nullable=False),  # the clause of the agreement that it travels under
    Column("channel", Text, nullable=False),
    Column("case_ref", Text, nullable=False),
    Column("sensitive", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    *_kept_as(REQUEST_CLASS),
    Index("ix_assistance_request_partner", "partner", "seq"),
)

assistance_version: Final = Table(
    "assistance_version",
    metadata,
    Column("request_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("seq", Integer, nullable=False),  # of its journal entry
    Column("record", Text, nullable=False),  # JSON object: the draft, as partners.assistance.drafts writes it
    Column("sha256", Text, nullable=False),  # what both sides call this version
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    *_kept_as(REQUEST_CLASS),
)

assistance_event: Final = Table(
    "assistance_event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of its journal entry
    Column("part", Integer, primary_key=True, autoincrement=False),  # 0, 1 ... of the same act
    Column("request_id", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("side", Text, nullable=False),  # who did it: asking, asked
    Column("happened_at", Text, nullable=False),
    Column("at", Text, nullable=False),  # when it was noted here
    Column("by", Text, nullable=False),
    Column("message", Text, nullable=False),  # the sealed message that told it; empty: it was told by other means
    Column("details", Text, nullable=False),  # JSON object
    *_kept_as(REQUEST_CLASS),
    Index("ix_assistance_event_request_id", "request_id", "seq", "part"),
    Index("ix_assistance_event_message", "message"),
)

custody_item: Final = Table(
    "custody_item",
    metadata,
    Column("id", Text, primary_key=True),
    Column("seq", Integer, nullable=False),  # of its journal entry; a copy comes with the event of its original
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("order_id", Text, nullable=False),  # the order of the control that it comes from; empty: none
    Column("request_id", Text, nullable=False),  # the request that it answers; empty: none
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    *_kept_as(EVIDENCE_CLASS),
    Index("ix_custody_item_order_id", "order_id"),
    Index("ix_custody_item_request_id", "request_id"),
)

custody_file: Final = Table(
    "custody_file",
    metadata,
    Column("item_id", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("path", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("byte_count", BigInteger, nullable=False),
    *_kept_as(EVIDENCE_CLASS),
)

custody_event: Final = Table(
    "custody_event",
    metadata,
    Column("item_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("seq", Integer, nullable=False),  # of its journal entry
    Column("part", Integer, nullable=False),  # of its leaf in the ledger; 0: it came from a partner
    Column("text", Text, nullable=False),  # the exact text that was signed
    Column("signatures", Text, nullable=False),  # JSON object: base64 by key id
    *_kept_as(EVIDENCE_CLASS),
    Index("ix_custody_event_seq", "seq"),
)

custody_offer: Final = Table(
    "custody_offer",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of its journal entry
    Column("item_id", Text, nullable=False),
    Column("text", Text, nullable=False),  # the event as both hands will have signed it
    Column("signatures", Text, nullable=False),  # of the giving hand
    Column("to_officer", Text, nullable=False),
    Column("to_agency", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("closed_seq", Integer),  # of the entry that took or withdrew it
    *_kept_as(EVIDENCE_CLASS),
    Index("ix_custody_offer_item_id", "item_id", "seq"),
)
