"""What a control of each consignment is worth once a model speaks: chance times stake, tempered by visible knobs.

Ten points double the odds, those of rules too: the chance that the model tells is raised by what rules found beside it,
so that a list hit or a security rule counts in the order as it counts in the score. A slot is the hour of a resource:
value by slot is value by hour, and the capacity says how many of each there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pratique.vocabulary.errors import PratiqueError

Floats = NDArray[np.float64]

MILLION: Final = 1_000_000
POINTS_A_DOUBLING: Final = 10
GREATEST: Final = (
    10**12
)  # the worth of the row that is worth most in its run; times a thousand it is a whole number yet
MOST_STAKE_MINOR: Final = 10**14

VALUE: Final = pl.Schema({"consignment": pl.UInt32, "worth": pl.Int64, "doubt": pl.Int64})
"""A row for each score: what a control is worth, and how unsure that is, in parts of the greatest worth of the run."""


@dataclass(frozen=True, slots=True)
class Knobs:
    """What counts: ``money_permille`` from hit rate (0: a find is a find) to money (1000: its stake in full).

    ``harm_minor`` is what a find is worth at least, in minor units: drugs and dual-use goods recover no duty.
    """

    money_permille: int = 350
    harm_minor: int = 500_000

    def __post_init__(self) -> None:
        if not 0 <= self.money_permille <= 1000 or not 0 <= self.harm_minor <= MOST_STAKE_MINOR:
            raise PratiqueError(
                "selection.knobs",
                "The weight of money must be from 0 to 1000 thousandths, and a find worth at least nothing.",
                todo="Correct the settings value_money_permille and value_harm_minor.",
            )


def value_of(learned: pl.DataFrame, scores: pl.DataFrame, knobs: Knobs) -> pl.DataFrame | None:
    """One row of ``VALUE`` for each of ``scores`` (schema ``SCORE``), in their order.

    ``learned`` (schema ``LEARNED``) is what a model says; a consignment of which it says nothing counts as the middle
    one of the others. ``None`` where it says nothing of any.
    """
    if learned.is_empty():
        return None
    rows = scores.select("consignment", "score").join(learned, on="consignment", how="left", maintain_order="left")
    chance = _middle(rows["chance_ppm"]) / MILLION
    rules = (rows["score"] - rows["points"].fill_null(0)).to_numpy().astype(np.float64)
    raised = _raised(chance, rules)
    stake = rows["stake_minor"].fill_null(0).clip(knobs.harm_minor, MOST_STAKE_MINOR).to_numpy().astype(np.float64)
    tempered = np.maximum(stake, 1.0) ** (knobs.money_permille / 1000)
    width = (_middle(rows["high_ppm"]) - _middle(rows["low_ppm"])) / MILLION
    unit = GREATEST / float(tempered.max())
    return pl.DataFrame(
        {
            "consignment": rows["consignment"],
            "worth": _whole(raised * tempered * unit),
            "doubt": _whole(np.maximum(width, 0.0) * tempered * unit),
        },
        schema=VALUE,
    )


def _raised(chance: Floats, points: Floats) -> Floats:
    """The chance whose odds are doubled by every ten points, or halved by ten taken off."""
    bounded = np.clip(chance, 1 / MILLION, 1 - 1 / MILLION)
    odds = bounded / (1 - bounded) * 2.0 ** np.clip(points / POINTS_A_DOUBLING, -100, 100)
    told: Floats = odds / (1 + odds)
    return told


def _middle(column: pl.Series) -> Floats:
    """The values, the middle one where there is none."""
    told: Floats = column.fill_null(column.quantile(0.5, "lower")).to_numpy().astype(np.float64)
    return told


def _whole(values: Floats) -> NDArray[np.int64]:
    return np.rint(values).astype(np.int64)
