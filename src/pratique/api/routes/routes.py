"""Routes: where a consignment was, and where it goes."""

from __future__ import annotations

from typing import Final

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.texts import Ref
from pratique.node.handlers.routes import RouteShown, ShowRoute

SLICE: Final = Slice("routes")


@SLICE.read("/consignments/{ref}/route", missing=True, summary="Show the route of a consignment")
def show_route(by: By, ref: Ref) -> RouteShown:
    """The places in order of travel, with coordinates where they are known."""
    return by.ask(ShowRoute(ref))
