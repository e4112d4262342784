"""Who is told that a box was drawn at random, and the list as it looks to those who are not."""

from __future__ import annotations

from typing import Final

import polars as pl

from pratique.node.access import Actor
from pratique.node.controls.state import DRAWN, LISTED, RANDOM

INSPECTION: Final = frozenset({"inspection"})
BY_POINTS: Final = "points"
BY_VALUE: Final = "value"  # where a model spoke
CHANCES: Final = ("probability_open", "probability_scan", "probability_documents")


def told_of_the_draw(actor: Actor) -> bool:
    """Who only inspects is not told that a box was drawn at random, so that it is searched like any other."""
    return actor.roles != INSPECTION


def without_the_draw(state: pl.DataFrame) -> pl.DataFrame:
    """The list as it looks to those who are not told: drawn rows stand among those by value, with no chance beside."""
    hidden = pl.col("basis") == RANDOM
    others = BY_VALUE if state["basis"].is_in([BY_VALUE]).any() else BY_POINTS
    return state.with_columns(
        basis=pl.when(hidden).then(pl.lit(others)).otherwise("basis"),
        group=pl.when(pl.col("group") == DRAWN).then(LISTED).otherwise("group"),
        **{name: pl.lit(0.0) for name in CHANCES},
    ).sort("group", "order")
