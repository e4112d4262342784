"""The shipped code tables: whole, in the shape promised, and quick to ask."""

import polars as pl
import pytest

from pratique.vocabulary import units
from pratique.vocabulary.codes import (
    commodity,
    container_size,
    country,
    currency,
    shipped_tables,
)
from pratique.vocabulary.codes.recommendation import PACKAGES, TRANSPORT_MEANS, UNITS


def test_hs_2022_is_whole():
    widths = commodity.table()["code"].str.len_bytes().value_counts().sort("code")
    assert widths.rows() == [(2, 97), (4, 1229), (6, 5613)]
    assert set(commodity.table()["section"].drop_nulls()) == set(commodity.sections()["section"])
    assert commodity.sections().height == 21


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("01", True),
        ("0101", True),
        ("010121", True),
        ("0101210000", True),
        ("77", False),
        ("010199", False),
        ("01012", False),
        ("1", False),
        ("010121000000", False),
        ("", False),
    ],
)
def test_a_commodity_code_is_known_by_its_first_six_digits(code, answer):
    assert commodity.is_known(code) is answer


def test_a_column_of_commodity_codes_is_known_or_not():
    column = pl.Series(["01", "0101210000", "01012", "990000", None])
    assert commodity.known(column).to_list() == [True, True, False, False, None]


def test_a_commodity_code_tells_its_description():
    assert "Horses" in (commodity.description("01012100") or "")
    assert commodity.description("7799") is None
    assert commodity.normalise("0101.21-00 10") == "0101210010"


def test_every_country_of_iso_3166_is_there_and_namibia_is_not_taken_for_nothing():
    current = country.countries().filter(pl.col("status") == "current")
    assert current.height == 249
    assert country.name("NA") == "Namibia"
    assert [country.is_known(code) for code in ("XI", "XK", "EU", "ZZ", "QU", "AA", "nl")] == [True] * 5 + [False] * 2


@pytest.mark.parametrize(
    ("code", "decimals"), [("EUR", 2), ("JPY", 0), ("BHD", 3), ("CLF", 4), ("XAU", None), ("ZZZ", None)]
)
def test_a_currency_tells_its_decimals(code, decimals):
    assert currency.exponent(code) == decimals


def test_a_currency_without_minor_unit_is_still_a_currency():
    assert currency.is_known("XAU")
    assert not currency.is_known("ZZZ")


def test_amounts_are_shown_with_the_decimals_they_were_read_with():
    for code, decimals in currency.exponents().items():
        assert units.minor_units("1", code) == 10**decimals, code


def test_units_packages_and_means_of_transport_are_known_by_their_codes():
    assert UNITS.name("KGM") == "kilogram"
    assert UNITS.is_known("H87")
    assert not UNITS.is_known("KG")
    assert PACKAGES.name("CT") == "Carton"
    assert not PACKAGES.is_known("CTN")
    assert TRANSPORT_MEANS.name("1512") == "RoRo vessel"
    assert not TRANSPORT_MEANS.is_known("9999")


@pytest.mark.parametrize(
    "table",
    [
        commodity.table,
        country.countries,
        currency.currencies,
        UNITS.table,
        PACKAGES.table,
        TRANSPORT_MEANS.table,
    ],
)
def test_no_code_stands_twice_in_its_table(table):
    assert table()["code"].is_unique().all()
    assert table()["code"].null_count() == 0


def test_size_and_type_codes_are_known_by_length_height_and_type():
    column = pl.Series(["42G1", "22GP", "L5R1", "22K7", "22T6", "4???", "45G?", "40", "42X1", "92G1", "42G", None])
    assert container_size.known(column).to_list() == [True] * 7 + [False] * 4 + [None]
    assert container_size.is_known("42G1")


def test_limits_bound_mass_and_volume_of_a_box():
    limits = {row["size"]: row for row in container_size.limits().iter_rows(named=True)}
    assert limits["22"]["max_gross_g"] == 36_000_000
    assert limits["10"]["max_gross_g"] == 10_160_000
    assert limits["P5"]["max_gross_g"] is None
    assert limits["22"]["outer_volume_dm3"] == 6058 * 2591 * 2438 // 1_000_000
    assert limits["46"]["outer_volume_dm3"] is None
    assert container_size.lengths().filter(code="4")["max_gross_g_until_2016"].item() == 30_480_000


def test_the_shipped_tables_are_one_value_loaded_once():
    assert shipped_tables() is shipped_tables()
    assert shipped_tables().rates is None
    assert shipped_tables().locations.complete_countries == frozenset()
