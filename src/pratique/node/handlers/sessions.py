"""Sessions: whose they are, what they are for, made stronger, listed and ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from pratique.node.access import Actor
from pratique.node.access.passwords import password_fits
from pratique.node.access.purposes import declared
from pratique.node.access.secrets import LONGEST_SECRET, csrf_of, secret_digest
from pratique.node.access.session_rules import worth_noting
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.instants import from_text
from pratique.node.sign_in.attempts import Attempt
from pratique.node.sign_in.second_factors import look_at_factor, use_factor
from pratique.node.sign_in.sessions import PERSONA, Caller, SessionStarted, actor_in, actor_of, make_stronger, rules_of
from pratique.node.storage import access_sessions as stored
from pratique.node.storage.access_officers import StoredOfficer, credentials, office_by_code, officer_by_login
from pratique.node.storage.access_rights import note_token_used, right_taken, token_by_secret
from pratique.node.storage.access_sessions import StoredSession
from pratique.node.storage.store import Connection
from pratique.node.stores import Kept
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class SessionShown:
    """A session that is open: whom it stands for, and how the officer wants the desk.

    ``csrf`` is what forms of this session carry, ``ends_at`` when it ends if nobody uses it, ``method`` how the officer
    signed in (password, passkey, oidc, persona), ``lane_words`` the words that the office uses for the channels.
    """

    id: str
    actor: Actor
    login: str
    display_name: str
    language: str
    theme: str
    shortcut_keys: bool
    csrf: str = field(repr=False)
    method: str
    started_at: datetime
    ends_at: datetime
    time_zone: str
    lane_words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its owner, or who administers, sees it in a list."""

    id: str
    login: str
    method: str
    address: str
    agent: str
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    purpose: str | None


@dataclass(frozen=True, slots=True)
class WhoseSession(Query[SessionShown]):
    """Whose session the secret of a cookie belongs to; asked by the desk at every page.

    ``by_itself`` says that a page asks on its own, as an open page does: that is no use of the session.
    """

    secret: str = field(repr=False)
    by_itself: bool = False
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class WhoseToken(Query[Actor]):
    """Whom a token of the API stands for, and what it is limited to."""

    secret: str = field(repr=False)
    caller: Caller = field(default_factory=lambda: Caller(""))
    way: ClassVar[str] = "token"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class ListSessions(Query[list[OpenSession]]):
    """Open sessions of the officer who asks."""

    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class ListAllSessions(Query[list[OpenSession]]):
    """Open sessions of everybody, for who administers."""

    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class EndSession(Command[int]):
    """Ends the session of a secret: signing out. Answers with how many sessions ended."""

    secret: str = field(repr=False)
    entry: ClassVar[str] = "access.session_ended"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class EndOwnSession(Command[int]):
    """Ends one of one's own sessions by its id, such as one left open elsewhere; all of them where none is named."""

    session_id: str | None = None
    entry: ClassVar[str] = "access.own_session_ended"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class EndSessionOf(Command[int]):
    """Ends every session of another officer."""

    login: str
    entry: ClassVar[str] = "access.sessions_of_ended"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class StepUp(Command[SessionStarted]):
    """A code of the second factor, given again for a sensitive act: the session gets another secret.

    With the ``password`` besides, the whole sign-in is repeated, which changing a way in asks for.
    """

    secret: str = field(repr=False)
    code: str = field(repr=False)
    password: str | None = field(default=None, repr=False)
    entry: ClassVar[str] = "access.stepped_up"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class ConfirmToken(Command[datetime]):
    """A code of the officer's second factor beside a token, for one sensitive request; answers until when it counts."""

    secret: str = field(repr=False)
    code: str = field(repr=False)
    caller: Caller
    entry: ClassVar[str] = "access.token_confirmed"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class DeclarePurpose(Command[str]):
    """Says for what person data is read in a session from now on; answers with the purpose's code."""

    secret: str = field(repr=False)
    purpose: str
    entry: ClassVar[str] = "access.purpose_declared"
    kept_in: ClassVar[Kept] = "access"


def whose_session(query: WhoseSession, view: View) -> SessionShown:
    """Notes, once a minute, that the session was used. Raises ``SIGNED_OUT`` where it is over or unknown."""
    rules = rules_of(view.stores)
    session, officer = require_session(view.connection, query.secret)
    seen, last_until = from_text(session.seen_at), from_text(session.last_until)
    if officer.state != "active" or rules.is_over(seen=seen, last_until=last_until, now=view.at):
        raise refuse("access.session_over", Category.SIGNED_OUT)
    if not query.by_itself and worth_noting(seen=seen, now=view.at):
        with view.stores.access.writing() as connection:
            stored.note_seen(connection, session.id, at=view.at)
    office = office_by_code(view.connection, officer.office) if officer.office else None
    return SessionShown(
        id=session.id,
        actor=actor_in(session, officer, taken=right_taken(view.connection, session.id, now=view.at)),
        login=officer.login,
        display_name=officer.display_name,
        language=officer.language,
        theme=officer.theme,
        shortcut_keys=officer.shortcut_keys,
        csrf=csrf_of(query.secret),
        method=session.method,
        started_at=from_text(session.started_at),
        ends_at=rules.ends_at(seen=view.at, last_until=last_until),
        time_zone=office.time_zone if office else "UTC",
        lane_words=dict(office.lane_words or {}) if office else {},
    )


def whose_token(query: WhoseToken, view: View) -> Actor:
    """The officer of the token with the token's scopes and purpose. Raises ``SIGNED_OUT`` where it is none."""
    found = token_by_secret(view.connection, secret_digest(query.secret)) if _whole(query.secret) else None
    officer = officer_by_login(view.connection, found.login) if found else None
    if found is None or officer is None or officer.state != "active" or not found.counts_at(view.at):
        raise refuse("access.no_token", Category.SIGNED_OUT)
    if found.used_at is None or worth_noting(seen=from_text(found.used_at), now=view.at):
        with view.stores.access.writing() as connection:
            note_token_used(connection, found.id, at=view.at)
    known = actor_of(officer)
    return Actor(known.name, known.roles, known.office, purpose=found.purpose, scopes=frozenset(found.scopes))


def list_sessions(query: ListSessions, view: View) -> list[OpenSession]:
    """Newest first, without those whose time is over."""
    return _still_open(stored.open_sessions(view.connection, view.actor.login or ""), view)


def list_all_sessions(query: ListAllSessions, view: View) -> list[OpenSession]:
    """Newest first, without those whose time is over."""
    return _still_open(stored.open_sessions(view.connection), view)


def end_session(command: EndSession, work: Work) -> Act[int]:
    """Signing out twice does no harm."""

    def act(connection: Connection) -> Done[int]:
        session = stored.session_by_secret(connection, secret_digest(command.secret))
        ended = 0
        if session is not None and session.ended_at is None:
            ended = stored.end_sessions(connection, because="signed_out", at=work.at, session_id=session.id)
        return Done(ended, command={"session": session.id if session else None}, outcome={"ended": ended})

    return act


def end_own_session(command: EndOwnSession, work: Work) -> Act[int]:
    """A session of somebody else is never touched."""

    def act(connection: Connection) -> Done[int]:
        ended = stored.end_sessions(
            connection,
            because="ended_by_owner",
            at=work.at,
            login=work.actor.login or "",
            session_id=command.session_id,
        )
        return Done(ended, command={"session": command.session_id}, outcome={"ended": ended})

    return act


def end_session_of(command: EndSessionOf, work: Work) -> Act[int]:
    """Raises ``NOT_FOUND`` where there is no such officer."""

    def act(connection: Connection) -> Done[int]:
        if officer_by_login(connection, command.login) is None:
            raise refuse("officers.not_found", Category.NOT_FOUND, login=command.login)
        ended = stored.end_sessions(connection, because="ended_by_administration", at=work.at, login=command.login)
        return Done(ended, command={"officer": command.login}, outcome={"ended": ended})

    return act


def step_up(command: StepUp, work: Work) -> Act[SessionStarted]:
    """Failed codes count like failed sign-ins; a persona of a demonstration has no code.

    Raises ``SIGNED_OUT``, ``DENIED`` or ``TOO_OFTEN``.
    """
    rules = rules_of(work.stores)
    with work.stores.access.reading() as connection:
        session, officer = require_session(connection, command.secret, of=work.actor)
        attempt = Attempt(officer.login, session.address)
        attempt.require_turn(connection, now=work.at)
        factor = look_at_factor(connection, officer.login, command.code, work=work)
        known = credentials(connection, officer.login)
    whole = session.method == PERSONA or command.password is not None
    knows = command.password is None or password_fits(known.password_hash if known else None, command.password)

    def act(connection: Connection) -> Done[SessionStarted]:
        facts: dict[str, object] = {"session": session.id}
        attempt.require_turn(connection, now=work.at)
        fits = session.method == PERSONA or (knows and use_factor(connection, officer.login, factor, at=work.at))
        attempt.note(connection, succeeded=fits, at=work.at)
        if not fits:
            return Done(
                None,
                facts | {"refused": True},
                {"refused": "factor"},
                refusal=refuse("sign_in.code_refused", Category.DENIED),
            )
        started = make_stronger(connection, session, whole=whole, rules=rules, at=work.at)
        return Done(started, command=facts, outcome={"by": factor.kind, "whole": whole})

    return act


def confirm_token(command: ConfirmToken, work: Work) -> Act[datetime]:
    """Failed codes count like failed sign-ins. Raises ``SIGNED_OUT``, ``DENIED`` or ``TOO_OFTEN``."""
    rules = rules_of(work.stores)
    with work.stores.access.reading() as connection:
        token = token_by_secret(connection, secret_digest(command.secret)) if _whole(command.secret) else None
        officer = officer_by_login(connection, token.login) if token else None
        if token is None or officer is None or officer.state != "active" or not token.counts_at(work.at):
            raise refuse("access.no_token", Category.SIGNED_OUT)
        attempt = Attempt(officer.login, command.caller.short().address)
        attempt.require_turn(connection, now=work.at)
        factor = look_at_factor(connection, officer.login, command.code, work=work)

    def act(connection: Connection) -> Done[datetime]:
        facts: dict[str, object] = {"token": token.id}
        attempt.require_turn(connection, now=work.at)
        fits = use_factor(connection, officer.login, factor, at=work.at)
        attempt.note(connection, succeeded=fits, at=work.at)
        if not fits:
            wrong = refuse("sign_in.code_refused", Category.DENIED)
            return Done(None, facts | {"refused": True}, {"refused": "factor"}, refusal=wrong)
        return Done(work.at + rules.strong, command=facts, outcome={"by": factor.kind})

    return act


def declare_purpose(command: DeclarePurpose, work: Work) -> Act[str]:
    """Raises ``DENIED`` where the officer's roles do not have that purpose."""

    def act(connection: Connection) -> Done[str]:
        session, officer = require_session(connection, command.secret, of=work.actor)
        purpose = declared(command.purpose, frozenset(officer.roles)).code
        stored.set_purpose(connection, session.id, purpose)
        facts: dict[str, object] = {"session": session.id, "purpose": purpose}
        return Done(purpose, command=facts, outcome=facts)

    return act


def require_session(
    connection: Connection, secret: str, *, of: Actor | None = None
) -> tuple[StoredSession, StoredOfficer]:
    """The open session of the secret and its officer; with ``of``, only where it is that actor's.

    Raises ``SIGNED_OUT``.
    """
    session = stored.session_by_secret(connection, secret_digest(secret)) if _whole(secret) else None
    officer = officer_by_login(connection, session.login) if session else None
    if session is None or officer is None or session.ended_at is not None:
        raise refuse("access.session_over", Category.SIGNED_OUT)
    if of is not None and of.login != officer.login:
        raise refuse("access.session_over", Category.SIGNED_OUT)
    return session, officer


def _whole(secret: str) -> bool:
    return 0 < len(secret) <= LONGEST_SECRET


def _still_open(sessions: list[StoredSession], view: View) -> list[OpenSession]:
    rules = rules_of(view.stores)
    shown = []
    for each in sessions:
        ends_at = rules.ends_at(seen=from_text(each.seen_at), last_until=from_text(each.last_until))
        if ends_at > view.at:
            shown.append(_open(each, ends_at))
    return shown


def _open(session: StoredSession, ends_at: datetime) -> OpenSession:
    return OpenSession(
        id=session.id,
        login=session.login,
        method=session.method,
        address=session.address,
        agent=session.agent,
        started_at=from_text(session.started_at),
        seen_at=from_text(session.seen_at),
        ends_at=ends_at,
        purpose=session.purpose,
    )
