"""Worlds of years for the bench, their parts before and after a day, and rankings beside the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.flow.learning.columns import Brought, brought, fitting
from pratique.flow.learning.labels import Labels, labels_of_table
from pratique.flow.learning.measuring import precision_at, revenue_at
from pratique.node.learning.tables import denoted
from pratique_world.years import Plan, World, build_world, first_labels, mix_of, shipped
from pratique_world.years.mix import SHIPPED, Mix

Floats = npt.NDArray[np.float64]
TRAINED: float = 0.7  # of the rows; the rest is scored


@dataclass(frozen=True)
class Scene:
    """A world, the results of its own office, and the day on which scoring begins."""

    plan: Plan
    world: World
    labels: pl.DataFrame
    cut: date

    @property
    def early(self) -> pl.DataFrame:
        """Declarations to learn from."""
        return self.world.declarations.filter(pl.col("lodged_on") < self.cut)

    @property
    def late(self) -> pl.DataFrame:
        """Declarations to score."""
        return self.world.declarations.filter(pl.col("lodged_on") >= self.cut)

    def truth_of(self, rows: pl.DataFrame) -> tuple[Floats, Floats]:
        """Whether each is false, and the duty lost."""
        told = rows.select("consignment").join(self.world.truth, on="consignment", how="left", maintain_order="left")
        return told["illicit"].cast(pl.Float64).to_numpy(), told["duty_lost_minor"].cast(pl.Float64).to_numpy()


def scene(seed: int, rows: int, days: int, mix: str) -> Scene:
    """A world of a seed; ``mix`` is a shipped one or a file."""
    plan = Plan(seed=seed, rows=rows, days=days, mix=mix_named(mix))
    world = build_world(plan)
    labels = first_labels(world.declarations, world.truth, plan)
    cut = world.declarations["lodged_on"][int(len(world.declarations) * TRAINED)]
    return Scene(plan, world, labels, cut)


def mix_named(name: str) -> Mix:
    """A shipped mix, or one of a file."""
    if name in SHIPPED:
        return shipped(name)
    from pathlib import Path

    return mix_of(Path(name).read_text("utf-8"))


def data_of(rows: pl.DataFrame) -> Brought:
    """Declarations of a world as they are learned from."""
    return brought(rows, fitting(rows.columns), denoted)


def labels_for(labels: pl.DataFrame, data: Brought) -> Labels:
    """Results of controls of these declarations."""
    return labels_of_table(labels, data, denoted)


def measured(score: Floats, false: Floats, lost: Floats) -> Mapping[str, float]:
    """Precision and share of revenue at 1 % and 5 % of controls."""
    told = {}
    for share in (0.01, 0.05):
        told[f"P@{share * 100:g}"] = precision_at(score, false, share)
        told[f"R@{share * 100:g}"] = revenue_at(score, lost, share)
    return told
