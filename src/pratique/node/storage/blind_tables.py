"""The tables of blind queries: what may be asked about, who may ask, what was asked here and what partners asked.

Of what a partner asked there is nothing to keep but how much: the identifiers never come here. What this side asked is
in the clear, about persons too, until the answer's time is up.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from pratique.node.storage.exchange_tables import DISCLOSURE, EXCHANGE_PURPOSE
from pratique.node.storage.schema import metadata

blind_list: Final = Table(
    "blind_list",  # which lists partners may ask about: the newest row of a list counts
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of its journal entry
    Column("list_id", Text, nullable=False),
    Column("shared", Integer, nullable=False),
    Column("basis", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
)

blind_permission: Final = Table(
    "blind_permission",  # which partner may ask, how much: the newest row of a partner counts
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of its journal entry
    Column("partner_id", Text, nullable=False),
    Column("agreement", Text, nullable=False),
    Column("clause", Text, nullable=False),  # that answers go under
    Column("per_day", Integer, nullable=False),  # elements in 24 hours; 0: the partner may not ask
    Column("by_itself", Integer, nullable=False),  # the exchange worker answers; 0: a person does
    Column("basis", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
)

blind_set: Final = Table(
    "blind_set",  # what is compared with: made of the shared lists, under a key of its own
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of the entry that made it
    Column("kind", Text, nullable=False),
    Column("lists", Text, nullable=False),  # canonical JSON: digests of the lists that it was made of
    Column("key", LargeBinary, nullable=False),
    Column("sha256", LargeBinary, nullable=False),  # of its tokens
    Column("size", Integer, nullable=False),  # identifiers, without decoys
    Column("tokens", LargeBinary, nullable=False),
    Column("valid_until", Text, nullable=False),
    Column("at", Text, nullable=False),
)

blind_question: Final = Table(
    "blind_question",  # what this side asked
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("partner_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("identifiers", Integer, nullable=False),
    Column("elements", Integer, nullable=False),  # with decoys
    Column("reason", Text, nullable=False),
    Column("secrets", LargeBinary),  # what reads the answer; null once it was read, refused, or is out of time
    Column("state", Text, nullable=False),  # asked, answered, refused, lapsed
    Column("ground", Text),  # why it was refused
    Column("answer_id", Text),
    Column("result", Text),  # canonical JSON: identifiers with whether they are known; null once erased
    Column("known", Integer),  # how many are
    Column("retention_until", Text),  # the last day
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("purpose", Text, nullable=False, server_default=EXCHANGE_PURPOSE),
    Column("retention_class", Text, nullable=False, server_default=DISCLOSURE),
    Index("ix_blind_question_at", "at"),
)

blind_asked: Final = Table(
    "blind_asked",  # what partners asked, as far as this side can know it: how much, and what became of it
    metadata,
    Column("query_id", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("partner_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("elements", Integer, nullable=False),
    Column("outcome", Text, nullable=False),  # answered, or the ground on which it was refused
    Column("answer_id", Text),  # null where the gate did not let the answer go
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Index("ix_blind_asked_partner_id", "partner_id", "at"),
)

blind_tokens: Final = Table(
    "blind_tokens",  # the sets of partners, as they sent them
    metadata,
    Column("partner_id", Text, primary_key=True),
    Column("sha256", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("tokens", LargeBinary, nullable=False),
    Column("valid_until", Text, nullable=False),
    Column("at", Text, nullable=False),
)
