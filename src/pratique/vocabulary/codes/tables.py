"""All code tables in one value, so that a check says which tables it was made with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from pratique.vocabulary.codes import commodity, country, currency, location
from pratique.vocabulary.codes.location import UnlocodeTable
from pratique.vocabulary.codes.recommendation import PACKAGES, UNITS

if TYPE_CHECKING:  # rates need the currency codes, which are in this package
    from pratique.vocabulary.rates import Rates


@dataclass(frozen=True, slots=True)
class CodeTables:
    """The codes that exist, one column per kind, with the UN/LOCODE version and the exchange rates in force.

    The shipped tables come from :func:`shipped_tables`; ``dataclasses.replace`` puts a loaded list in.
    """

    commodities: pl.Series  # HS 2022: 2, 4 and 6 digits
    countries: pl.Series
    currencies: pl.Series
    units: pl.Series
    packages: pl.Series
    locations: UnlocodeTable
    rates: Rates | None = None


@cache
def shipped_tables() -> CodeTables:
    """The tables that come with the package, the seed of large ports among them, without exchange rates."""
    return CodeTables(
        commodities=commodity.table()["code"],
        countries=country.countries()["code"],
        currencies=currency.currencies()["code"],
        units=UNITS.current(),
        packages=PACKAGES.current(),
        locations=location.seed(),
    )
