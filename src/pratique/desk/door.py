"""The door of the desk: who comes in, whether the request is theirs, and what they are told when something is refused.

Every page is a plain function from a :class:`Visit` to a response; :func:`page` puts the door before it. A change is
accepted only from our own pages: by the token of the session, and by where the browser says it comes from.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pratique.desk.resuming import asked_now
from pratique.desk.visit import Desk, Visit
from pratique.desk.ways_on import CONFIRMED
from pratique.node.access import VISITOR
from pratique.node.errors import refuse
from pratique.node.handlers.sessions import SessionShown, WhoseSession
from pratique.vocabulary.errors import Category, PratiqueError

COOKIE: Final = "__Host-pratique"
CSRF_FIELD: Final = "csrf"
CSRF_HEADER: Final = "x-csrf"
BY_ITSELF: Final = "x-by-itself"  # a page that is open asks for a change; nobody did anything
SAFE: Final = ("GET", "HEAD")
NOT_OURS: Final = "desk.not_our_page"
MOST_FIELDS: Final = 400
MOST_FILES: Final = 40
LARGEST_FIELD: Final = 256 * 1024  # bytes of one field that is no file

Page = Callable[[Visit], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def page(act: Page, *, visitors: bool = False) -> Endpoint:
    """The endpoint of a page: for officers who have signed in, unless ``visitors`` may see it too."""

    async def endpoint(request: Request) -> Response:
        form = FormData()
        # a body is read once it is known who sends it
        if request.method not in SAFE and (visitors or await _signed_in(request)):
            form = await request.form(max_fields=MOST_FIELDS, max_files=MOST_FILES, max_part_size=LARGEST_FIELD)
        try:
            return await run_in_threadpool(_served, act, request, form, visitors)
        finally:
            await form.close()

    return endpoint


async def _signed_in(request: Request) -> bool:
    return await run_in_threadpool(_session, _desk(request), request) is not None


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _served(act: Page, request: Request, form: FormData, visitors: bool) -> Response:
    desk = _desk(request)
    visit = Visit(desk, request, _session(desk, request), datetime.now(UTC), form)
    if visit.session is None and not visitors:
        return _to_sign_in(visit)
    try:
        _require_own_page(visit)
        response = act(visit)
    except PratiqueError as error:
        if error.code == NOT_OURS:
            _note_bypass(visit)
        response = refused(visit, error)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _session(desk: Desk, request: Request) -> SessionShown | None:
    secret = request.cookies.get(COOKIE)
    if not secret:
        return None
    try:
        return desk.node.ask(WhoseSession(secret, by_itself=BY_ITSELF in request.headers), actor=VISITOR)
    except PratiqueError:
        return None


def _to_sign_in(visit: Visit) -> Response:
    """Back here after signing in, where the page is one that can be asked for again."""
    if visit.partial:
        return Response(status_code=204, headers={"HX-Redirect": "/sign-in"})
    if visit.request.method not in SAFE or visit.request.url.path == "/":
        return RedirectResponse("/sign-in", 303)
    return visit.go("/sign-in", next=visit.request.url.path)


def _require_own_page(visit: Visit) -> None:
    request = visit.request
    if request.method in SAFE:
        return
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    own = f"{request.url.scheme}://{request.url.netloc}"
    given = request.headers.get(CSRF_HEADER) or visit.given(CSRF_FIELD)
    wanted = visit.session.csrf if visit.session else request.cookies.get("__Host-visitor", "")
    if site not in ("same-origin", "none") or origin not in (None, own) or not _same(given, wanted):
        raise refuse(NOT_OURS, Category.DENIED)


def _note_bypass(visit: Visit) -> None:
    """A form that no page of this session holds: who sent it, and to which page, without what was in its address."""
    page = getattr(visit.request.scope.get("route"), "path", "")
    request = f"{visit.request.method} {page}"
    visit.desk.node.note_bypass(NOT_OURS, actor=visit.actor, request=request, address=visit.caller.address)


def _same(given: str, wanted: str) -> bool:
    return bool(wanted) and hmac.compare_digest(given.encode(), wanted.encode())


def refused(visit: Visit, error: PratiqueError) -> HTMLResponse:
    """What happened, what was kept, what to do next; beside the page that was open where only a part was asked for."""
    status = error.category.http_status
    error = visit.retold(error)
    if visit.partial:
        response = visit.part("state.html", "note", error=error)
        response.status_code = status
        response.headers.update({"HX-Retarget": "#told", "HX-Reswap": "innerHTML"})
        return response
    then = asked_now(visit) if error.code in CONFIRMED else None
    return visit.page("state.html", status, error=error, kind=error.category.name.lower(), then=then)


async def not_found(request: Request, error: Exception) -> Response:
    """A page that is not there, in the same form as every other refusal."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = {404: "desk.no_page", 405: "desk.no_act", 413: "desk.too_large", 400: "desk.unreadable"}
    category = {404: Category.NOT_FOUND, 405: Category.CONFLICT}.get(status, Category.REJECTED)
    told = refuse(code.get(status, "desk.fault"), category if status < 500 else Category.BROKEN)
    response = await run_in_threadpool(_bare, request, told)
    response.status_code = status
    return response


def _bare(request: Request, error: PratiqueError) -> HTMLResponse:
    desk: Desk = request.app.state.desk
    return refused(Visit(desk, request, _session(desk, request), datetime.now(UTC)), error)
