"""Search: consignments, boxes, vessels, runs and parties by what people remember of them."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.search import LONGEST, MOST, SHORTEST, Search, SearchFound

SLICE: Final = Slice("search", persons=True)


class SearchAsked(BaseModel):
    """What is looked for; it may be the name of a person, so it never stands in an address."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[
        str,
        Field(min_length=SHORTEST, max_length=LONGEST, description="Two characters or more.", examples=["MSCU"]),
    ]
    limit: Annotated[int, Field(ge=1, le=MOST, description="How many of each kind at most.")] = 10


@SLICE.ask("/search", summary="Search")
def search(by: By, said: SearchAsked) -> SearchFound:
    """Numbers by their beginning, names by any part."""
    return by.ask(Search(said.text, said.limit))
