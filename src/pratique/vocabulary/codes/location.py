"""UN/LOCODE: codes for ports and other places (``NLRTM`` Rotterdam), with a shipped seed of large ports.

The seed holds some hundred large ports and can only confirm, never deny: a code that it lacks may well exist. Once the
official list is loaded (:mod:`.location_list`) a code can be called unknown, but only in a country that the loaded
parts hold completely. Source: UNECE Recommendation 16 and the UN/LOCODE Manual.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import polars as pl

from pratique.vocabulary.codes.country import countries
from pratique.vocabulary.codes.shipped import read_table
from pratique.vocabulary.findings import findings_frame

SHAPE: Final = r"^[A-Z]{2}[A-Z0-9]{3}$"  # 2 to 9 by the manual, yet the list itself holds a code with a 0

LOCATION: Final = {
    "code": pl.String,
    "name": pl.String,
    "country": pl.String,
    "subdivision": pl.String,
    "function": pl.String,  # eight places: 1 port, 2 rail, 3 road, 4 airport, 5 post, 6 inland, 7 fixed, B border
    "status": pl.String,
    "latitude_minutes": pl.Int64,  # minutes of arc, north positive
    "longitude_minutes": pl.Int64,  # minutes of arc, east positive
}


@dataclass(frozen=True, slots=True)
class UnlocodeTable:
    """Places by code. ``complete_countries`` are those of which every place is there; ``findings`` are broken rows."""

    places: pl.DataFrame
    complete_countries: frozenset[str]
    findings: pl.DataFrame

    def missing(self, column: pl.Series) -> pl.Series:
        """True where a code has the shape and certainly does not exist; null for null."""
        denied = column.str.slice(0, 2).is_in(pl.Series(sorted(self.complete_countries), dtype=pl.String).implode())
        return shaped(column) & denied & ~column.is_in(self.places["code"].implode())


@cache
def seed() -> UnlocodeTable:
    """The shipped ports: complete for no country."""
    rows = read_table("unlocode_seed.csv").select(
        "code",
        "name",
        country=pl.col("code").str.slice(0, 2),
        subdivision=pl.lit(None, dtype=pl.String),
        function="function",
        status=pl.lit(None, dtype=pl.String),
        latitude_minutes=pl.col("latitude_minutes").cast(pl.Int64),
        longitude_minutes=pl.col("longitude_minutes").cast(pl.Int64),
    )
    return UnlocodeTable(rows, frozenset(), findings_frame([]))


def normalised(column: pl.Expr) -> pl.Expr:
    """Trimmed; where the text is a code but for case and a gap (``nl rtm``, ``NL-RTM``) the code, else as it stands."""
    trimmed = column.str.strip_chars()
    tight = trimmed.str.to_uppercase().str.replace(r"^([A-Z]{2})[ \-]([A-Z0-9]{3})$", "$1$2")
    return pl.when(tight.str.contains(SHAPE)).then(tight).otherwise(trimmed)


def shaped(column: pl.Series) -> pl.Series:
    """Two letters of a country that exists, three letters or digits; null for null."""
    return column.str.contains(SHAPE) & column.str.slice(0, 2).is_in(countries()["code"].implode())
