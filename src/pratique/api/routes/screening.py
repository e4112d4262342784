"""Screening on demand: names against the lists in force."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from pratique.api.frames import WORDS
from pratique.api.serving import By
from pratique.api.shown import Sha256
from pratique.api.slice import Slice
from pratique.node.handlers.screening import MOST_ALERTS, ListAsked, NamesScreened, ScreenNames
from pratique.node.hits.name_table import COLUMNS, ROW, checked_names

SLICE: Final = Slice("screening", persons=True)
MOST_NAMES: Final = 1000
LONGEST: Final = 10_000

Text = Annotated[str, Field(max_length=LONGEST)]


class NameAsked(BaseModel):
    """One name to compare; a field with several values has `;` between them."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(min_length=1, max_length=200, description="By which its hits are known.")]
    name: Text = ""
    kind: Annotated[str, Field(max_length=40, description="person, organisation, party, vessel, address, document …")]
    country: Annotated[str, Field(max_length=200, description="Two letters (ISO 3166-1).")] = ""
    birth_date: Annotated[str, Field(max_length=200, description="YYYY-MM-DD, YYYY-MM or YYYY.")] = ""
    identifiers: Annotated[str, Field(max_length=2000, description="scheme:value, such as imo:9074729.")] = ""
    address: Text = ""


class NamesAsked(BaseModel):
    """Names, the lists to compare them with, and the alert budget."""

    model_config = ConfigDict(extra="forbid")

    names: Annotated[list[NameAsked], Field(min_length=1, max_length=MOST_NAMES)]
    lists: Annotated[list[str], Field(max_length=100, description="Ids of lists; else all that are in force.")] = []
    budget: Annotated[
        int | None, Field(ge=0, le=MOST_ALERTS, description="Of 1,000 ordinary names so many may alert.")
    ] = None


class Why(BaseModel):
    """One step of the comparison, as a code with parameters."""

    code: str
    params: Annotated[dict[str, str | int], Field(json_schema_extra=WORDS)]


class NameHit(BaseModel):
    """A listed entity that answers to a name; the score in thousandths follows from the reasons."""

    id: str
    name: str | None
    kind: str | None
    list_id: str
    list_date: str | None
    list_version: Sha256
    entity_id: str
    listing_id: str
    listed_name: str
    programme: str | None
    score_permille: int
    basis: str
    reasons: list[Why]


class Screened(BaseModel):
    """The lists asked with their alert lines, and the hits in the order of the names, the best first."""

    lists: list[ListAsked]
    hits: list[NameHit]
    name_count: int
    empty_count: int


@SLICE.ask("/screening/names", summary="Screen names")
def screen_names(by: By, said: NamesAsked) -> Screened:
    """Compares up to 1,000 names with the lists in force; nothing is stored but that it was asked."""
    given: dict[str, list[Any]] = {column: [getattr(each, column) for each in said.names] for column in COLUMNS}
    rows = pl.DataFrame(given, schema=dict.fromkeys(COLUMNS, pl.String)).with_row_index(ROW, offset=1)
    found: NamesScreened = by.ask(ScreenNames(checked_names(rows, "names"), tuple(said.lists), said.budget))
    hits = [
        NameHit.model_validate({**hit, "reasons": json.loads(hit["reasons"])})
        for hit in found.hits.iter_rows(named=True)
    ]
    return Screened(lists=list(found.lists), hits=hits, name_count=found.name_count, empty_count=found.empty_count)
