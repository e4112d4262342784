"""The kinds of routes: those that ask, and those that act. What holds for all of them is done here, once.

Every route names its scope in its own description (``openapi_extra``), and that very name is what is enforced.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.params import Query
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from pratique.api.bodies import Received, read_json
from pratique.api.caller import called_by, confirmed
from pratique.api.conditional import StillTheSame
from pratique.api.json_types import Shape
from pratique.api.once import asked_by, key_of, once
from pratique.api.problems import Refused, problem_of_fault
from pratique.api.serving import Caller, Limits, serving_of
from pratique.api.uploads import Bounds, receive
from pratique.vocabulary.errors import PratiqueError

SCHEME: Final = "token"
TAKES: Final = "x-pratique-takes"  # read, load, assess: which bound an upload has; taken out of the published document
CLIENT_GONE: Final = 499
TOLD: Final = (PratiqueError, HTTPException, RequestValidationError)

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a route asks of a request: a scope of these, the query parameters that it knows, its upload or body."""

    scopes: tuple[str, ...]
    known: Mapping[str, Shape]
    takes: str | None
    body: Shape | None


class ReadRoute(APIRoute):
    """Answers a query: who calls is known before the route sees anything."""

    def get_route_handler(self) -> Handler:
        """The route's own handler inside what holds for every query."""
        handle, terms = super().get_route_handler(), terms_of(self)

        async def answered(request: Request) -> Response:
            require_known(request, terms.known)
            request.state.caller = await run_in_threadpool(called_by, request, terms.scopes)
            try:
                return await handle(request)
            except StillTheSame as same:
                return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=same.headers)

        return guarded(answered)


class AskRoute(APIRoute):
    """Answers a query that is too long for an address: its body is read and checked, and nothing is kept of it."""

    def get_route_handler(self) -> Handler:
        """The route's own handler inside what holds for every such query."""
        handle, terms = super().get_route_handler(), terms_of(self)

        async def answered(request: Request) -> Response:
            require_known(request, terms.known)
            caller = await run_in_threadpool(called_by, request, terms.scopes)
            return await handle(await _received(request, caller, terms.body))

        return guarded(answered)


class WriteRoute(APIRoute):
    """Carries out a command: caller, key and body are accepted first, and the same request is carried out once."""

    def get_route_handler(self) -> Handler:
        """The route's own handler inside what holds for every command."""
        handle, terms = super().get_route_handler(), terms_of(self)

        async def answered(request: Request) -> Response:
            require_known(request, terms.known)
            caller = await run_in_threadpool(called_by, request, terms.scopes)
            key_of(request)
            if terms.takes is not None:
                return await _uploaded(request, caller, terms.takes, handle)
            received = await _received(request, caller, terms.body)
            body = hashlib.sha256(await received.body()).hexdigest()

            async def carried_out() -> Response:
                """A code counts once, so it is looked at where something is done, not where an answer is repeated."""
                received.state.caller = await run_in_threadpool(confirmed, request, caller)
                return await handle(received)

            return await once(asked_by(request, caller, body), caller, carried_out)

        return guarded(answered)


async def _received(request: Request, caller: Caller, shape: Shape | None) -> Received:
    limits = caller.serving.limits
    received = await read_json(request, most_bytes=limits.json_bytes, seconds=limits.json_seconds)
    if shape is not None and await received.body():
        shape.require(await received.json(), "body")
    received.state.caller = caller
    return received


async def _uploaded(request: Request, caller: Caller, takes: str, handle: Handler) -> Response:
    serving = serving_of(request)
    upload = await receive(request, place=serving.jobs.place, bounds=_bounds(serving.limits, takes))
    try:
        asked = asked_by(request, caller, upload.digest)
        request.state.caller = replace(caller, upload=upload)
        request.state.asked = asked
        return await once(asked, caller, lambda: handle(request))
    finally:
        await run_in_threadpool(upload.discard)


def guarded(handle: Handler) -> Handler:
    """The same handler, of which no fault tells anything of the inside."""

    async def answered(request: Request) -> Response:
        try:
            return await handle(request)
        except TOLD:
            raise
        except ClientDisconnect:
            return Response(status_code=CLIENT_GONE)
        except Exception as fault:
            return problem_of_fault(fault)

    return answered


def terms_of(route: APIRoute) -> Terms:
    """The terms of a route, from its own description."""
    said = route.openapi_extra or {}
    scopes = tuple(scope for each in said["security"] for scope in each[SCHEME])
    asked = [each for each in get_flat_params(route.dependant) if isinstance(each.field_info, Query)]
    known = {each.alias: Shape(each.field_info.annotation) for each in asked}
    body = route.body_field
    return Terms(scopes, known, said.get(TAKES), Shape(body.field_info.annotation) if body is not None else None)


def require_known(request: Request, known: Mapping[str, Shape]) -> None:
    """A misspelt parameter would be ignored in silence, and one given twice read by half. Raises ``Refused`` (422)."""
    names = [name for name, _ in request.query_params.multi_items()]
    if not known.keys() >= set(names) or len(set(names)) != len(names):
        told = ", ".join(sorted(known)) or "none"
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "api.unknown_parameter", known=told)
    for name, value in request.query_params.items():
        known[name].require_written(value, "query", name)


def _bounds(limits: Limits, takes: str) -> Bounds:
    most_bytes = {"read": limits.read_bytes, "load": limits.load_bytes, "assess": limits.assess_bytes}[takes]
    most_files = 1 if takes == "read" else limits.files
    fields = () if takes == "load" else ("mapping",)
    return Bounds(most_bytes, most_files, limits.upload_seconds, fields)
