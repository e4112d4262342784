"""Arrivals: ships, their boxes, how ready each list is, and what waits."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.arrivals import HOURS, Arrivals, ListArrivals

SLICE: Final = Slice("arrivals")

Hours = Annotated[int, Query(ge=0, le=8760, description="How far ahead to look, in hours; 0 for all arrivals.")]


@SLICE.read("/arrivals", summary="List arrivals")
def list_arrivals(by: By, hours: Hours = HOURS) -> Arrivals:
    """Ships that arrive soon (or did lately), soonest first, each with what is ready and what waits for a person."""
    return by.ask(ListArrivals(hours or None))
