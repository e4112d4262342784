"""What a ranking would have found at some capacities: precision, and the parts of wrongdoing and of duty lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from pratique_world.years.goods import Floats
from pratique_world.years.oracle.answer import expected
from pratique_world.years.oracle.laws import Known
from pratique_world.years.world import World

CAPACITIES: Final = (0.01, 0.02, 0.05, 0.1)


@dataclass(frozen=True, slots=True)
class Yield:
    """What controlling the first part of a ranking finds."""

    ranking: str
    capacity: float
    precision: float
    recall: float
    revenue: float


def yields(ranking: str, rank_by: Floats, truth: pl.DataFrame, capacities: Iterable[float] = CAPACITIES) -> list[Yield]:
    """What controlling the highest of ``rank_by`` finds, one place a row of ``truth``; ties in the order of rows."""
    order = np.argsort(-rank_by, kind="stable")
    illicit = truth["illicit"].to_numpy()[order]
    lost = truth["duty_lost_minor"].to_numpy()[order].astype(np.float64)
    found = []
    for capacity in capacities:
        most = max(1, round(capacity * len(order)))
        hits = float(illicit[:most].sum())
        recall = hits / max(1.0, float(illicit.sum()))
        found.append(
            Yield(ranking, capacity, hits / most, recall, float(lost[:most].sum()) / max(1.0, float(lost.sum())))
        )
    return found


def bounds(world: World, labels: pl.DataFrame, known: Known) -> list[Yield]:
    """The oracle's yields in a world's last third, by chance and by money, beside those of whoever knows the truth.

    The oracle sees the labels known before each declaration's week. Knowing the truth, one would control the false ones
    with the greatest loss first, which nobody who sees declarations only can do.
    """
    late = np.arange(len(world.truth)) >= len(world.truth) * 2 // 3
    answer = expected(world.declarations, labels, known.mix, illicit=known.illicit, days=known.days)
    last = world.truth.filter(pl.Series(late))
    worst = last["illicit"].to_numpy() + last["duty_lost_minor"].to_numpy().astype(np.float64)
    by_chance, by_money = (answer[name].to_numpy()[late] for name in ("chance", "expected_duty_lost_minor"))
    return [
        *yields("oracle, by chance", by_chance, last),
        *yields("oracle, by money", by_money, last),
        *yields("truth itself", worst, last),
    ]
