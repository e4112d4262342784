"""From what segments say to columns: exact numbers, and values put into the row they belong to."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from pratique.flow.intake.formats.cuscar.plain.forms import Positions, Told
from pratique.vocabulary.codes.currency import exponent


def owner(at: Positions, openers: Positions) -> Positions:
    """The number of the opener before each position; -1 where there is none."""
    return np.searchsorted(openers, at, side="right") - 1


def put(values: pl.Series, rows: Positions, height: int) -> pl.Series:
    """A column of ``height`` rows with each value in its row, null in the others; no row is named twice."""
    places = np.full(height, len(values), dtype=np.int64)
    places[rows] = np.arange(len(values))
    return values.extend_constant(None, 1).gather(places)


def texts(told: Told, name: str) -> pl.Series:
    """The texts of one group of the pattern; null where they are empty or the form has no such group."""
    if name not in told.said.columns:
        return pl.repeat(None, len(told.at), dtype=pl.String, eager=True)
    text = pl.col(name)
    return told.said.select(pl.when(text != "").then(text)).to_series()


def counts(told: Told, name: str) -> pl.Series:
    """Digits as integers, null where there are none."""
    return texts(told, name).cast(pl.Int64)


def thousandths(told: Told) -> pl.Series:
    """Numbers in thousandths, rounded half up: grams of kilograms, cubic decimetres of cubic metres."""
    return _scaled(told, pl.lit(1_000))


def minor_units(told: Told) -> pl.Series:
    """Amounts in minor units of their currency, rounded half up."""
    currencies: Iterable[str] = texts(told, "currency").unique().to_list()
    decimals = {currency: exponent(currency) for currency in currencies}
    units = {currency: 10 ** (2 if known is None else known) for currency, known in decimals.items()}
    return _scaled(told, pl.col("currency").replace_strict(units, return_dtype=pl.Int64))


def _scaled(told: Told, factor: pl.Expr) -> pl.Series:
    """``whole.decimals`` times ``factor``: at most 14 digits times 10,000, so that 64 bits hold twice as much."""
    if not len(told.at):
        return pl.Series(dtype=pl.Int64)
    decimals = pl.col("decimals").fill_null("")
    digits = (pl.col("whole") + decimals).cast(pl.Int64)
    scale = pl.lit(10, dtype=pl.Int64).pow(decimals.str.len_bytes()).cast(pl.Int64)
    return told.said.select((2 * digits * factor + scale) // (2 * scale)).to_series()
