"""The tables of exchange: what was disclosed and is under way, what came in, the streams, what was refused.

Content is kept in the clear on both sides until its time is up, then erased with the opening of its leaf; the envelope
itself is sealed for the partner and says nothing to whoever reads this store.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from pratique.node.storage.schema import metadata

EXCHANGE_PURPOSE: Final = "customs-cooperation"
DISCLOSURE: Final = "disclosure"  # kept until the day that its agreement and its caveats allow


def _content() -> tuple[Column[str], Column[str]]:
    return (
        Column("purpose", Text, nullable=False, server_default=EXCHANGE_PURPOSE),
        Column("retention_class", Text, nullable=False, server_default=DISCLOSURE),
    )


outbox: Final = Table(
    "outbox",
    metadata,
    Column("id", Text, primary_key=True),  # of the message
    Column("seq", Integer, nullable=False),
    Column("partner_id", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("created", Text, nullable=False),
    Column("expires", Text, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),  # waiting, delivered, refused, expired, given_up
    Column("attempts", Integer, nullable=False),
    Column("next_at", Text, nullable=False),
    Column("fault", Text),
    Column("settled_at", Text),
    Column("receipt", LargeBinary),  # the partner's, signed
    UniqueConstraint("partner_id", "stream", "sequence"),
    Index("ix_outbox_state", "state", "partner_id", "next_at"),
)

disclosure: Final = Table(
    "disclosure",
    metadata,
    Column("id", Text, primary_key=True),  # of the message
    Column("seq", Integer, nullable=False),
    Column("partner_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("agreement", Text, nullable=False),
    Column("clause", Text, nullable=False),
    Column("message_purpose", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("answers", Text),
    Column("about", Text),  # the consignment, or what else of this node it was made from
    Column("retention_until", Text),  # the last day; null where nothing agreed says one
    Column("terms", Text, nullable=False),  # canonical JSON: the signed terms
    Column("withheld", Text, nullable=False),  # canonical JSON: names of fields and why
    Column("decision_sha256", Text, nullable=False),  # of the gate's record, which is kept and replays
    Column("openings", LargeBinary),  # of the fields, a line each; null once erased
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    *_content(),
    Index("ix_disclosure_seq", "seq"),
    Index("ix_disclosure_about", "about"),
)

refused_disclosure: Final = Table(
    "refused_disclosure",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("partner_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("agreement", Text, nullable=False),
    Column("clause", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("decision_sha256", Text, nullable=False),
    Column("about", Text),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
)

inbox: Final = Table(
    "inbox",
    metadata,
    Column("id", Text, primary_key=True),  # of the message
    Column("seq", Integer, nullable=False),
    Column("partner_id", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("expires", Text, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("receipt", LargeBinary, nullable=False),  # this node's, signed: the same again however often it comes
    Column("status", Text, nullable=False),  # received; expired: it came too late, and nobody acts on it
    Column("type", Text, nullable=False),
    Column("agreement", Text, nullable=False),
    Column("message_purpose", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("answers", Text),
    Column("retention_until", Text),  # the last day; null where nothing agreed says one
    Column("terms", Text, nullable=False),  # canonical JSON: the signed terms
    Column("token", LargeBinary),  # the signed terms as they came, for passing on; null once erased
    Column("openings", LargeBinary),  # of the fields, a line each; null once erased
    Column("faults", Text, nullable=False),  # canonical JSON: where the content is not what its type says
    Column("received_at", Text, nullable=False),
    *_content(),
    UniqueConstraint("partner_id", "stream", "sequence"),
    Index("ix_inbox_seq", "seq"),
)

message_event: Final = Table(
    "message_event",  # what happened to a message later, on either side
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),  # inside its journal entry
    Column("message_id", Text, nullable=False),
    Column("event", Text, nullable=False),  # retracted, destroyed, certified, feedback, used
    Column("by_message", Text),  # the message that said so, where one did
    Column("note", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Index("ix_message_event_message_id", "message_id"),
)

exchange_stream: Final = Table(
    "exchange_stream",
    metadata,
    Column("partner_id", Text, primary_key=True),
    Column("direction", Text, primary_key=True),  # out, in
    Column("stream", Text, primary_key=True),
    Column("sequence", Integer, nullable=False),  # of the newest message; 0: none yet
    Column("head", LargeBinary, nullable=False),
    Column("stopped", Text),  # the alarm that stopped it, or that another follows it
    Column("begun", Integer, nullable=False),  # 1 for the first of a partner and direction
)

exchange_refusal: Final = Table(
    "exchange_refusal",  # what came from outside and was not taken, and why
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("came_from", Text, nullable=False),  # the partner whose line it was, or by hand
    Column("message_id", Text),  # as its header says
    Column("sha256", LargeBinary, nullable=False),
    Column("code", Text, nullable=False),
    Column("params", Text, nullable=False),
    Column("alarm", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("seen_by", Text),
    Index("ix_exchange_refusal_came_from", "came_from", "seq"),
)

exchange_opening: Final = Table(
    "exchange_opening",  # what each side says it logged of a message: for comparing, and for proving
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("side", Text, primary_key=True),  # own, theirs
    Column("kind", Text, nullable=False),  # exchange.sent, exchange.received
    Column("partner_id", Text, nullable=False),
    Column("leaf_sha256", LargeBinary, nullable=False),
    Column("salt", LargeBinary),
    Column("record", LargeBinary),
    Column("seq", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Index("ix_exchange_opening_partner_id", "partner_id", "at"),
)
