"""Refusals as problems (RFC 9457): status, stable code, what happened, what was kept and what to do next."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from pratique.node.errors import told
from pratique.vocabulary.errors import Category, PratiqueError

MEDIA_TYPE: Final = "application/problem+json"
MOST_FIELDS: Final = 50
LONGEST_NAME: Final = 120
RETRY_SECONDS: Final = "5"
STEP_UP: Final = ("access.step_up", "access.strong_above_line")

log = logging.getLogger("pratique.api")


class FieldAtFault(BaseModel):
    """One part of the request that does not fit."""

    field: str = Field(description="Where it stands: `query.limit`, `path.run_id`, `body.text`.")
    expected: str = Field(description="What was expected there.")


class Problem(BaseModel):
    """Why a request was not carried out. `code` is stable; the sentences may be reworded."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:pratique:problem:runs.not_found",
                    "title": "Not Found",
                    "status": 404,
                    "detail": "There is no run 7K3MZQ2V.",
                    "code": "runs.not_found",
                    "kept": "",
                    "todo": "See the runs with GET /runs.",
                    "errors": [],
                }
            ]
        }
    )

    type: str = Field(description="`urn:pratique:problem:` and the code.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The HTTP status.", ge=400, le=599)
    detail: str = Field(description="What happened, in one sentence.")
    code: str = Field(description="The stable code, dotted: `runs.not_found`.")
    kept: str = Field(description="What was not lost; empty where nothing was at stake.")
    todo: str = Field(description="What can be done now; empty where nothing can.")
    errors: list[FieldAtFault] = Field(description="The parts of the request that do not fit, where that is the cause.")


class Refused(PratiqueError):
    """A refusal of the edge itself, with a status that no category of the node has."""

    def __init__(
        self, status: HTTPStatus, code: str, /, *, headers: Mapping[str, str] | None = None, **params: object
    ) -> None:
        super().__init__(
            code,
            told(code, params),
            category=Category.REJECTED,
            kept=told(f"{code}.kept", params),
            todo=told(f"{code}.todo", params),
        )
        self.status = status
        self.headers = dict(headers or {})
        self.params = params

    @classmethod
    def like(cls, error: PratiqueError, status: HTTPStatus) -> Refused:
        """The refusal of the node under another status, where its own would say something else at this edge."""
        refused = cls(status, error.code)
        refused.happened, refused.kept, refused.todo = error.happened, error.kept, error.todo
        return refused


def problem(
    status: int,
    error: PratiqueError,
    *,
    headers: Mapping[str, str] | None = None,
    errors: Sequence[FieldAtFault] = (),
) -> JSONResponse:
    """The answer that tells ``error``."""
    body = Problem(
        type=f"urn:pratique:problem:{error.code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=error.happened,
        code=error.code,
        kept=error.kept,
        todo=error.todo,
        errors=list(errors),
    )
    return JSONResponse(body.model_dump(), status_code=status, headers=headers, media_type=MEDIA_TYPE)


def problem_of(error: PratiqueError) -> JSONResponse:
    """A refusal by the edge or the node, with the status of its category."""
    if isinstance(error, Refused):
        return problem(error.status, error, headers=error.headers)
    if error.code in STEP_UP:
        error.todo = told("api.step_up.todo", {})  # at the desk one confirms on a page, here with the request
    headers = {"Retry-After": RETRY_SECONDS} if error.category is Category.UNAVAILABLE else None
    return problem(error.category.http_status, error, headers=headers)


def problem_of_fault(fault: Exception) -> JSONResponse:
    """A fault of the program: its kind and place go to the log, nothing of it to the caller.

    The text of a fault may hold what a message said, so it is told to nobody.
    """
    *_, last = traceback.extract_tb(fault.__traceback__)
    log.error("%s in %s, %s line %s", type(fault).__name__, last.name, Path(last.filename).name, last.lineno)
    return problem(500, Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "api.fault"))


def add_problem_handlers(app: FastAPI) -> None:
    """Every refusal and every fault of ``app`` is told in the one form."""
    app.add_exception_handler(PratiqueError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _fault)


def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PratiqueError)
    return problem_of(error)


def _fault(request: Request, error: Exception) -> JSONResponse:
    return problem_of_fault(error)


def _http(request: Request, error: Exception) -> JSONResponse:
    """What the framework itself refuses: an unknown path, a method that is not there, a body it cannot take."""
    assert isinstance(error, HTTPException)
    codes = {404: "api.no_such_path", 405: "api.no_such_method", 413: "api.too_large"}
    status = HTTPStatus(error.status_code if error.status_code in codes else 400)
    return problem(status, Refused(status, codes.get(status, "api.bad_request")), headers=error.headers)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [_fault_of(each) for each in error.errors()[:MOST_FIELDS]]
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return problem(status, Refused(status, "api.invalid", count=len(faults)), errors=faults)


def _fault_of(error: Mapping[str, Any]) -> FieldAtFault:
    """Names the place and what was expected, and never repeats what was sent."""
    name = ".".join(str(part) for part in error["loc"])
    shown = name.encode("ascii", "backslashreplace").decode("ascii")[:LONGEST_NAME]
    return FieldAtFault(field=shown, expected=str(error["msg"]).encode("utf-8", "replace").decode())
