"""One slice of the API, named as the handlers that it speaks for, with scopes of its own (``queue:read``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute

from pratique.api.caller import factor_given, purpose_given
from pratique.api.multipart import LONGEST_FIELD
from pratique.api.once import key_given
from pratique.api.problems import MEDIA_TYPE
from pratique.api.route import SCHEME, TAKES, AskRoute, ReadRoute, WriteRoute

F = TypeVar("F", bound=Callable[..., Any])

ANYWHERE: Final = (401, 403, 422, 429, 500, 503)
WRITING: Final = (400, 408, 409, 413, 415)
TOLD: Final = {
    400: "The request cannot be read, or has no idempotency key.",
    401: "No token, or one that is not valid now.",
    403: "The token lacks the scope, or the caller may not do this; a missing purpose is named.",
    404: "There is nothing of that name.",
    408: "The body came too slowly.",
    409: "It cannot be done as things stand, or a request with the same key is at work.",
    413: "More was sent than is taken.",
    415: "Another content type is expected.",
    422: "Something in the request does not fit, and is named; or the command was refused.",
    429: "Too many requests; come again later.",
    500: "A fault of the node.",
    503: "The node cannot do this at the moment; come again later.",
}
BINARY: Final = {"type": "string", "format": "binary"}


class Slice:
    """The routes of one slice. ``persons`` says that its answers or its files hold person data."""

    def __init__(self, name: str, *, persons: bool = False) -> None:
        self.name = name
        self.router = APIRouter(tags=[name])
        self.paths: list[tuple[str, str]] = []  # method and path of each route
        self._purpose = [Depends(purpose_given)] if persons else []

    def read(
        self, path: str, *, missing: bool = False, scope: str | Sequence[str] = "", **said: Any
    ) -> Callable[[F], F]:
        """A route that asks. ``missing``: what it names may not be there; of several scopes one is enough."""
        problems = (*ANYWHERE, 404) if missing else ANYWHERE
        return self._add(ReadRoute, "GET", path, scope or f"{self.name}:read", problems, said)

    def ask(self, path: str, **said: Any) -> Callable[[F], F]:
        """A route that asks with a body, because the question is too long for an address; it needs no key."""
        problems = (*ANYWHERE, *WRITING, 404)
        return self._add(AskRoute, "POST", path, f"{self.name}:read", problems, said)

    def write(
        self,
        path: str,
        *,
        method: str = "POST",
        takes: str | None = None,
        missing: bool = False,
        scope: str | Sequence[str] = "",
        **said: Any,
    ) -> Callable[[F], F]:
        """A route that acts; ``takes`` names the bound of the files it takes in (read, load, assess)."""
        problems = (*ANYWHERE, *WRITING, *((404,) if missing else ()))
        extra = {} if takes is None else {TAKES: takes, "requestBody": upload_body(takes)}
        said["dependencies"] = [Depends(key_given), Depends(factor_given)]
        return self._add(
            WriteRoute, method, path, scope or f"{self.name}:write", problems, said | {"openapi_extra": extra}
        )

    def _add(
        self,
        kind: type[APIRoute],
        method: str,
        path: str,
        scope: str | Sequence[str],
        problems: tuple[int, ...],
        said: dict[str, Any],
    ) -> Callable[[F], F]:
        enough = (scope,) if isinstance(scope, str) else scope
        extra = {"security": [{SCHEME: [each]} for each in enough], **said.pop("openapi_extra", {})}
        dependencies = [*self._purpose, *said.pop("dependencies", [])]
        declared = said.pop("responses", {}) | {status: declared_problem(status) for status in sorted(problems)}

        self.paths.append((method, path))

        def add(function: F) -> F:
            self.router.add_api_route(
                path,
                function,
                methods=[method],
                operation_id=function.__name__,
                openapi_extra=extra,
                dependencies=dependencies,
                responses=declared,
                route_class_override=kind,
                **said,
            )
            return function

        return add


def upload_body(takes: str) -> dict[str, Any]:
    """The declaration of a body that is one file, or a form with files and, where a message is read, its mapping."""
    files = {"type": "array", "items": BINARY, "minItems": 1, "maxItems": 1 if takes == "read" else 64}
    properties: dict[str, Any] = {"file": {**files, "description": "The files, one part for each, with their names."}}
    if takes != "load":
        told = "The mapping profile of a table, as YAML; without it a shipped one is chosen by the headings."
        properties["mapping"] = {"type": "string", "maxLength": LONGEST_FIELD, "description": told}
    form = {"type": "object", "properties": properties, "required": ["file"], "additionalProperties": False}
    kinds = {"application/octet-stream": BINARY, "multipart/form-data": form}
    told = "One file as it is (its name in the header `File-Name`, percent-encoded), or a form with files."
    content = {kind: {"schema": schema} for kind, schema in kinds.items()}
    return {"required": True, "description": told, "content": content}


def declared_problem(status: int) -> dict[str, Any]:
    """The declaration of a refusal with that status."""
    schema = {"$ref": "#/components/schemas/Problem"}
    declared: dict[str, Any] = {"description": TOLD[status], "content": {MEDIA_TYPE: {"schema": schema}}}
    if status == 401:
        declared["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "RFC 6750."}}
    if status in (429, 503):
        declared["headers"] = {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds to wait."}}
    return declared
