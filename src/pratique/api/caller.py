"""Who calls: the bearer token, its scopes, and the purpose for which person data is read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Header, Request

from pratique.api.problems import Refused
from pratique.api.serving import Caller, serving_of
from pratique.node.access import VISITOR, Actor
from pratique.node.access.purposes import declared, purposes
from pratique.node.handlers.sessions import ConfirmToken, WhoseToken
from pratique.node.sign_in.sessions import Caller as From
from pratique.vocabulary.errors import Category, PratiqueError

CHALLENGE: Final = 'Bearer realm="pratique"'
TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]{16,512}")  # RFC 6750, bounded
FACTOR: Final = "Second-Factor"
CHALLENGED: Final = (Category.SIGNED_OUT, Category.NOT_FOUND, Category.DENIED)

PurposeHeader = Annotated[
    str | None,
    Header(
        alias="Purpose",
        description=(
            "Code of the purpose for which person data is read, where it is another than that of the token. Where the "
            "policy asks for one and there is none, the refusal says so; reading is recorded with it."
        ),
        examples=["cargo_risk_analysis"],
        json_schema_extra={"enum": [each.code for each in purposes()]},
    ),
]


FactorHeader = Annotated[
    str | None,
    Header(
        alias=FACTOR,
        description=(
            "A code of the officer's second factor (of the app, or a recovery code), where the act is sensitive. It "
            "counts for this request and is used up; an answer that is repeated by its key needs none."
        ),
        max_length=40,
        examples=["492039"],
    ),
]


def factor_given(factor: FactorHeader = None) -> None:
    """Declares the header on every write; :func:`confirmed` has looked at it."""


def purpose_given(purpose: PurposeHeader = None) -> None:
    """Declares the header on every route that shows or takes in person data."""


def called_by(request: Request, scopes: Collection[str]) -> Caller:
    """The caller of whoever holds the token.

    Raises ``Refused``: 401 without a token that is valid now, 403 where the token has none of ``scopes``.
    """
    serving = serving_of(request)
    secret = _secret(request)
    try:
        client = request.client.host if request.client else ""
        actor = serving.node.ask(WhoseToken(secret, From(client)), actor=VISITOR)
    except PratiqueError as error:
        if error.category not in CHALLENGED:
            raise
        raise _unknown("api.token_not_valid", error="invalid_token") from error
    if actor.scopes is not None and actor.scopes.isdisjoint(scopes):
        challenge = f'{CHALLENGE}, error="insufficient_scope", scope="{" ".join(scopes)}"'
        headers = {"WWW-Authenticate": challenge}
        raise Refused(HTTPStatus.FORBIDDEN, "api.scope_missing", headers=headers, scope=", ".join(scopes))
    purpose = _purpose(request, actor)
    return Caller(
        serving, replace(actor, purpose=purpose or actor.purpose), hashlib.sha256(secret.encode()).hexdigest()
    )


def confirmed(request: Request, caller: Caller) -> Caller:
    """The caller, with what a code of the second factor beside the token opens. Raises ``PratiqueError``."""
    given = request.headers.getlist(FACTOR)
    if not given:
        return caller
    client = From(request.client.host if request.client else "")
    command = ConfirmToken(_secret(request), ", ".join(given).strip(), client)
    until = caller.serving.node.execute(command, actor=VISITOR)
    return replace(caller, actor=replace(caller.actor, strong_until=until))


def _purpose(request: Request, actor: Actor) -> str | None:
    """The purpose that the request names.

    Raises ``Refused`` (422) for one that there is not, ``PratiqueError`` (403) for one that is not the caller's.
    """
    given = request.headers.getlist("purpose")
    if not given:
        return None
    try:
        return declared(", ".join(given), actor.roles).code
    except PratiqueError as error:
        if error.category is not Category.NOT_FOUND:
            raise
        raise Refused.like(error, HTTPStatus.UNPROCESSABLE_ENTITY) from error


def _secret(request: Request) -> str:
    given = request.headers.getlist("authorization")
    if not given:
        raise _unknown("api.token_missing")
    scheme, _, secret = given[0].partition(" ")
    if len(given) > 1 or scheme.lower() != "bearer" or not TOKEN.fullmatch(secret.strip(" ")):
        raise _unknown("api.token_not_valid", error="invalid_token")
    return secret.strip(" ")


def _unknown(code: str, *, error: str = "") -> Refused:
    challenge = f'{CHALLENGE}, error="{error}"' if error else CHALLENGE
    return Refused(HTTPStatus.UNAUTHORIZED, code, headers={"WWW-Authenticate": challenge})
