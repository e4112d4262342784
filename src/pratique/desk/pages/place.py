"""A place of a message: the exact bytes that a piece of evidence rests on."""

from __future__ import annotations

from starlette.responses import Response

from pratique.desk.visit import Visit
from pratique.node.handlers.places import ShowPlace


def show(visit: Visit) -> Response:
    """The bytes around the place, as text that runs nothing."""
    shown = visit.ask(ShowPlace(visit.request.path_params["sha256"], visit.asked("place")))
    return visit.page("place.html", shown=shown)
