"""Signing in and out."""

from __future__ import annotations

import secrets

from starlette.responses import Response

from pratique.desk.door import COOKIE
from pratique.desk.role_words import role_words
from pratique.desk.visit import Visit
from pratique.node.handlers.sessions import EndSession
from pratique.node.handlers.sign_in import ListPersonas, SignInAs, SignInByPassword
from pratique.node.handlers.single_sign_on import HasProvider
from pratique.node.sign_in.sessions import SessionStarted
from pratique.vocabulary.errors import PratiqueError

VISITOR_COOKIE = "__Host-visitor"


def show(visit: Visit, error: PratiqueError | None = None) -> Response:
    """The ways in; in a demonstration every officer of the sample port is one click."""
    if visit.session is not None and error is None:
        return visit.go("/")
    csrf = visitor_csrf(visit)
    personas = visit.ask(ListPersonas()) if visit.desk.demonstration else ()
    status = error.category.http_status if error else 200
    values = {
        "personas": personas,
        "roles": role_words(visit.gettext),
        "csrf": csrf,
        "next": next_path(visit),
        "provider": visit.ask(HasProvider()),
    }
    page = visit.page("sign_in.html", status, error=visit.retold(error) if error else None, **values)
    page.set_cookie(VISITOR_COOKIE, csrf, secure=True, httponly=True, samesite="lax", path="/")
    return page


def visitor_csrf(visit: Visit) -> str:
    """What forms carry before there is a session: the same as the cookie beside it."""
    if visit.session is not None:
        return visit.session.csrf
    return visit.request.cookies.get(VISITOR_COOKIE) or secrets.token_urlsafe(24)


def enter(visit: Visit) -> Response:
    """With login, password and the code of the second factor."""
    login, password, code = visit.given("login"), visit.given("password"), visit.given("code").strip()
    command = SignInByPassword(login, password, code, visit.caller)
    try:
        return entered(visit, visit.execute(command))
    except PratiqueError as error:
        return show(visit, error)


def enter_as(visit: Visit) -> Response:
    """As an officer of the sample port; the node refuses it anywhere else."""
    return entered(visit, visit.execute(SignInAs(visit.request.path_params["persona"], visit.caller)))


def leave(visit: Visit) -> Response:
    """Ends the session, here and at the node."""
    visit.execute(EndSession(visit.request.cookies.get(COOKIE, "")))
    page = visit.go("/sign-in")
    page.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax", path="/")
    page.headers["Clear-Site-Data"] = '"cache", "storage"'
    return page


def entered(visit: Visit, started: SessionStarted, path: str | None = None) -> Response:
    """On to where the officer wanted to go, with the secret of the session that has begun or become stronger.

    A session that this one takes the place of ends.
    """
    if visit.session is not None and visit.session.id != started.id:
        visit.execute(EndSession(visit.request.cookies.get(COOKIE, "")))
    page = visit.go(path or next_path(visit))
    page.set_cookie(COOKIE, started.secret, secure=True, httponly=True, samesite="lax", path="/")
    return page


def next_path(visit: Visit) -> str:
    """A path of this desk, never another place."""
    wanted = visit.given("next") or visit.asked("next")
    own = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if own else "/"
