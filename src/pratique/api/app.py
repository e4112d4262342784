"""The application: one router per slice over one open node."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from pratique.api.methods import Methods
from pratique.api.problems import add_problem_handlers
from pratique.api.published import TITLE, document_of
from pratique.api.routes import SLICES
from pratique.api.serving import Limits, Serving
from pratique.node import Node
from pratique.node.answers import KeptAnswers
from pratique.node.jobs import Jobs

DOCUMENT: Final = "/openapi.json"


class Api(FastAPI):
    """An application whose document is the published one."""

    def openapi(self) -> dict[str, Any]:
        """See :mod:`pratique.api.published`."""
        return document_of(self)


def build_api(node: Node, *, jobs: Jobs, limits: Limits | None = None) -> Api:
    """The API of ``node``, to be put under ``/api``.

    ``jobs`` does long work in processes of its own. Whoever builds it closes ``api.state.serving`` at the end.
    """
    api = bare_api()
    api.state.serving = Serving(node, jobs, KeptAnswers(node.folder), limits or Limits())
    return api


def bare_api() -> Api:
    """The routes without a node behind them, for whoever only wants the document."""
    api = Api(
        title=TITLE, docs_url=None, redoc_url=None, openapi_url=None, root_path_in_servers=False, redirect_slashes=False
    )
    for each in SLICES:
        api.include_router(each.router)
    api.add_api_route(DOCUMENT, lambda: JSONResponse(api.openapi()), include_in_schema=False)
    api.add_middleware(Methods, paths=[("GET", DOCUMENT), *(route for each in SLICES for route in each.paths)])
    add_problem_handlers(api)
    return api
