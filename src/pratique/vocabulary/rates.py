"""Dated exchange rates: a frame to convert amounts with, and its parser.

A rate says what ``per`` major units of a currency were worth in major units of the base currency from ``date`` on, in
integer millionths: ``JPY, 2026-01-05, 5_432_100, per 1000`` in a EUR table means 1000 yen = 5.4321 euros. It holds
until the next date of the same currency. Integers make the same amount come out on every machine.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

import polars as pl

from pratique.vocabulary.codes.currency import exponent, exponents
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.findings import Finding, findings_frame

RATE: Final = {"currency": pl.String, "date": pl.Date, "rate_micro": pl.Int64, "per": pl.Int64}
LARGEST_FILE: Final = 64 * 1024 * 1024
LARGEST_RATE: Final = Decimal(10**8)  # keeps every product inside 128 bits
_NEEDED: Final = frozenset({"currency", "date", "rate"})


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates to ``base``, one row per currency and date, sorted by both; ``findings`` says what was not taken."""

    base: str
    rows: pl.DataFrame
    findings: pl.DataFrame


def parse_rates(data: bytes, *, base: str) -> Rates:
    """Rates out of a CSV file with the columns ``currency, date, rate`` and, if the rate is for many units, ``per``.

    Comma, semicolon or tab between cells, a full stop as decimal mark, dates as 2026-01-05, UTF-8. A row that cannot be
    used is a finding with its line. Raises ``PratiqueError`` where the base has no minor unit, the heading lacks a
    column or no row could be used.
    """
    if exponent(base) is None:
        raise _unreadable(f"{base!r} is no ISO 4217 currency with a minor unit.")
    findings: list[Finding] = []
    taken: dict[tuple[str, date], tuple[int, int]] = {}
    for line, cells in _lines(data):
        rate = _rate(cells)
        if isinstance(rate, str):
            findings.append(_refused(line, rate, cells))
        elif taken.setdefault(rate[:2], rate[2:]) != rate[2:]:
            findings.append(_refused(line, "rates.rate_given_twice", cells))
    if not taken:
        raise _unreadable("No rate could be read from the file.")
    rows = pl.DataFrame([(*key, *value) for key, value in taken.items()], schema=RATE, orient="row")
    return Rates(base, rows.sort("currency", "date"), findings_frame(findings))


def convert_minor(amounts: pl.DataFrame, rates: Rates, *, max_age_days: int | None = None) -> pl.DataFrame:
    """``amounts`` in minor units of the base currency: ``converted_minor`` and the ``rate_date`` used, in their order.

    ``amounts`` has the columns ``amount_minor`` (Int64), ``currency`` and ``date``. The rate is the latest one not
    after the date; null where there is none, where it is older than ``max_age_days`` or where the result does not fit
    64 bits. An amount in the base currency stays as it is. Rounded half away from zero to one minor unit.
    """
    wanted = amounts.select("amount_minor", "currency", "date").with_row_index("row").sort("date")
    tolerance = None if max_age_days is None else f"{max_age_days}d"
    dated = rates.rows.sort("date").with_columns(rate_date="date")
    joined = wanted.join_asof(
        dated, on="date", by="currency", strategy="backward", tolerance=tolerance, check_sortedness=False
    ).sort("row")
    in_base = pl.col("currency") == rates.base
    return joined.select(
        converted_minor=pl.when(in_base).then("amount_minor").otherwise(_converted(rates.base)),
        rate_date=pl.when(in_base).then("date").otherwise("rate_date"),
    )


def _converted(base: str) -> pl.Expr:
    """amount x rate x 10^(decimals of base) / (10^6 x per x 10^(decimals of the currency)), rounded half away."""
    wide = pl.Int128
    own = pl.col("currency").replace_strict(dict(exponents()), default=None, return_dtype=pl.Int64)
    divisor = _power_of_ten(own).cast(wide) * pl.col("per").cast(wide) * pl.lit(10**6, dtype=wide)
    amount = pl.col("amount_minor").cast(wide)
    product = amount.abs() * pl.col("rate_micro").cast(wide) * pl.lit(10 ** (exponent(base) or 0), dtype=wide)
    two = pl.lit(2, dtype=wide)
    rounded = (product * two + divisor) // (divisor * two)
    return (rounded * amount.sign()).cast(pl.Int64, strict=False)


def _power_of_ten(exponent_of: pl.Expr) -> pl.Expr:
    return exponent_of.replace_strict({power: 10**power for power in range(5)}, default=None, return_dtype=pl.Int64)


def _lines(data: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Line number and cells by heading. A row longer than the heading has its rest under the empty heading."""
    if len(data) > LARGEST_FILE:
        raise _unreadable("The file is larger than 64 MiB.")
    lines = data.decode("utf-8-sig", errors="replace").splitlines() or [""]
    mark = max(",;\t", key=lines[0].count)
    heading = [cell.strip().lower() for cell in lines[0].split(mark)]
    if not set(heading) >= _NEEDED:
        raise _unreadable("The first line must name the columns currency, date and rate.")
    for number, line in enumerate(lines[1:], start=2):
        if line.strip():
            yield number, _cells(line, mark, heading)


def _cells(line: str, mark: str, heading: list[str]) -> Mapping[str, str]:
    try:
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=mark, strict=True))]
    except (csv.Error, StopIteration):
        cells = []
    return {"": mark.join(cells[len(heading) :]), **dict(zip(heading, cells, strict=False)), "line": line}


def _rate(cells: Mapping[str, str]) -> tuple[str, date, int, int] | str:
    """Currency, date, rate in millionths and units it is for; or the rule that the row breaks."""
    currency = cells.get("currency", "").upper()
    day, value, per = _date(cells.get("date", "")), _decimal(cells.get("rate", "")), _decimal(cells.get("per") or "1")
    if cells[""] or day is None or value is None or per is None or per != int(per):
        return "rates.row_broken"
    if exponent(currency) is None:
        return "rates.currency_unknown"
    millionths = value * 10**6
    if millionths != int(millionths):
        return "rates.too_many_decimals"
    return currency, day, int(millionths), int(per)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _decimal(text: str) -> Decimal | None:
    """A positive number up to 10^8 in plain digits."""
    if len(text) > 30 or not text.isascii() or not text.replace(".", "", 1).isdigit():
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if 0 < value <= LARGEST_RATE else None


def _refused(line: int, rule: str, cells: Mapping[str, str]) -> Finding:
    return Finding(rule, f"line {line}", params={"line": line, "text": cells["line"][:200]})


def _unreadable(happened: str) -> PratiqueError:
    return PratiqueError(
        "rates.unreadable",
        happened,
        kept="The rates in force stay in force.",
        todo="Give a CSV file with the columns currency, date, rate and, where a rate is for many units, per.",
    )
