"""Signing in: by password with a second factor, or, on a demonstration, as one of its personas."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Final

from pratique.node.access.passwords import hash_password, outdated, password_fits
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.demonstration import require_demonstration
from pratique.node.errors import refuse
from pratique.node.sign_in.attempts import Attempt
from pratique.node.sign_in.second_factors import look_at_factor, use_factor
from pratique.node.sign_in.sessions import Caller, SessionStarted, begin_session, rules_of
from pratique.node.storage.access_officers import change_officer, credentials, officer_by_login, officers
from pratique.node.storage.store import Connection
from pratique.node.stores import Kept
from pratique.vocabulary.errors import Category, PratiqueError

LONGEST_LOGIN: Final = 60


@dataclass(frozen=True, slots=True)
class Persona:
    """One of the officers of a demonstration, whom one click signs in."""

    login: str
    display_name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignInByPassword(Command[SessionStarted]):
    """Login, password and a code of the second factor (of an app, or a recovery code), all at once."""

    login: str
    password: str = field(repr=False)
    code: str = field(repr=False)
    caller: Caller
    entry: ClassVar[str] = "access.signed_in"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class SignInAs(Command[SessionStarted]):
    """Signs in as a persona; only on a node that was founded as a demonstration."""

    persona: str
    caller: Caller
    entry: ClassVar[str] = "access.signed_in_as"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class ListPersonas(Query[list[Persona]]):
    """The personas of a demonstration; none on any other node."""

    kept_in: ClassVar[Kept] = "access"


def sign_in_by_password(command: SignInByPassword, work: Work) -> Act[SessionStarted]:
    """One answer for whatever was wrong, after the same work. Raises ``SIGNED_OUT`` or ``TOO_OFTEN``."""
    login, caller = command.login.strip().casefold()[:LONGEST_LOGIN], command.caller.short()
    attempt, rules = Attempt(login, caller.address), rules_of(work.stores)
    with work.stores.access.reading() as connection:
        attempt.require_turn(connection, now=work.at)
        known = credentials(connection, login)
        factor = look_at_factor(connection, login, command.code, work=work)
    kept_hash = known.password_hash if known else None
    fits = password_fits(kept_hash, command.password)
    better = hash_password(command.password) if fits and kept_hash and outdated(kept_hash) else None

    def act(connection: Connection) -> Done[SessionStarted]:
        attempt.require_turn(connection, now=work.at)
        officer = officer_by_login(connection, login)
        now_known = credentials(connection, login)
        unchanged = now_known is not None and now_known.password_hash == kept_hash
        if not (fits and unchanged and officer and officer.state == "active") or not use_factor(
            connection, login, factor, at=work.at
        ):
            attempt.note(connection, succeeded=False, at=work.at)
            return Done(None, {"method": "password", "refused": True}, {"refused": True}, refusal=_refused())
        attempt.note(connection, succeeded=True, at=work.at)
        if better is not None:
            change_officer(connection, login, {"password_hash": better}, at=work.at, by=work.actor.name)
        started = begin_session(connection, officer, method="password", caller=caller, rules=rules, at=work.at)
        facts: dict[str, object] = {"method": "password", "officer": login, "factor": factor.kind}
        return Done(started, command=facts, outcome={"session": started.id})

    return act


def sign_in_as(command: SignInAs, work: Work) -> Act[SessionStarted]:
    """Raises ``DENIED`` on every node that is no demonstration, ``NOT_FOUND`` for somebody who is no persona."""
    require_demonstration(work.stores)
    rules = rules_of(work.stores)

    def act(connection: Connection) -> Done[SessionStarted]:
        officer = officer_by_login(connection, command.persona[:LONGEST_LOGIN])
        if officer is None or not officer.persona or officer.state != "active":
            raise refuse("sign_in.no_persona", Category.NOT_FOUND)
        started = begin_session(connection, officer, method="persona", caller=command.caller, rules=rules, at=work.at)
        facts: dict[str, object] = {"officer": officer.login}
        return Done(started, command=facts, outcome={"session": started.id})

    return act


def list_personas(query: ListPersonas, view: View) -> list[Persona]:
    """By login."""
    return [
        Persona(each.login, each.display_name, each.roles)
        for each in officers(view.connection)
        if each.persona and each.state == "active"
    ]


def _refused() -> PratiqueError:
    return refuse("sign_in.refused", Category.SIGNED_OUT)
