"""Choosing what to control: value by hour, then a part drawn by lot, then where the model is least sure.

``money`` is the knob between hit rate (0) and revenue (1). ``harm`` is a floor of the stake: what a find is worth, in
minor units, that recovers nothing (drugs, dual-use goods). Every consignment's probability of being chosen is kept, so
that what was found can be weighed by it later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.flow.learning.errors import refuse

Floats = npt.NDArray[np.float64]
LEAST_RANDOM: Final = 0.02
MOST_EXPLORED: Final = 0.3
USUAL_EXPLORED: Final = 0.1
CHOSEN: Final = pl.Schema(
    {"consignment": pl.String, "rank": pl.Int64, "basis": pl.String, "probability": pl.Float64, "worth": pl.Float64}
)


@dataclass(frozen=True, slots=True)
class Knobs:
    """How slots are used: ``money`` 0 to 1, ``harm_minor``, the share explored and the part of slots drawn by lot."""

    money: float = 0.35
    harm_minor: int = 0
    explored: float = USUAL_EXPLORED
    random: float = LEAST_RANDOM

    def __post_init__(self) -> None:
        if not 0 <= self.money <= 1:
            raise refuse("model.knob", name="money", least=0, most=1)
        if not LEAST_RANDOM <= self.random <= 1:
            raise refuse("model.knob", name="random", least=LEAST_RANDOM, most=1)
        if not self.random <= self.explored <= MOST_EXPLORED:
            raise refuse("model.knob", name="explored", least=self.random, most=MOST_EXPLORED)


def worth(scored: pl.DataFrame, knobs: Knobs, hours: Floats | None = None) -> Floats:
    """What controlling each row is worth by the hour: chance × stake, the stake tempered by the knob."""
    stake = np.maximum(scored["stake_minor"].to_numpy().astype(np.float64), knobs.harm_minor) + 1.0
    told: Floats = scored["chance"].to_numpy() * stake**knobs.money
    return told if hours is None else told / hours


def choose(scored: pl.DataFrame, slots: int, knobs: Knobs, *, seed: int, hours: Floats | None = None) -> pl.DataFrame:
    """One row of ``CHOSEN`` for each of ``scored``, in its order: ``basis`` value, random, unsure or none.

    The best by worth take all slots but the explored share. Of the rest, the random slots are drawn with the same
    chance for each, and the other explored slots go to rows whose interval is widest for its height.
    """
    rows = scored.height
    slots = min(slots, rows)
    value = worth(scored, knobs, hours)
    rank = _ranks(value)
    random = min(max(1, round(slots * knobs.random)), slots) if slots else 0
    unsure = max(0, round(slots * knobs.explored) - random)
    basis = np.full(rows, "none", dtype=object)
    basis[rank <= slots - random - unsure] = "value"
    pool = np.flatnonzero(basis == "none")
    drawn = np.random.default_rng(seed).permutation(pool)[:random]
    probability = np.where(basis == "value", 1.0, 0.0)
    probability[pool] = random / max(len(pool), 1)
    basis[drawn] = "random"
    left = np.flatnonzero(basis == "none")
    doubt = (scored["high"] - scored["low"]).to_numpy() * value / np.maximum(scored["chance"].to_numpy(), 1e-6)
    widest = left[np.argsort(-doubt[left], kind="stable")[:unsure]]
    basis[widest] = "unsure"
    probability[widest] = 1.0
    return pl.DataFrame(
        {
            "consignment": scored["consignment"], "rank": rank, "basis": basis.tolist(), "probability": probability,
            "worth": value,
        },
        schema=CHOSEN,
    )  # fmt: skip


def _ranks(value: Floats) -> npt.NDArray[np.int64]:
    order = np.argsort(-value, kind="stable")
    rank = np.empty(len(value), dtype=np.int64)
    rank[order] = np.arange(1, len(value) + 1)
    return rank
