"""Listings: the names and numbers that watchlists hold, one row for each listed spelling.

An entity with a primary name and three aliases has four rows that share ``entity_id``, ``identifiers`` and the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

LISTING: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = {
    "listing_id": pl.String,  # unique on the list: one listed spelling
    "entity_id": pl.String,  # who or what is listed
    "list_id": pl.String,  # ofac, un ...
    "name": pl.String,  # as the list spells it
    "name_quality": pl.String,  # one of NAME_QUALITIES
    "kind": pl.String,  # one of KINDS, or a FollowTheMoney schema name
    "countries": pl.List(pl.String),  # ISO 3166-1 alpha-2 where the list's word is known, else the word itself
    "birth_dates": pl.List(pl.String),  # YYYY, YYYY-MM or YYYY-MM-DD
    "identifiers": pl.List(pl.String),  # "scheme:value", scheme one of IDENTIFIER_SCHEMES
    "address": pl.String,
    "programme": pl.String,
    "remarks": pl.String,
    "source_grade": pl.String,  # one of SOURCE_GRADES (vocabulary.grades); null: as the list
    "information_grade": pl.String,  # one of INFORMATION_GRADES
    "report": pl.String,  # the report that the entry comes from: its number or address
}

NAME_QUALITIES: Final = ("primary", "strong", "weak", "original_script")

KINDS: Final = ("person", "organisation", "party", "vessel", "address", "document", "equipment", "other")
"""``party`` is a person or an organisation, not known which; ``other`` (an aircraft, say) is kept but not screened."""

FOLLOW_THE_MONEY_KINDS: Final[Mapping[str, str]] = {
    "Person": "person",
    "Organization": "organisation",
    "Company": "organisation",
    "PublicBody": "organisation",
    "Asset": "other",
    "LegalEntity": "party",
    "Thing": "party",
    "Vessel": "vessel",
    "Vehicle": "other",
    "Airplane": "other",
    "Address": "address",
    "Document": "document",
    "Identification": "document",
    "Passport": "document",
}

IDENTIFIER_SCHEMES: Final = (
    "imo",  # of a ship: seven digits
    "mmsi",
    "container",  # ISO 6346
    "document",  # bill of lading, invoice or other paper
    "passport",
    "national_id",
    "tax",
    "lei",
    "registration",  # company and other public registers
    "imo_company",  # of a ship's owner or manager
    "other",
)

OWN_LIST_HEADINGS: Final = (
    "id",
    "name",
    "kind",
    "aliases",
    "country",
    "birth_date",
    "identifiers",
    "programme",
    "remarks",
)
"""Headings of an administration's own list (CSV, UTF-8, comma), in any order; all must be there, cells may be empty.

Only ``id``, ``name`` and ``kind`` must be filled. ``aliases``, ``country`` (alpha-2), ``birth_date`` (YYYY[-MM[-DD]])
and ``identifiers`` (``scheme:value``) hold several values separated by ``;``. An alias that begins with ``~`` is weak.
Three more may be there: ``address``, ``grade`` (such as ``B2``, see ``vocabulary.grades``) and ``report``.
"""
