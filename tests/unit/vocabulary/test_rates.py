"""Exchange rates: parsing a file, and converting exactly."""

from datetime import date

import polars as pl
import pytest

from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.rates import LARGEST_FILE, RATE, convert_minor, parse_rates

FILE = b"""currency,date,rate,per
USD,2026-01-01,0.9,
USD,2026-02-01,0.8,1
JPY,2026-01-01,5.4321,1000
BHD,2026-01-01,2.5,
"""
RATES = parse_rates(FILE, base="EUR")


def converted(amount: int | None, currency: str, day: date, **limits: int) -> tuple[int | None, date | None]:
    rows = pl.DataFrame(
        {"amount_minor": [amount], "currency": [currency], "date": [day]}, schema_overrides={"amount_minor": pl.Int64}
    )
    return convert_minor(rows, RATES, **limits).row(0)


def test_a_file_reads_to_integer_millionths_sorted_by_currency_and_date():
    assert RATES.rows.schema == pl.Schema(RATE)
    assert RATES.rows.rows() == [
        ("BHD", date(2026, 1, 1), 2_500_000, 1),
        ("JPY", date(2026, 1, 1), 5_432_100, 1000),
        ("USD", date(2026, 1, 1), 900_000, 1),
        ("USD", date(2026, 2, 1), 800_000, 1),
    ]
    assert RATES.findings.is_empty()


@pytest.mark.parametrize(
    ("amount", "currency", "day", "expected"),
    [
        (100, "USD", date(2026, 1, 1), 90),
        (100, "USD", date(2026, 1, 31), 90),
        (100, "USD", date(2026, 3, 1), 80),
        (100_000, "JPY", date(2026, 1, 5), 54321),
        (1_000, "BHD", date(2026, 1, 5), 250),
        (-105, "USD", date(2026, 1, 5), -95),
        (105, "USD", date(2026, 1, 5), 95),
        (0, "USD", date(2026, 1, 5), 0),
    ],
)
def test_an_amount_is_converted_by_the_rate_in_force_and_rounded_half_away_from_zero(amount, currency, day, expected):
    assert converted(amount, currency, day)[0] == expected


def test_no_rate_no_amount_and_a_result_beyond_64_bits_give_nothing():
    assert converted(100, "USD", date(2025, 12, 31)) == (None, None)
    assert converted(100, "ZZZ", date(2026, 1, 5)) == (None, None)
    assert converted(None, "USD", date(2026, 1, 5))[0] is None
    high = parse_rates(b"currency,date,rate\nUSD,2026-01-01,100000000\n", base="CLF")
    rows = pl.DataFrame({"amount_minor": [2**63 - 1], "currency": ["USD"], "date": [date(2026, 1, 5)]})
    assert convert_minor(rows, high)["converted_minor"].to_list() == [None]


def test_an_amount_in_the_base_currency_stays_as_it_is():
    assert converted(123, "EUR", date(2020, 1, 1)) == (123, date(2020, 1, 1))


def test_a_rate_that_is_too_old_is_not_used():
    assert converted(100, "JPY", date(2026, 3, 1), max_age_days=30) == (None, None)
    assert converted(100, "JPY", date(2026, 1, 31), max_age_days=30)[1] == date(2026, 1, 1)


def test_rows_come_back_in_the_order_given():
    days = [date(2026, 3, 1), date(2026, 1, 1), date(2026, 2, 1)]
    rows = pl.DataFrame({"amount_minor": [100, 200, 300], "currency": ["USD"] * 3, "date": days})
    assert convert_minor(rows, RATES)["converted_minor"].to_list() == [80, 180, 240]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("USD,05.01.2026,0.9,", "rates.row_broken"),
        ("USD,2026-13-01,0.9,", "rates.row_broken"),
        ('USD,2026-01-05,"0,9",', "rates.row_broken"),
        ("USD,2026-01-05,-0.9,", "rates.row_broken"),
        ("USD,2026-01-05,1e5,", "rates.row_broken"),
        ("USD,2026-01-05,0,", "rates.row_broken"),
        ("USD,2026-01-05,0.9,1.5", "rates.row_broken"),
        ("USD,2026-01-05,0.9,1,surplus", "rates.row_broken"),
        ("USD,2026-01-05", "rates.row_broken"),
        ('"USD,2026-01-05,0.9,', "rates.row_broken"),
        ("=1+1,2026-01-05,0.9,", "rates.currency_unknown"),
        ("XAU,2026-01-05,0.9,", "rates.currency_unknown"),
        ("USD,2026-01-05,0.0000001,", "rates.too_many_decimals"),
        ("BHD,2026-01-01,2.6,", "rates.rate_given_twice"),
    ],
)
def test_a_row_that_cannot_be_used_is_a_finding_with_its_line_and_the_rest_goes_on(line, rule):
    rates = parse_rates(FILE + line.encode() + b"\nCHF,2026-01-01,1.05,\n", base="EUR")
    assert rates.findings.select("rule", "place").rows() == [(rule, "line 6")]
    assert rates.rows.filter(pl.col("currency") != "CHF").equals(RATES.rows)
    assert "CHF" in rates.rows["currency"]


def test_the_same_rate_twice_is_no_contradiction():
    assert parse_rates(FILE + b"BHD,2026-01-01,2.500,1\n", base="EUR").findings.is_empty()


def test_semicolons_tabs_and_a_byte_order_mark_are_read():
    for mark in (b";", b"\t"):
        assert parse_rates(b"\xef\xbb\xbf" + FILE.replace(b",", mark), base="EUR").rows.equals(RATES.rows)


@pytest.mark.parametrize(
    "data", [b"", b"\x00\xff", b"a,b,c\n1,2,3\n", b"currency,date,rate\n", b"currency,date,rate\nx,y,z\n"]
)
def test_a_file_without_a_rate_is_refused_and_the_old_rates_stay(data):
    with pytest.raises(PratiqueError) as refused:
        parse_rates(data, base="EUR")
    assert refused.value.code == "rates.unreadable"
    assert "stay in force" in refused.value.kept


def test_a_base_without_minor_unit_and_a_file_beyond_the_limit_are_refused():
    with pytest.raises(PratiqueError, match="XAU"):
        parse_rates(FILE, base="XAU")
    with pytest.raises(PratiqueError, match="64 MiB"):
        parse_rates(bytes(LARGEST_FILE + 1), base="EUR")
