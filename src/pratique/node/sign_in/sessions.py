"""Sessions: how one begins, becomes stronger, and whom it stands for. Handlers of several slices use this."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from pratique.node.access.actor import OFFICER, Actor
from pratique.node.access.purposes import usual_purpose
from pratique.node.access.secrets import csrf_of, new_secret, secret_digest
from pratique.node.access.session_rules import SessionRules
from pratique.node.instants import from_text, to_text
from pratique.node.settings import Settings
from pratique.node.storage.access_officers import StoredOfficer
from pratique.node.storage.access_sessions import StoredSession, add_session, end_oldest_sessions, strengthen
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.node.stores import Stores

PERSONA: Final = "persona"  # a method of signing in that exists on demonstrations only
LONGEST_AGENT: Final = 200
LONGEST_ADDRESS: Final = 64


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request comes from: the network address, and what the browser says that it is."""

    address: str
    agent: str = ""

    def short(self) -> Caller:
        """The same, cut to what is kept, without control characters."""
        return Caller(_plain(self.address, LONGEST_ADDRESS), _plain(self.agent, LONGEST_AGENT))


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """A session that has begun or become stronger. ``secret`` is told this once; the cookie carries it."""

    id: str
    login: str
    secret: str = field(repr=False)
    csrf: str = field(repr=False)
    ends_at: datetime
    strong_until: datetime | None = None


def same_caller(session: StoredSession) -> Caller:
    """Where the session was begun from."""
    return Caller(session.address, session.agent)


def rules_of(stores: Stores) -> SessionRules:
    """The rules of sessions that the node's settings give."""
    with stores.main.reading() as connection:
        return SessionRules.of(Settings.of(changed_settings(connection)))


def begin_session(
    connection: Connection, officer: StoredOfficer, *, method: str, caller: Caller, rules: SessionRules, at: datetime
) -> SessionStarted:
    """A new session with a secret of its own; a sign-in with two factors given here counts as the first step-up.

    Where the officer has as many sessions as are allowed, those used least lately end. Personas are shared by whoever
    tries a demonstration, so theirs are not counted.
    """
    secret, session_id = new_secret(), secrets.token_hex(8)
    last_until = at + rules.longest
    strong_until = None if method == "oidc" else at + rules.strong
    add_session(
        connection,
        StoredSession(
            id=session_id,
            login=officer.login,
            method=method,
            address=caller.short().address,
            agent=caller.short().agent,
            purpose=usual_purpose(frozenset(officer.roles)),
            started_at=to_text(at),
            seen_at=to_text(at),
            last_until=to_text(last_until),
            strong_until=to_text(strong_until) if strong_until else None,
            whole_until=to_text(strong_until) if strong_until else None,
            ended_at=None,
            ended_because=None,
        ),
        secret_sha256=secret_digest(secret),
    )
    if method != PERSONA:
        end_oldest_sessions(connection, officer.login, keep=rules.most, at=at)
    ends_at = rules.ends_at(seen=at, last_until=last_until)
    return SessionStarted(session_id, officer.login, secret, csrf_of(secret), ends_at, strong_until)


def make_stronger(
    connection: Connection, session: StoredSession, *, whole: bool, rules: SessionRules, at: datetime
) -> SessionStarted:
    """The session after a second factor was given in it: with another secret; the old one is worth nothing.

    ``whole`` says that the whole sign-in was repeated: a passkey, or the password besides the code.
    """
    secret, until = new_secret(), at + rules.strong
    reached = {"strong_until": until, "whole_until": until} if whole else {"strong_until": until}
    strengthen(connection, session.id, secret_sha256=secret_digest(secret), until=reached, at=at)
    ends_at = rules.ends_at(seen=at, last_until=from_text(session.last_until))
    return SessionStarted(session.id, session.login, secret, csrf_of(secret), ends_at, until)


def actor_of(officer: StoredOfficer) -> Actor:
    """Whom the officer acts as, without anything that a session or a token adds."""
    return Actor(OFFICER + officer.login, roles=frozenset(officer.roles), office=officer.office)


def actor_in(session: StoredSession, officer: StoredOfficer, *, taken: str | None) -> Actor:
    """Whom the officer acts as in the session; ``taken`` is the right taken beyond the table."""
    strong = from_text(session.strong_until) if session.strong_until else None
    whole = from_text(session.whole_until) if session.whole_until else None
    return replace(
        actor_of(officer), purpose=session.purpose, strong_until=strong, whole_until=whole, break_glass=taken
    )


def _plain(text: str, longest: int) -> str:
    return "".join(character for character in text[:longest] if character.isprintable())
