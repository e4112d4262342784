"""Sessions as rows: found by the digest of their secret, never by the secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from pratique.node.instants import to_text
from pratique.node.storage.access_tables import session


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as stored; moments as text in UTC, ``last_until`` is its absolute end."""

    id: str
    login: str
    method: str
    address: str
    agent: str
    purpose: str | None
    started_at: str
    seen_at: str
    last_until: str
    strong_until: str | None
    whole_until: str | None
    ended_at: str | None
    ended_because: str | None


_SHOWN = [session.c[field.name] for field in fields(StoredSession)]


def add_session(connection: Connection, started: StoredSession, *, secret_sha256: str) -> None:
    """A session that begins."""
    values = {field.name: getattr(started, field.name) for field in fields(StoredSession)}
    connection.execute(insert(session).values(secret_sha256=secret_sha256, **values))


def session_by_secret(connection: Connection, secret_sha256: str) -> StoredSession | None:
    """The session that the secret belongs to, ended or not."""
    row = connection.execute(select(*_SHOWN).where(session.c.secret_sha256 == secret_sha256)).first()
    return StoredSession(**row._asdict()) if row else None


def open_sessions(connection: Connection, login: str | None = None) -> list[StoredSession]:
    """Sessions that nobody ended, newest first; those whose time is over among them."""
    wanted = select(*_SHOWN).where(session.c.ended_at.is_(None)).order_by(session.c.started_at.desc(), session.c.id)
    if login is not None:
        wanted = wanted.where(session.c.login == login)
    return [StoredSession(**row._asdict()) for row in connection.execute(wanted)]


def note_seen(connection: Connection, session_id: str, *, at: datetime) -> None:
    """Notes that the session was used."""
    connection.execute(update(session).where(session.c.id == session_id).values(seen_at=to_text(at)))


def set_purpose(connection: Connection, session_id: str, purpose: str | None) -> None:
    """Gives the session the purpose for which person data is read in it."""
    connection.execute(update(session).where(session.c.id == session_id).values(purpose=purpose))


def strengthen(
    connection: Connection, session_id: str, *, secret_sha256: str, until: Mapping[str, datetime], at: datetime
) -> None:
    """A second factor was given: another secret, so that one stolen before is worth nothing.

    ``until`` has the moments for ``strong_until`` and, where the whole sign-in was repeated, ``whole_until``.
    """
    moments = {name: to_text(moment) for name, moment in until.items()}
    connection.execute(
        update(session)
        .where(session.c.id == session_id)
        .values(secret_sha256=secret_sha256, seen_at=to_text(at), **moments)
    )


def end_oldest_sessions(connection: Connection, login: str, *, keep: int, at: datetime) -> int:
    """Ends the open sessions of the officer but those ``keep`` that were used last; gives how many ended."""
    used = select(session.c.id).where(session.c.login == login, session.c.ended_at.is_(None))
    kept = used.order_by(session.c.seen_at.desc(), session.c.started_at.desc()).limit(keep)
    ended = connection.execute(
        update(session)
        .where(session.c.login == login, session.c.ended_at.is_(None), session.c.id.not_in(kept))
        .values(ended_at=to_text(at), ended_because="too_many")
    )
    return int(ended.rowcount)


def end_sessions(
    connection: Connection, *, because: str, at: datetime, login: str | None = None, session_id: str | None = None
) -> int:
    """Ends one session, or all of an officer; gives how many were open."""
    chosen: list[ColumnElement[bool]] = [session.c.ended_at.is_(None)]
    if login is not None:
        chosen.append(session.c.login == login)
    if session_id is not None:
        chosen.append(session.c.id == session_id)
    ended = connection.execute(update(session).where(and_(*chosen)).values(ended_at=to_text(at), ended_because=because))
    return int(ended.rowcount)
