"""A write is done once: the key its caller chose, and what becomes of a request that comes again.

Follows draft-ietf-httpapi-idempotency-key-header: 400 without a key, 409 while the first request is at work, 422 where
the key belongs to another request, and the first answer again where it was given. A refusal changed nothing, so it
leaves the key free; an answer is kept for a day.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Header, Request, Response
from fastapi.concurrency import run_in_threadpool

from pratique.api.problems import Refused, log, problem_of
from pratique.api.serving import EDGE, Caller
from pratique.node.answers import Answer, Asked, Claim, Standing
from pratique.node.handlers.journal import ReadJournal
from pratique.vocabulary.errors import Category, PratiqueError

NAME: Final = "Idempotency-Key"
KEY: Final = r'^"?[A-Za-z0-9._:~+/=-]{8,128}"?$'
REPLAYED: Final = "Idempotent-Replayed"
KEPT_HEADERS: Final = ("content-type", "location", "retry-after")
LOOKED_BACK: Final = 10_000  # journal entries behind a claim that was broken off

KeyHeader = Annotated[
    str,
    Header(
        alias=NAME,
        description=(
            "Chosen by the caller, new for every write (a UUID does well), with or without quotation marks. The same "
            "key with the same request gives the same answer again for 24 hours and does nothing; with another request "
            "it is refused (422). Keys belong to the token."
        ),
        pattern=KEY,
        examples=["8e03978e-40d5-43e8-bc93-6894a57f9324"],
    ),
]

MINE: Final = (Standing.NEW, Standing.BROKEN_OFF)  # the standings that give this request the key

Handle = Callable[[], Awaitable[Response]]


def key_given(key: KeyHeader) -> None:
    """Declares the header on every write; :func:`key_of` has checked it before."""


def key_of(request: Request) -> str:
    """The key of the request. Raises ``Refused`` (400) where there is none or it is no key."""
    given = request.headers.getlist(NAME)
    if len(given) != 1 or not re.fullmatch(KEY, given[0]):
        raise Refused(HTTPStatus.BAD_REQUEST, "api.key_missing" if not given else "api.key_unfit")
    return given[0].strip('"')


def asked_by(request: Request, caller: Caller, body_sha256: str) -> Asked:
    """What is asked for: two requests that differ in anything that matters have different fingerprints."""
    said = (request.method, request.scope["path"], request.url.query, body_sha256)
    return Asked(caller.token_sha256, key_of(request), hashlib.sha256("\x1f".join(said).encode()).hexdigest())


async def once(asked: Asked, caller: Caller, handle: Handle) -> Response:
    """The answer of ``handle``, which is called at most once for each key."""
    claim = await run_in_threadpool(_claim, asked, caller)
    if claim.standing is Standing.DONE and claim.answer is not None:
        return _again(claim.answer)
    try:
        if claim.standing is not Standing.NEW:
            await run_in_threadpool(_require_free, claim, asked, caller)
        return await _carried_out(asked, caller, handle)
    finally:
        if claim.standing in MINE:
            caller.serving.answers.leave(asked)


async def _carried_out(asked: Asked, caller: Caller, handle: Handle) -> Response:
    answers = caller.serving.answers
    try:
        response = await handle()
    except PratiqueError as refusal:
        await run_in_threadpool(answers.release, asked)
        return problem_of(refusal)
    except Exception:
        await run_in_threadpool(answers.release, asked)
        raise
    try:
        await run_in_threadpool(answers.keep, asked, _kept(response))
    except (PratiqueError, OSError) as fault:  # it is done, and whoever asked is told so; a repeat is looked up
        log.error("an answer could not be kept: %s", type(fault).__name__)
    return response


def _claim(asked: Asked, caller: Caller) -> Claim:
    serving = caller.serving
    return serving.answers.claim(asked, journal_seq=serving.node.changes, at=datetime.now(UTC))


def _require_free(claim: Claim, asked: Asked, caller: Caller) -> None:
    """Returns where the act may begin. Raises ``Refused`` (409, 422) where it was, is or may have been done."""
    if claim.standing is Standing.OTHER:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "api.key_of_another_request")
    if claim.standing is Standing.AT_WORK:
        raise Refused(HTTPStatus.CONFLICT, "api.key_at_work", headers={"Retry-After": "2"})
    if claim.standing is Standing.NOT_KEPT:
        raise Refused(HTTPStatus.CONFLICT, "api.answer_not_kept")
    if claim.handle is not None and _is_there(claim.handle, caller):
        raise Refused(HTTPStatus.CONFLICT, "api.job_was_started", job=claim.handle)
    done = caller.serving.node.ask(ReadJournal(limit=LOOKED_BACK, after=claim.journal_seq), actor=EDGE)
    own = [str(entry.seq) for entry in done if entry.actor == caller.actor.name]
    if own or len(done) == LOOKED_BACK:
        refusal = Refused(HTTPStatus.CONFLICT, "api.outcome_unknown", entries=", ".join(own[:20]))
        caller.serving.answers.keep(asked, _kept(problem_of(refusal)))
        raise refusal


def _is_there(job_id: str, caller: Caller) -> bool:
    try:
        caller.serving.jobs.show(job_id)
    except PratiqueError as error:
        if error.category is Category.NOT_FOUND:
            return False
        raise
    return True


def _kept(response: Response) -> Answer:
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return Answer(response.status_code, headers, bytes(response.body))


def _again(answer: Answer) -> Response:
    return Response(answer.body, status_code=answer.status, headers={**answer.headers, REPLAYED: "true"})


def about_to_start(request: Request, caller: Caller) -> None:
    """Notes which job is about to start, so that a repeat finds it even where this process dies before it answers."""
    caller.serving.answers.note(request.state.asked, caller.files.files[0].parent.name)
