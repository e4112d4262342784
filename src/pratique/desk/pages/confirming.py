"""What stands between an officer and a sensitive act: the second factor again, a purpose, a right in an emergency."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from pratique.desk.door import COOKIE
from pratique.desk.pages.sign_in import entered, next_path
from pratique.desk.purpose_words import open_to, purpose_words
from pratique.desk.reading_words import reading_words
from pratique.desk.resuming import asked_before
from pratique.desk.visit import Visit
from pratique.node.access.policy import shipped_policy
from pratique.node.handlers.accounts import ShowAccount
from pratique.node.handlers.break_glass import LONGEST_MINUTES, SHORTEST_REASON, ReturnRight, TakeRight
from pratique.node.handlers.passkeys import StepUpByPasskey
from pratique.node.handlers.sessions import DeclarePurpose, StepUp, WhoseSession
from pratique.node.sign_in.sessions import SessionStarted
from pratique.vocabulary.errors import PratiqueError


def show(visit: Visit, error: PratiqueError | None = None) -> Response:
    """Asks for the second factor again; for the whole sign-in where a way in is to be changed."""
    persona = visit.session is not None and visit.session.method == "persona"
    whole = bool(visit.asked("whole") or visit.given("whole"))
    password = whole and not persona and visit.ask(ShowAccount()).officer.has_password
    status = error.category.http_status if error else 200
    told = visit.retold(error) if error else None
    values = {"next": next_path(visit), "persona": persona, "whole": whole, "password": password, "error": told}
    return visit.page("confirm.html", status, then=asked_before(visit), **values)


def show_then(visit: Visit) -> Response:
    """The same with what was asked for, which is done once it is confirmed."""
    return show(visit)


def by_code(visit: Visit) -> Response:
    """With a code of the app, or a recovery code, and the password where asked; the session gets another secret."""
    password = visit.given("password") if "password" in visit.form else None
    try:
        return _on(visit, visit.execute(StepUp(_secret(visit), visit.given("code").strip(), password)))
    except PratiqueError as error:
        return show(visit, error)


def by_passkey(visit: Visit) -> Response:
    """With a passkey; the session gets another secret."""
    command = StepUpByPasskey(_secret(visit), visit.given("state"), visit.given("answer"))
    try:
        return _on(visit, visit.execute(command))
    except PratiqueError as error:
        return show(visit, error)


def _on(visit: Visit, started: SessionStarted) -> Response:
    """Back to where the officer was; where a form waits, on with it, under the secret that the session has now."""
    then = asked_before(visit)
    if then is None:
        return entered(visit, started)
    stronger = replace(visit, session=visit.ask(WhoseSession(started.secret)))
    page = stronger.page("resumed.html", then=then)
    page.set_cookie(COOKIE, started.secret, secure=True, httponly=True, samesite="lax", path="/")
    return page


def purpose(visit: Visit) -> Response:
    """The purposes that the officer's roles have, with the law each rests on."""
    own = open_to(visit.actor.roles)
    words = purpose_words(visit.gettext)
    return visit.page("purpose.html", purposes=own, words=words, chosen=visit.actor.purpose, next=next_path(visit))


def declare(visit: Visit) -> Response:
    """Says for what person data is read from now on."""
    visit.execute(DeclarePurpose(_secret(visit), visit.given("purpose")))
    return visit.go(next_path(visit))


def emergency(visit: Visit, error: PratiqueError | None = None) -> Response:
    """Which rights can be taken, and the form that takes one."""
    rights = sorted(line.request for line in shipped_policy().lines.values() if line.emergency)
    return visit.page(
        "emergency.html",
        error.category.http_status if error else 200,
        rights=rights,
        words=reading_words(visit.gettext),
        wanted=visit.given("request") or visit.asked("request"),
        reason=visit.given("reason"),
        least=SHORTEST_REASON,
        most=LONGEST_MINUTES,
        next=next_path(visit),
        error=visit.retold(error) if error else None,
    )


def take(visit: Visit) -> Response:
    """Takes the right, for the reason given."""
    minutes = visit.given("minutes")
    command = TakeRight(
        _secret(visit), visit.given("request"), visit.given("reason"), int(minutes) if minutes.isdecimal() else 0
    )
    try:
        visit.execute(command)
    except PratiqueError as error:
        if error.code == "access.step_up":
            raise
        return emergency(visit, error)
    return visit.go(next_path(visit))


def give_back(visit: Visit) -> Response:
    """Gives the right back before its time."""
    visit.execute(ReturnRight(visit.given("right")))
    return visit.go("/")


def _secret(visit: Visit) -> str:
    return visit.request.cookies.get(COOKIE, "")
