"""How good a ranking was: precision and share of revenue at a share of controls, AUC, average precision, intervals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
DRAWS: Final = 200


def precision_at(score: Floats, found: Floats, share: float) -> float:
    """Of the ``share`` of rows ranked first, how many were finds."""
    return float(found[first_of(score, share)].mean()) if len(score) else float("nan")


def revenue_at(score: Floats, amount: Floats, share: float) -> float:
    """Of all that there was to recover, which part lies in the ``share`` of rows ranked first."""
    total = float(amount.sum())
    return float(amount[first_of(score, share)].sum()) / total if total > 0 else float("nan")


def first_of(score: Floats, share: float) -> Rows:
    """The places of the ``share`` of rows ranked first, at least one; equals in their order."""
    many = max(1, round(len(score) * share))
    return np.argsort(-score, kind="stable")[:many]


def auc(score: Floats, found: Floats) -> float:
    """The chance that a find stands above a row that is none; NaN where there is only one kind."""
    finds = int(found.sum())
    others = len(found) - finds
    if not finds or not others:
        return float("nan")
    _, where, many = np.unique(score, return_inverse=True, return_counts=True)
    last = np.cumsum(many)
    ranks = (last - (many - 1) / 2)[where]
    return float((ranks[found > 0].sum() - finds * (finds + 1) / 2) / (finds * others))


def average_precision(score: Floats, found: Floats) -> float:
    """The mean precision at each find, from the top."""
    order = np.argsort(-score, kind="stable")
    hits = found[order]
    reached = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float((reached * hits).sum() / hits.sum()) if hits.sum() else float("nan")


def bootstrap(measure: Callable[[Rows], float], rows: int, seed: int) -> tuple[float, float]:
    """The 95 % interval of a measure over rows drawn again and again."""
    rng = np.random.default_rng(seed)
    told = np.array([measure(rng.integers(0, rows, rows)) for _ in range(DRAWS)])
    told = told[~np.isnan(told)]
    if not len(told):
        return float("nan"), float("nan")
    low, high = np.quantile(told, [0.025, 0.975])
    return float(low), float(high)
