"""Tokens of the API, and rights taken beyond the table, as rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from pratique.node.canonical import canonical
from pratique.node.instants import to_text
from pratique.node.storage.access_tables import break_glass, token


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A token as stored: whose it is, what it is limited to, until when it counts."""

    id: str
    login: str
    name: str
    scopes: tuple[str, ...]
    purpose: str | None
    made_at: str
    ends_at: str
    used_at: str | None
    revoked_at: str | None

    def counts_at(self, now: datetime) -> bool:
        """Nobody revoked it and its time is not over."""
        return self.revoked_at is None and self.ends_at > to_text(now)


@dataclass(frozen=True, slots=True)
class TakenRight:
    """A right that an officer took beyond the table; ``verdict`` is justified or not_justified once it was reviewed."""

    id: str
    login: str
    session: str
    request: str
    reason: str
    started_at: str
    ends_at: str
    reviewed_at: str | None
    reviewed_by: str | None
    verdict: str | None
    note: str | None


def add_token(connection: Connection, given: StoredToken, *, secret_sha256: str) -> None:
    """A new token."""
    connection.execute(
        insert(token).values(
            id=given.id,
            secret_sha256=secret_sha256,
            login=given.login,
            name=given.name,
            scopes=canonical(list(given.scopes)),
            purpose=given.purpose,
            made_at=given.made_at,
            ends_at=given.ends_at,
        )
    )


def token_by_secret(connection: Connection, secret_sha256: str) -> StoredToken | None:
    """The token of that secret, whether or not it still counts."""
    row = connection.execute(select(token).where(token.c.secret_sha256 == secret_sha256)).first()
    return _token(row._asdict()) if row else None


def tokens(connection: Connection, login: str | None = None) -> list[StoredToken]:
    """Every token, or those of one officer, newest first."""
    wanted = select(token).order_by(token.c.made_at.desc(), token.c.id)
    if login is not None:
        wanted = wanted.where(token.c.login == login)
    return [_token(row._asdict()) for row in connection.execute(wanted)]


def note_token_used(connection: Connection, token_id: str, *, at: datetime) -> None:
    """Notes that the token was used."""
    connection.execute(update(token).where(token.c.id == token_id).values(used_at=to_text(at)))


def revoke_tokens(
    connection: Connection, *, at: datetime, by: str, token_id: str | None = None, login: str | None = None
) -> int:
    """Revokes one token, or all of an officer; gives how many counted until now."""
    chosen = update(token).where(token.c.revoked_at.is_(None))
    if token_id is not None:
        chosen = chosen.where(token.c.id == token_id)
    if login is not None:
        chosen = chosen.where(token.c.login == login)
    return int(connection.execute(chosen.values(revoked_at=to_text(at), revoked_by=by)).rowcount)


def take_right(connection: Connection, taken: TakenRight) -> None:
    """Notes a right that is taken."""
    connection.execute(
        insert(break_glass).values(
            id=taken.id,
            login=taken.login,
            session=taken.session,
            request=taken.request,
            reason=taken.reason,
            started_at=taken.started_at,
            ends_at=taken.ends_at,
        )
    )


def right_taken(connection: Connection, session_id: str, *, now: datetime) -> str | None:
    """The right that counts in the session now, as ``ID:Request``; the newest where there are several."""
    row = connection.execute(
        select(break_glass.c.id, break_glass.c.request)
        .where(break_glass.c.session == session_id, break_glass.c.ends_at > to_text(now))
        .order_by(break_glass.c.started_at.desc(), break_glass.c.id)
        .limit(1)
    ).first()
    return f"{row.id}:{row.request}" if row else None


def taken_rights(connection: Connection) -> list[TakenRight]:
    """Every right that was ever taken, newest first."""
    found = connection.execute(select(break_glass).order_by(break_glass.c.started_at.desc(), break_glass.c.id))
    return [TakenRight(**row._asdict()) for row in found]


def end_right(connection: Connection, right_id: str, *, at: datetime) -> None:
    """The right counts no longer."""
    connection.execute(
        update(break_glass)
        .where(break_glass.c.id == right_id, break_glass.c.ends_at > to_text(at))
        .values(ends_at=to_text(at))
    )


def review_right(connection: Connection, right_id: str, *, verdict: str, note: str, at: datetime, by: str) -> bool:
    """Notes what another person found; false where somebody did before."""
    reviewed = connection.execute(
        update(break_glass)
        .where(break_glass.c.id == right_id, break_glass.c.reviewed_at.is_(None))
        .values(verdict=verdict, note=note, reviewed_at=to_text(at), reviewed_by=by)
    )
    return reviewed.rowcount == 1


def _token(row: Mapping[str, object]) -> StoredToken:
    facts = dict(row)
    return StoredToken(
        id=str(facts["id"]),
        login=str(facts["login"]),
        name=str(facts["name"]),
        scopes=tuple(json.loads(str(facts["scopes"]))),
        purpose=_text(facts["purpose"]),
        made_at=str(facts["made_at"]),
        ends_at=str(facts["ends_at"]),
        used_at=_text(facts["used_at"]),
        revoked_at=_text(facts["revoked_at"]),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
