"""Search: consignments, boxes, vessels, runs and parties by what people remember of them."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.search import LONGEST, MOST, SHORTEST, Search, SearchFound

SLICE: Final = Slice("search", persons=True)

Text = Annotated[
    str, Query(min_length=SHORTEST, max_length=LONGEST, description="Two characters or more.", examples=["MSCU"])
]
Most = Annotated[int, Query(ge=1, le=MOST, description="How many of each kind at most.")]


@SLICE.read("/search", summary="Search")
def search(by: By, text: Text, limit: Most = 10) -> SearchFound:
    """Numbers by their beginning, names by any part."""
    return by.ask(Search(text, limit))
