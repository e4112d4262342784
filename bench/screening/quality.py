"""How well scores order labelled pairs, and how many listed names an alert budget finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]

PRECISIONS: Final = (0.90, 0.95, 0.98, 0.99)
BUDGETS: Final = (1, 5, 10, 20)
"""Alerts per 1,000 ordinary names."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What the scores of labelled pairs are worth. Everything is a share, 0 to 1.

    ``f1`` is the best over all thresholds, with its precision, recall and threshold; ``recall_at`` the highest recall
    at a precision; ``found`` the share of each category of positives at the threshold of the best F1; ``at_one`` and
    ``tied`` the share of pairs that score exactly 1.0, and that share their score with another pair.
    """

    f1: float
    precision: float
    recall: float
    threshold: float
    average_precision: float
    recall_at: Mapping[float, float]
    found: Mapping[str, float]
    at_one: float
    tied: float


def quality(pairs: pl.DataFrame, scores: Sequence[float]) -> Quality:
    """The quality of ``scores``, one for each row of ``pairs`` (``label``, ``category``); ties count as one step."""
    labels = pairs["label"].to_numpy().astype(np.float64)
    told: Floats = np.asarray(scores, dtype=np.float64)
    order = np.argsort(-told, kind="stable")
    ordered = told[order]
    last_of_step = np.append(ordered[1:] != ordered[:-1], True)
    found = np.cumsum(labels[order])
    precision = (found / np.arange(1, len(found) + 1))[last_of_step]
    recall = (found / max(found[-1], 1))[last_of_step]
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    best = int(f1.argmax())
    threshold = float(ordered[last_of_step][best])
    return Quality(
        f1=float(f1[best]),
        precision=float(precision[best]),
        recall=float(recall[best]),
        threshold=threshold,
        average_precision=float(np.sum(np.diff(np.append(0, recall)) * precision)),
        recall_at={least: float(recall[precision >= least].max(initial=0)) for least in PRECISIONS},
        found=_found(pairs, told, threshold),
        at_one=float((told >= 1).mean()),
        tied=1 - int((pl.Series(told).value_counts()["count"] == 1).sum()) / len(told),
    )


def _found(pairs: pl.DataFrame, scores: Floats, threshold: float) -> dict[str, float]:
    marked = pairs.with_columns(pl.Series("found", scores >= threshold)).filter(label=1)
    shares = marked.group_by("category").agg(pl.col("found").mean()).sort("category")
    return dict(shares.iter_rows())


@dataclass(frozen=True, slots=True)
class EndToEnd:
    """What screening a list's spellings amid ordinary traffic gives. Shares, 0 to 1.

    ``recall`` is the share of listed spellings of which the right entity alerts, by alerts per 1,000 ordinary names;
    ``on_top`` how often the right entity is the best; ``in_hits`` how often it is told at all; ``own_alerts`` how many
    of 1,000 ordinary names are told at all.
    """

    recall: Mapping[int, float]
    thresholds: Mapping[int, float]
    on_top: float
    in_hits: float
    own_alerts: float


def end_to_end(hits: pl.DataFrame, asked: pl.DataFrame) -> EndToEnd:
    """From ``hits`` (``id, entity_id, score``) of what was ``asked`` (``id, entity_id``; null for ordinary names).

    The threshold of a budget is the score that no more ordinary names exceed than the budget allows; where names tie at
    it, none of them alerts.
    """
    best = hits.group_by("id").agg(best=pl.col("score").max())
    ordinary = asked.filter(pl.col("entity_id").is_null()).join(best, on="id", how="left")["best"].fill_null(0.0)
    descending = np.sort(ordinary.to_numpy())[::-1]
    listed = asked.filter(pl.col("entity_id").is_not_null()).select("id", truth="entity_id")
    right = hits.join(listed, on="id").filter(pl.col("entity_id") == pl.col("truth"))
    on_top = right.join(best, on="id").filter(pl.col("score") >= pl.col("best"))
    thresholds = {budget: _exceeded_by(descending, budget * len(descending) // 1000) for budget in BUDGETS}
    return EndToEnd(
        recall={
            budget: right.filter(pl.col("score") > threshold)["id"].n_unique() / max(1, len(listed))
            for budget, threshold in thresholds.items()
        },
        thresholds=thresholds,
        on_top=on_top["id"].n_unique() / max(1, len(listed)),
        in_hits=right["id"].n_unique() / max(1, len(listed)),
        own_alerts=1000 * float((descending > 0).mean()) if len(descending) else 0.0,
    )


def _exceeded_by(descending: Floats, allowed: int) -> float:
    return float(descending[allowed]) if allowed < len(descending) else 0.0
