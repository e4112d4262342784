"""Answers already given to writes, by the key that the caller chose: one small file of its own beside the store.

It is apart from the main store because it is written several times for every write of the API, while an assessment may
hold the main store for seconds. It is no part of a backup: keys live for a day.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from pratique.node.instants import to_text

metadata: Final = MetaData()

answer: Final = Table(
    "answer",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("claimed_at", String(27), nullable=False, index=True),
    Column("claimed_by", String(32), nullable=False),
    Column("journal_seq", Integer, nullable=False),
    Column("handle", String(64)),
    Column("status", Integer),
    Column("headers", String),
    Column("body", LargeBinary),
)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """One key of one token. There is no ``status`` while the act is under way; ``body`` is packed (zlib).

    ``journal_seq`` is the newest journal entry when the key was claimed, ``handle`` the id of the job that was about to
    start, ``claimed_by`` the process at work.
    """

    token_sha256: str
    key: str
    fingerprint: str
    claimed_at: str
    claimed_by: str
    journal_seq: int
    handle: str | None = None
    status: int | None = None
    headers: str | None = None
    body: bytes | None = None


def make_table(connection: Connection) -> None:
    """The table, where it is not there yet."""
    metadata.create_all(connection)


def forget_before(connection: Connection, moment: datetime) -> None:
    """Keys claimed before ``moment`` are free again."""
    connection.execute(delete(answer).where(answer.c.claimed_at < to_text(moment)))


def answer_to(connection: Connection, token_sha256: str, key: str) -> StoredAnswer | None:
    """What is known of a key."""
    row = connection.execute(select(answer).where(_named(token_sha256, key))).first()
    return StoredAnswer(**row._asdict()) if row else None


def put_claim(connection: Connection, claim: StoredAnswer) -> None:
    """A key that is new, or that passes from a process that died."""
    connection.execute(delete(answer).where(_named(claim.token_sha256, claim.key)))
    connection.execute(insert(answer).values({each.name: getattr(claim, each.name) for each in fields(claim)}))


def put_handle(connection: Connection, token_sha256: str, key: str, handle: str) -> None:
    """The job that is about to start under a key."""
    connection.execute(update(answer).where(_named(token_sha256, key)).values(handle=handle))


def put_answer(connection: Connection, token_sha256: str, key: str, *, status: int, headers: str, body: bytes) -> None:
    """What was answered."""
    values = {"status": status, "headers": headers, "body": body}
    connection.execute(update(answer).where(_named(token_sha256, key)).values(**values))


def remove_claim(connection: Connection, token_sha256: str, key: str) -> None:
    """The key is free again."""
    connection.execute(delete(answer).where(_named(token_sha256, key)))


def _named(token_sha256: str, key: str):  # type: ignore[no-untyped-def]
    return (answer.c.token_sha256 == token_sha256) & (answer.c.key == key)
