"""Tokens of the API: made by officers for their own programs, limited in scope and time, revoked at any moment."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar, Final

from pratique.node.access.purposes import declared
from pratique.node.access.scopes import all_scopes
from pratique.node.access.secrets import new_token, secret_digest
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.storage import access_rights as stored
from pratique.node.storage.access_rights import StoredToken
from pratique.node.storage.store import Connection
from pratique.node.stores import Kept
from pratique.vocabulary.errors import Category

LONGEST_DAYS: Final = 366
LONGEST_NAME: Final = 60
MOST_TOKENS: Final = 50  # that count at once, per officer


@dataclass(frozen=True, slots=True)
class TokenMade:
    """A token; ``secret`` is told this once."""

    token: StoredToken
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MakeToken(Command[TokenMade]):
    """Makes a token for a program of the officer who asks.

    ``scopes`` are of those that ``pratique access matrix`` names (``queue:read``, ``messages:write``); ``purpose`` is
    what person data is read for with it.
    """

    name: str
    scopes: tuple[str, ...]
    days: int = 90
    purpose: str | None = None
    entry: ClassVar[str] = "tokens.made"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class RevokeToken(Command[int]):
    """Revokes one of one's own tokens at once; answers with how many counted until now."""

    token_id: str
    entry: ClassVar[str] = "tokens.revoked"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class RevokeTokensOf(Command[int]):
    """Revokes every token of another officer."""

    login: str
    entry: ClassVar[str] = "tokens.of_revoked"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class ListTokens(Query[list[StoredToken]]):
    """The tokens of the officer who asks, without their secrets."""

    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class ListAllTokens(Query[list[StoredToken]]):
    """The tokens of everybody, for who administers."""

    kept_in: ClassVar[Kept] = "access"


def make_token(command: MakeToken, work: Work) -> Act[TokenMade]:
    """Raises ``DENIED`` for who is no officer or has no such purpose, ``REJECTED`` for scopes that there are not."""
    login = work.actor.login
    if login is None:
        raise refuse("tokens.no_officer", Category.DENIED)
    name = " ".join(command.name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or not 1 <= command.days <= LONGEST_DAYS:
        raise refuse("tokens.unfit", most=LONGEST_NAME, days=LONGEST_DAYS)
    unknown = sorted(set(command.scopes) - all_scopes())
    if unknown or not command.scopes:
        raise refuse("tokens.unknown_scope", scopes=", ".join(unknown) or "none", known=", ".join(sorted(all_scopes())))
    purpose = declared(command.purpose, work.actor.roles).code if command.purpose else None
    secret = new_token()
    made = StoredToken(
        id=secrets.token_hex(6),
        login=login,
        name=name,
        scopes=tuple(sorted(set(command.scopes))),
        purpose=purpose,
        made_at=to_text(work.at),
        ends_at=to_text(work.at + timedelta(days=command.days)),
        used_at=None,
        revoked_at=None,
    )

    def act(connection: Connection) -> Done[TokenMade]:
        counting = [each for each in stored.tokens(connection, login) if each.counts_at(work.at)]
        if len(counting) >= MOST_TOKENS:
            raise refuse("tokens.too_many", Category.CONFLICT, most=MOST_TOKENS)
        stored.add_token(connection, made, secret_sha256=secret_digest(secret))
        facts: dict[str, object] = {"token": made.id, "scopes": list(made.scopes), "ends_at": made.ends_at}
        return Done(TokenMade(made, secret), command=facts, outcome=facts)

    return act


def revoke_token(command: RevokeToken, work: Work) -> Act[int]:
    """Raises ``NOT_FOUND`` where the officer has no such token."""

    def act(connection: Connection) -> Done[int]:
        own = {each.id for each in stored.tokens(connection, work.actor.login or "")}
        if command.token_id not in own and not work.actor.is_local:
            raise refuse("tokens.not_found", Category.NOT_FOUND)
        revoked = stored.revoke_tokens(connection, at=work.at, by=work.actor.name, token_id=command.token_id)
        return Done(revoked, command={"token": command.token_id}, outcome={"revoked": revoked})

    return act


def revoke_tokens_of(command: RevokeTokensOf, work: Work) -> Act[int]:
    """An officer without tokens is no fault."""

    def act(connection: Connection) -> Done[int]:
        revoked = stored.revoke_tokens(connection, at=work.at, by=work.actor.name, login=command.login)
        return Done(revoked, command={"officer": command.login}, outcome={"revoked": revoked})

    return act


def list_tokens(query: ListTokens, view: View) -> list[StoredToken]:
    """Newest first."""
    return stored.tokens(view.connection, view.actor.login or "")


def list_all_tokens(query: ListAllTokens, view: View) -> list[StoredToken]:
    """Newest first."""
    return stored.tokens(view.connection)
