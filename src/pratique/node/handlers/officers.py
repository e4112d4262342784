"""Officers: added by invitation, changed, suspended, given a new beginning, listed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Final

from pratique.node.access.roles import known_roles
from pratique.node.access.sealing import seal
from pratique.node.access.second_factor import new_factor
from pratique.node.access.secrets import new_secret, secret_digest
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.settings import Settings
from pratique.node.storage import access_officers as stored
from pratique.node.storage.access_officers import StoredOfficer
from pratique.node.storage.access_passkeys import remove_passkeys
from pratique.node.storage.access_rights import revoke_tokens
from pratique.node.storage.access_sessions import end_sessions
from pratique.node.storage.access_sign_in import (
    Invitation,
    add_invitation,
    put_recovery_codes,
    withdraw_invitations,
)
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.node.stores import Kept
from pratique.vocabulary.errors import Category
from pratique.vocabulary.languages import LANGUAGES

INVITED_FOR: Final = timedelta(hours=72)
LONGEST_DISPLAY_NAME: Final = 80
_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")


@dataclass(frozen=True, slots=True)
class OfficerAdded:
    """An officer who can now accept the invitation; ``invitation`` is told this once."""

    officer: StoredOfficer
    invitation: str = field(repr=False)
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class AddOfficer(Command[OfficerAdded]):
    """Adds an officer with roles and an office; they set their own password and second factor."""

    login: str
    display_name: str
    roles: tuple[str, ...]
    office: str | None = None
    language: str = "en"
    oidc_subject: str | None = None
    entry: ClassVar[str] = "officers.added"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class ChangeOfficer(Command[StoredOfficer]):
    """Gives an officer another name, other roles, another office; what is ``None`` stays as it is.

    An empty text takes the office or the identity away. Nobody changes their own.
    """

    login: str
    display_name: str | None = None
    roles: tuple[str, ...] | None = None
    office: str | None = None
    oidc_subject: str | None = None
    declared_interests: tuple[str, ...] | None = None
    entry: ClassVar[str] = "officers.changed"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class SuspendOfficer(Command[StoredOfficer]):
    """Takes every way in from an officer at once: sessions end, tokens are revoked, invitations withdrawn."""

    login: str
    entry: ClassVar[str] = "officers.suspended"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class ResetOfficer(Command[OfficerAdded]):
    """A new beginning for an officer who lost everything, or comes back: old ways in go, a new invitation comes."""

    login: str
    entry: ClassVar[str] = "officers.reset"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class ListOfficers(Query[list[StoredOfficer]]):
    """Every officer."""

    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class ShowOfficer(Query[StoredOfficer]):
    """One officer."""

    login: str
    kept_in: ClassVar[Kept] = "access"


def add_officer(command: AddOfficer, work: Work) -> Act[OfficerAdded]:
    """Raises ``REJECTED`` for what cannot be, ``CONFLICT`` where the login is taken."""
    login = command.login.strip().casefold()
    if _LOGIN.fullmatch(login) is None:
        raise refuse("officers.unfit_login", login=command.login[:60])
    if command.language not in LANGUAGES:
        raise refuse("accounts.unknown_language", known=", ".join(LANGUAGES))
    facts: dict[str, object] = {
        "display_name": _display_name(command.display_name),
        "roles": _roles(command.roles),
        "office": command.office or None,
        "language": command.language,
        "oidc_subject": command.oidc_subject or None,
    }
    secret, invitation = _invitation(login, work)

    def act(connection: Connection) -> Done[OfficerAdded]:
        if stored.officer_by_login(connection, login) is not None:
            raise refuse("officers.taken", Category.CONFLICT, login=login)
        _require_fitting(connection, facts)
        new = {"login": login, "state": "invited", "persona": False, "theme": "system", "shortcut_keys": True}
        stored.add_officer(connection, facts | new | {"declared_interests": []}, at=work.at, by=work.actor.name)
        add_invitation(connection, secret_digest(secret), invitation, at=work.at)
        added = require_officer(connection, login)
        return Done(OfficerAdded(added, secret, work.at + INVITED_FOR), command=_told(added), outcome=_told(added))

    return act


def change_officer(command: ChangeOfficer, work: Work) -> Act[StoredOfficer]:
    """Other roles count at once, in open sessions too."""
    facts: dict[str, object] = {}
    if command.display_name is not None:
        facts["display_name"] = _display_name(command.display_name)
    if command.roles is not None:
        facts["roles"] = _roles(command.roles)
    if command.office is not None:
        facts["office"] = command.office or None
    if command.oidc_subject is not None:
        facts["oidc_subject"] = command.oidc_subject or None
    if command.declared_interests is not None:
        facts["declared_interests"] = [each.strip()[:200] for each in command.declared_interests if each.strip()]

    def act(connection: Connection) -> Done[StoredOfficer]:
        before = require_officer(connection, command.login)
        _require_fitting(connection, facts)
        if facts:
            stored.change_officer(connection, before.login, facts, at=work.at, by=work.actor.name)
        now = require_officer(connection, command.login)
        return Done(now, command=_told(before), outcome=_told(now))

    return act


def suspend_officer(command: SuspendOfficer, work: Work) -> Act[StoredOfficer]:
    """Suspending twice does no harm. Raises ``NOT_FOUND``."""

    def act(connection: Connection) -> Done[StoredOfficer]:
        before = require_officer(connection, command.login)
        _close_every_way_in(connection, before.login, "suspended", work)
        stored.change_officer(connection, before.login, {"state": "suspended"}, at=work.at, by=work.actor.name)
        now = require_officer(connection, command.login)
        return Done(now, command=_told(before), outcome=_told(now))

    return act


def reset_officer(command: ResetOfficer, work: Work) -> Act[OfficerAdded]:
    """Raises ``NOT_FOUND``; ``CONFLICT`` for a persona, who has no credentials."""
    secret, invitation = _invitation(command.login, work)

    def act(connection: Connection) -> Done[OfficerAdded]:
        before = require_officer(connection, command.login)
        if before.persona:
            raise refuse("officers.persona", Category.CONFLICT, login=before.login)
        _close_every_way_in(connection, before.login, "reset", work)
        stored.change_officer(
            connection,
            before.login,
            {"state": "invited", "password_hash": None, "factor_sealed": None},
            at=work.at,
            by=work.actor.name,
        )
        put_recovery_codes(connection, before.login, ())
        remove_passkeys(connection, before.login)
        add_invitation(connection, secret_digest(secret), invitation, at=work.at)
        now = require_officer(connection, command.login)
        return Done(OfficerAdded(now, secret, work.at + INVITED_FOR), command=_told(before), outcome=_told(now))

    return act


def list_officers(query: ListOfficers, view: View) -> list[StoredOfficer]:
    """By login."""
    return stored.officers(view.connection)


def show_officer(query: ShowOfficer, view: View) -> StoredOfficer:
    """Raises ``NOT_FOUND``."""
    return require_officer(view.connection, query.login)


def require_officer(connection: Connection, login: str) -> StoredOfficer:
    """The officer. Raises ``NOT_FOUND``."""
    found = stored.officer_by_login(connection, login)
    if found is None:
        raise refuse("officers.not_found", Category.NOT_FOUND, login=login[:60])
    return found


def _invitation(login: str, work: Work) -> tuple[str, Invitation]:
    with work.stores.main.reading() as connection:
        digest = Settings.of(changed_settings(connection)).values["app_code_digest"]
    sealed = seal(new_factor(digest), key_file=work.folder.key_file, owner=login)
    return new_secret(), Invitation(login, sealed, to_text(work.at + INVITED_FOR))


def _close_every_way_in(connection: Connection, login: str, because: str, work: Work) -> None:
    end_sessions(connection, because=because, at=work.at, login=login)
    revoke_tokens(connection, at=work.at, by=work.actor.name, login=login)
    withdraw_invitations(connection, login)


def _require_fitting(connection: Connection, facts: Mapping[str, object]) -> None:
    """The office is there, and nobody else has the identity."""
    office, subject = facts.get("office"), facts.get("oidc_subject")
    if office is not None and stored.office_by_code(connection, str(office)) is None:
        raise refuse("offices.not_found", Category.NOT_FOUND, office=office)
    if subject is not None and stored.officer_by_subject(connection, str(subject)) is not None:
        raise refuse("officers.subject_taken", Category.CONFLICT)


def _display_name(name: str) -> str:
    tidy = " ".join(name.split())
    if not 0 < len(tidy) <= LONGEST_DISPLAY_NAME or not tidy.isprintable():
        raise refuse("officers.unfit_name", most=LONGEST_DISPLAY_NAME)
    return tidy


def _roles(roles: tuple[str, ...]) -> list[str]:
    unknown = sorted(set(roles) - known_roles().keys())
    if unknown or not roles:
        raise refuse("officers.unknown_role", roles=", ".join(unknown) or "none", known=", ".join(known_roles()))
    alone = next((role for role in sorted(set(roles)) if known_roles()[role].alone), None)
    if alone is not None and len(set(roles)) > 1:
        raise refuse("officers.alone", role=known_roles()[alone].name)
    return sorted(set(roles))


def _told(officer: StoredOfficer) -> dict[str, object]:
    """What the journal says of an officer: no name, no declared interests."""
    return {"officer": officer.login, "roles": list(officer.roles), "office": officer.office, "state": officer.state}
