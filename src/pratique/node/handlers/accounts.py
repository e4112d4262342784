"""One's own account: how the desk looks, another password, new recovery codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Final

from pratique.node.access.passwords import hash_password, password_fits
from pratique.node.access.second_factor import new_recovery_codes, recovery_digest
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.handlers.invitations import require_fit_password
from pratique.node.handlers.sessions import require_session
from pratique.node.instants import to_text
from pratique.node.sign_in.attempts import Attempt
from pratique.node.sign_in.sessions import SessionStarted, begin_session, rules_of, same_caller
from pratique.node.storage.access_officers import StoredOfficer, change_officer, credentials, officer_by_login
from pratique.node.storage.access_passkeys import passkeys
from pratique.node.storage.access_rights import revoke_tokens
from pratique.node.storage.access_sessions import end_sessions
from pratique.node.storage.access_sign_in import put_recovery_codes, recovery_codes_left
from pratique.node.storage.store import Connection
from pratique.node.stores import Kept
from pratique.vocabulary.errors import Category
from pratique.vocabulary.languages import LANGUAGES

THEMES: Final = ("system", "light", "dark")


@dataclass(frozen=True, slots=True)
class PasskeyShown:
    """A passkey as its owner sees it."""

    credential_id: str
    name: str
    added_at: str
    used_at: str | None


@dataclass(frozen=True, slots=True)
class AccountShown:
    """One's own account and its ways in."""

    officer: StoredOfficer
    passkeys: tuple[PasskeyShown, ...]
    recovery_codes_left: int


@dataclass(frozen=True, slots=True)
class ShowAccount(Query[AccountShown]):
    """The account of the officer who asks."""

    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class ChangePreferences(Command[StoredOfficer]):
    """How the desk looks for the officer who asks; what is ``None`` stays as it is."""

    language: str | None = None
    theme: str | None = None
    shortcut_keys: bool | None = None
    entry: ClassVar[str] = "accounts.preferences_changed"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class ChangePassword(Command[SessionStarted]):
    """Another password in place of the one given: every session and token ends, and this session begins anew."""

    secret: str = field(repr=False)
    old: str = field(repr=False)
    new: str = field(repr=False)
    entry: ClassVar[str] = "accounts.password_changed"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class RenewRecoveryCodes(Command[tuple[str, ...]]):
    """Ten new recovery codes in place of the old ones; they are told this once."""

    entry: ClassVar[str] = "accounts.recovery_codes_renewed"
    kept_in: ClassVar[Kept] = "access"


def show_account(query: ShowAccount, view: View) -> AccountShown:
    """Raises ``DENIED`` for who is no officer."""
    officer = own_officer(view.connection, view.actor.login)
    kept = passkeys(view.connection, officer.login)
    return AccountShown(
        officer=officer,
        passkeys=tuple(PasskeyShown(each.credential_id, each.name, each.added_at, each.used_at) for each in kept),
        recovery_codes_left=recovery_codes_left(view.connection, officer.login),
    )


def change_preferences(command: ChangePreferences, work: Work) -> Act[StoredOfficer]:
    """Raises ``REJECTED`` for a language or a theme that there is not."""
    if command.language is not None and command.language not in LANGUAGES:
        raise refuse("accounts.unknown_language", known=", ".join(LANGUAGES))
    if command.theme is not None and command.theme not in THEMES:
        raise refuse("accounts.unknown_theme", known=", ".join(THEMES))
    given = {"language": command.language, "theme": command.theme, "shortcut_keys": command.shortcut_keys}
    facts = {name: value for name, value in given.items() if value is not None}

    def act(connection: Connection) -> Done[StoredOfficer]:
        officer = own_officer(connection, work.actor.login)
        if facts:
            change_officer(connection, officer.login, facts, at=work.at, by=work.actor.name)
        return Done(own_officer(connection, officer.login), command=facts, outcome=facts)

    return act


def change_password(command: ChangePassword, work: Work) -> Act[SessionStarted]:
    """Raises ``DENIED`` where the old password does not fit, ``REJECTED`` where the new one is unfit."""
    rules = rules_of(work.stores)
    with work.stores.access.reading() as connection:
        session, officer = require_session(connection, command.secret, of=work.actor)
        attempt = Attempt(officer.login, session.address)
        attempt.require_turn(connection, now=work.at)
        known = credentials(connection, officer.login)
    require_fit_password(command.new, officer, folder=work.folder)
    fits = password_fits(known.password_hash if known else None, command.old)
    better = hash_password(command.new)

    def act(connection: Connection) -> Done[SessionStarted]:
        facts: dict[str, object] = {"officer": officer.login}
        attempt.require_turn(connection, now=work.at)
        attempt.note(connection, succeeded=fits, at=work.at)
        if not fits:
            wrong = refuse("accounts.wrong_password", Category.DENIED)
            return Done(None, facts | {"refused": True}, {"refused": True}, refusal=wrong)
        new = {"password_hash": better, "password_changed_at": to_text(work.at)}
        change_officer(connection, officer.login, new, at=work.at, by=work.actor.name)
        ended = end_sessions(connection, because="password_changed", at=work.at, login=officer.login)
        revoked = revoke_tokens(connection, at=work.at, by=work.actor.name, login=officer.login)
        started = begin_session(
            connection, officer, method=session.method, caller=same_caller(session), rules=rules, at=work.at
        )
        return Done(started, command=facts, outcome={"sessions_ended": ended, "tokens_revoked": revoked})

    return act


def renew_recovery_codes(command: RenewRecoveryCodes, work: Work) -> Act[tuple[str, ...]]:
    """Raises ``DENIED`` for who is no officer."""
    codes = tuple(new_recovery_codes())

    def act(connection: Connection) -> Done[tuple[str, ...]]:
        officer = own_officer(connection, work.actor.login)
        put_recovery_codes(connection, officer.login, [recovery_digest(code) for code in codes])
        facts: dict[str, object] = {"officer": officer.login}
        return Done(codes, command=facts, outcome={"codes": len(codes)})

    return act


def own_officer(connection: Connection, login: str | None) -> StoredOfficer:
    """The officer who acts. Raises ``DENIED`` where it is none, such as the local operator."""
    found = officer_by_login(connection, login) if login else None
    if found is None:
        raise refuse("accounts.no_officer", Category.DENIED)
    return found
