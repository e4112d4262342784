"""Ratios and money, in integers: by package, by kilogram, in US cents."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from pratique.vocabulary.rates import Rates, convert_minor

USD: Final = "USD"
_GREAT: Final = 10**9  # US cents; large enough that the rate keeps its digits


def by(numerator: pl.Expr, denominator: pl.Expr, *, times: int = 1) -> pl.Expr:
    """``numerator × times / denominator`` rounded down, in 128 bits between; unknown where it cannot be formed."""
    divisor = pl.when(denominator > 0).then(denominator).cast(pl.Int128)
    return (numerator.cast(pl.Int128) * times // divisor).cast(pl.Int64, strict=False)


def in_us_cents(amounts: pl.Series, currencies: pl.Series, *, rates: Rates | None, on: date) -> pl.Series:
    """The amounts (minor units) in US cents at the rates of ``on``; without rates only dollars are known."""
    asked = pl.DataFrame({"amount_minor": amounts, "currency": currencies}).with_columns(date=pl.lit(on))
    if rates is None:
        return asked.select(pl.when(pl.col("currency") == USD).then("amount_minor"))["amount_minor"]
    pound = pl.DataFrame({"amount_minor": [_GREAT], "currency": [USD], "date": [on]})
    dollars = convert_minor(pound, rates)["converted_minor"].item()
    if dollars is None:
        return in_us_cents(amounts, currencies, rates=None, on=on)
    converted = pl.DataFrame({"base": convert_minor(asked, rates)["converted_minor"]}).select(
        by(pl.col("base"), pl.lit(dollars, dtype=pl.Int64), times=_GREAT)
    )["base"]
    return asked.select(pl.when(pl.col("currency") == USD).then("amount_minor").otherwise(converted))["amount_minor"]
