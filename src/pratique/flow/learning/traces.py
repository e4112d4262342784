"""Traces of wrongdoing, each as far as a row shows it, 0 to 1: what known ways (``typologies.py``) are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Known = Mapping[str, Column]

OLD: Final = ("hs2", "origin", "broker", "carrier")
"""Keys of which the oldest tells how long ago the table began."""


def shift(known: Known, habit: str, sign: int, keys: Iterable[str]) -> Floats:
    """How far the row lies above (1) or below (-1) what one of its keys usually has, in doublings."""
    return most(between(sign * of(known, f"{key}.{habit}_shift"), 0.4, 1.2) for key in keys)


def first_claim(known: Known) -> Floats:
    """How new a claim of a preference is to this trade, or to the importer unless the trade has long had it."""
    by_importer = between(bits(known, "importer_preference.fit"), 0.5, 4)
    surprise = bits(known, "importer_exporter_preference.fit")
    long_had = between(of(known, "importer_exporter_preference.rows"), 1, 6) * between(-surprise, -1, -0.3)
    return np.maximum(between(surprise, 0.5, 3), by_importer * (1 - 0.7 * long_had))


def pays_less(known: Known, keys: Iterable[str]) -> Floats:
    """How much less duty the row pays than one of its keys usually does."""
    return most(between(-of(known, f"{key}.duty_shift"), 0.02, 0.08) for key in keys)


def dutiable(known: Known) -> Floats:
    """1 where duty is due on the row, else 0.3: who saves nothing has little reason to declare too little."""
    due = 1 - of(known, "said.relieved")
    if "said.duty_rate_ppm" in known:
        rate = known["said.duty_rate_ppm"]
        due = due * (np.isnan(rate) | (rate > 0))
    return 0.3 + 0.7 * due


def relief_pays(known: Known) -> Floats:
    """How far goods of the same heading or words pay more than this row: without duty nobody gains by a preference."""
    return most(between(of(known, name), 0, 20) for name in ("heading_duty.above", "text_duty.above"))


def small(known: Known, keys: Iterable[str], low: float, high: float) -> Floats:
    """How far the lot lies below what one of its keys usually has, in doublings of the value."""
    return most(between(-of(known, f"{key}.lot_shift"), low, high) for key in keys)


def young(known: Known, key: str) -> Floats:
    """The key was first seen less than a year ago, and long after the table began: at first everybody is new in it."""
    if f"{key}.age" not in known:
        return np.zeros(_height(known))
    age = known[f"{key}.age"].astype(np.float64)
    before = most(of(known, f"{each}.age") for each in OLD) - np.nan_to_num(age)
    return between(-np.nan_to_num(age), -420, -260) * between(before, 60, 180) * ~np.isnan(age)


def most(each: Iterable[Floats]) -> Floats:
    """The strongest of several."""
    told: Floats = np.maximum.reduce(list(each))
    return told


def vague(known: Known) -> Floats:
    """The same words stand for goods of many headings."""
    return between(np.log2(1 + np.maximum(of(known, "text.met"), 0)), 2, 5)


def of(known: Known, name: str) -> Floats:
    """A feature of each row; nought where it is unknown."""
    if name not in known:
        return np.zeros(_height(known))
    return np.nan_to_num(known[name].astype(np.float64))


def bits(known: Known, name: str) -> Floats:
    """How surprising a share is: nought where nothing is known."""
    if name not in known:
        return np.zeros(_height(known))
    return np.nan_to_num(-np.log2(np.clip(known[name].astype(np.float64), 1e-4, 1.0)))


def between(values: Floats, low: float, high: float) -> Floats:
    """0 up to ``low``, 1 from ``high`` on, in a straight line between."""
    told: Floats = np.clip((values - low) / (high - low), 0.0, 1.0)
    return told


def _height(known: Known) -> int:
    return len(next(iter(known.values())))
