"""Check digits over whole columns: texts of one width become a matrix of character values, a sum becomes a verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Numbers = npt.NDArray[np.int64]
Verdicts = npt.NDArray[np.bool_]

ASCII_ZERO: Final = ord("0")


def verdicts(column: pl.Series, *, shape: str, judge: Callable[[Numbers], Verdicts]) -> pl.Series:
    """Booleans beside ``column``: false where ``shape`` does not fit, else what ``judge`` says; null for null.

    ``shape`` is a regular expression from ``^`` to ``$`` that only fits ASCII texts of one width; ``judge`` gets the
    byte of every character, one row per text that fits.
    """
    shaped = column.str.contains(shape)
    fits = shaped.fill_null(value=False)
    if not fits.any():
        return shaped
    rows = np.flatnonzero(fits.to_numpy())
    right = rows[judge(characters(column.filter(fits)))]
    answer = np.zeros(len(column), dtype=np.bool_)
    answer[right] = True
    return pl.select(pl.when(shaped.is_not_null()).then(pl.Series(answer))).to_series().alias(column.name)


def characters(column: pl.Series) -> Numbers:
    """The bytes of ASCII texts that all have the same width, as one row each."""
    text: str = column.str.join("").item()
    return np.frombuffer(text.encode("ascii"), dtype=np.uint8).reshape(len(column), -1).astype(np.int64)


def digits(bytes_of_digits: Numbers) -> Numbers:
    """The values of ASCII digits."""
    return bytes_of_digits - ASCII_ZERO


def weighted_sum(values: Numbers, weights: Sequence[int]) -> Numbers:
    """The sum of each row's values times ``weights``."""
    total: Numbers = values @ np.asarray(weights, dtype=np.int64)
    return total
