"""Whom a find is owed to, what a ranking gained, and how long a new way of wrongdoing went unseen.

In: results of controls and what was known of each consignment before. Out: shares by source of the points and by list,
a gain curve in which every result counts for all those it stands for, and one wave for each threat. Attribution counts
a control for every source that spoke for it: none is the cause alone, and the shares do not add up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from pratique.flow.controls.effectiveness import WHOLE, Rate, rate

SPOKE: Final = {"consignment": pl.String, "name": pl.String}
RANKED: Final = {"consignment": pl.String, "score": pl.Int64}
LEAST_CHANCE: Final = 0.01  # below it one result would stand for more than a hundred others
STEPS: Final = 20
THIRD: Final = 3


@dataclass(frozen=True, slots=True)
class GainPoint:
    """Of the consignments with the highest scores, so many thousandths; and of all finds, so many among them."""

    controlled_permille: int
    found_permille: int


@dataclass(frozen=True, slots=True)
class Gain:
    """The gain curve from 0 to 1,000, of ``results`` with ``finds`` among them that have a chance of control."""

    results: int
    finds: int
    curve: tuple[GainPoint, ...]


@dataclass(frozen=True, slots=True)
class Wave:
    """Finds of one threat: the first day, the days until the third, and whether a lot or a choice found the first.

    ``days_to_third`` is ``None`` until there are three: from then on a pattern can be learned.
    """

    threat: str
    finds: int
    first_on: date
    days_to_third: int | None
    first_by_lot: bool


def by_name(spoke: pl.DataFrame, results: pl.DataFrame) -> tuple[Rate, ...]:
    """The share of finds among controls for which each name (schema ``SPOKE``) spoke, most finds first."""
    once = results.unique("consignment", keep="first", maintain_order=True)
    told = spoke.unique().join(once.select("consignment", "found"), on="consignment", how="inner")
    counted = (
        told.group_by("name").agg(pl.len(), pl.col("found").sum()).sort(["found", "name"], descending=[True, False])
    )
    return tuple(rate(name, number, found) for name, number, found in counted.iter_rows())


def gain(ranked: pl.DataFrame, results: pl.DataFrame) -> Gain | None:
    """The gain of ranking by score (schema ``RANKED``); ``None`` where no result with a chance is a find.

    A result counts for one over its chance of having been controlled: what was chosen almost surely counts for itself,
    what was drawn stands for all that were not. Controls that an officer chose have no chance and are left out. Rows of
    one score are taken together, in the order of their finds' share.
    """
    once = results.unique("consignment", keep="first", maintain_order=True).drop_nulls("probability")
    told = once.join(ranked, on="consignment", how="inner").with_columns(
        weight=1 / pl.col("probability").clip(LEAST_CHANCE, 1)
    )
    told = told.with_columns(worth=pl.col("weight") * pl.col("found"))
    finds = int(told["found"].sum())
    if not finds:
        return None
    levels = told.group_by("score").agg(pl.col("weight", "worth").sum()).sort("score", descending=True)
    reached = levels.select(
        at=pl.col("weight").cum_sum() / pl.col("weight").sum(), found=pl.col("worth").cum_sum() / pl.col("worth").sum()
    )
    return Gain(told.height, finds, _curve([(0.0, 0.0), *reached.iter_rows()]))


def _curve(points: list[tuple[float, float]]) -> tuple[GainPoint, ...]:
    """The points thinned to even steps; between two of them a share of the level is reached."""
    curve, place = [], 0
    for step in range(STEPS + 1):
        at = step / STEPS
        while place < len(points) - 2 and points[place + 1][0] < at:
            place += 1
        (left, low), (right, high) = points[place], points[min(place + 1, len(points) - 1)]
        share = low if right <= left else low + (high - low) * min(1.0, max(0.0, (at - left) / (right - left)))
        curve.append(GainPoint(round(WHOLE * at), round(WHOLE * share)))
    return tuple(curve)


def waves(results: pl.DataFrame) -> tuple[Wave, ...]:
    """One for each threat that was found, the newest first."""
    found = results.filter(pl.col("found") & pl.col("finding_kind").is_not_null()).sort("controlled_on", "consignment")
    told = [_wave(threat, rows) for (threat,), rows in found.group_by(["finding_kind"], maintain_order=True)]
    return tuple(sorted(told, key=lambda each: (each.first_on, each.threat), reverse=True))


def _wave(threat: object, rows: pl.DataFrame) -> Wave:
    days: list[date] = rows["controlled_on"].to_list()
    third = (days[THIRD - 1] - days[0]).days if len(days) >= THIRD else None
    return Wave(str(threat), len(days), days[0], third, bool(rows["drawn_at_random"][0]))


def spoke(pairs: Iterable[tuple[str, str]]) -> pl.DataFrame:
    """Pairs of consignment and name as a frame with schema ``SPOKE``."""
    return pl.DataFrame(list(pairs), schema=SPOKE, orient="row")
