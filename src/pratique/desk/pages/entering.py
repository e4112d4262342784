"""The other ways in: an invitation, a passkey, the administration's identity provider."""

from __future__ import annotations

from typing import Final

from starlette.responses import JSONResponse, RedirectResponse, Response

from pratique.desk.pages.sign_in import VISITOR_COOKIE, entered, next_path, visitor_csrf
from pratique.desk.visit import Visit
from pratique.node.errors import refuse
from pratique.node.handlers.invitations import AcceptInvitation, OpenInvitation
from pratique.node.handlers.passkeys import AskPasskey, SignInByPasskey
from pratique.node.handlers.single_sign_on import AskProvider, SignInByProvider
from pratique.vocabulary.errors import PratiqueError

STATE_COOKIE: Final = "__Host-provider"
STATE_SECONDS: Final = 600


def invitation(visit: Visit, error: PratiqueError | None = None) -> Response:
    """Where an invitation is given; it comes behind a # in the address, which no server ever sees."""
    csrf = visitor_csrf(visit)
    page = visit.page("invitation.html", csrf=csrf, shown=None, secret="", error=error and visit.retold(error))
    page.set_cookie(VISITOR_COOKIE, csrf, secure=True, httponly=True, samesite="lax", path="/")
    return page


def open_invitation(visit: Visit, error: PratiqueError | None = None) -> Response:
    """What the invitation offers: the second factor to set up, and the form that accepts."""
    secret = visit.given("invitation").strip()
    try:
        shown = visit.ask(OpenInvitation(secret))
    except PratiqueError as refusal:
        return invitation(visit, refusal)
    csrf = visit.request.cookies.get(VISITOR_COOKIE, "")
    values = {"csrf": csrf, "shown": shown, "secret": secret, "error": error and visit.retold(error)}
    return visit.page("invitation.html", error.category.http_status if error else 200, **values)


def accept(visit: Visit) -> Response:
    """The first sign-in; the recovery codes are told this once."""
    secret, password = visit.given("invitation"), visit.given("password")
    try:
        if password != visit.given("again"):
            raise refuse("password.not_the_same")
        accepted = visit.execute(AcceptInvitation(secret, password, visit.given("code").strip(), visit.caller))
    except PratiqueError as error:
        return open_invitation(visit, error)
    page = visit.page("recovery_codes.html", codes=accepted.recovery_codes, go_on="/")
    whole = entered(visit, accepted.session, "/")
    page.raw_headers += [header for header in whole.raw_headers if header[0] == b"set-cookie"]
    return page


def ask_passkey(visit: Visit) -> Response:
    """What the browser is asked to sign."""
    asked = visit.ask(AskPasskey())
    return JSONResponse({"options": asked.options, "state": asked.state})


def by_passkey(visit: Visit) -> Response:
    """Signs in with what the browser signed."""
    return entered(visit, visit.execute(SignInByPasskey(visit.given("state"), visit.given("answer"), visit.caller)))


def to_provider(visit: Visit) -> Response:
    """On to the administration's identity provider; the browser keeps the sealed state meanwhile.

    A link on another site leads to the ways in: nobody is signed in without their own doing.
    """
    if visit.request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return visit.go("/sign-in")
    asked = visit.ask(AskProvider())
    page = RedirectResponse(asked.address, 303)
    page.set_cookie(
        STATE_COOKIE, asked.state, max_age=STATE_SECONDS, secure=True, httponly=True, samesite="lax", path="/"
    )
    return page


def back_from_provider(visit: Visit) -> Response:
    """Signs in with what the provider sent back."""
    state = visit.request.cookies.get(STATE_COOKIE, "")
    started = visit.execute(SignInByProvider(state, visit.asked("state"), visit.asked("code"), visit.caller))
    page = entered(visit, started, next_path(visit))
    page.delete_cookie(STATE_COOKIE, secure=True, httponly=True, samesite="lax", path="/")
    return page
