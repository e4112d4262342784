"""How the world's own customs office controls in the years that are written: partly at random, partly by simple rules.

It sees declared fields only. The rules give points: a price below half of the goods' usual one (3), a text that says
nothing (2), a firm in its first sixty days (1), a hub on the way (1), goods of high duty (1). Each month those with
most points are controlled until the rules' share is used up, ties at random.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from pratique_world.years.control import results
from pratique_world.years.frames import SILENT
from pratique_world.years.goods import traded
from pratique_world.years.plan import Plan

CHEAP: Final = 0.5
NEW_DAYS: Final = 60
HIGH_DUTY_PPM: Final = 250_000


def first_labels(declarations: pl.DataFrame, truth: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The results of the office's own controls, with how each was drawn.

    ``drawn_at_random`` tells the uniformly random part; ``probability`` is the chance with which a consignment was to
    be controlled: the random share, or 1 where a rule sent it there.
    """
    rng = np.random.default_rng([plan.seed, 11])
    at_random = rng.random(len(declarations)) < plan.random_share
    chosen = declarations.select("consignment", "lodged_on").with_columns(
        drawn_at_random=pl.Series(at_random),
        points=_points(declarations) + pl.Series(rng.random(len(declarations))),
    )
    month = pl.col("lodged_on").dt.truncate("1mo")
    place = pl.col("points").rank("ordinal", descending=True).over(month)
    ruled = chosen.filter(~pl.col("drawn_at_random")).filter(place <= (pl.len().over(month) * plan.rule_share).floor())
    controls = pl.concat([chosen.filter("drawn_at_random"), ruled]).sort("lodged_on", "consignment")
    wait = rng.integers(0, 3, len(controls))
    days = controls.select(pl.col("lodged_on") + pl.duration(days=pl.lit(pl.Series(wait)))).to_series()
    found = results(truth, controls["consignment"], days, plan.seed)
    return found.with_columns(
        controls["drawn_at_random"],
        probability=pl.when(controls["drawn_at_random"]).then(plan.random_share).otherwise(1.0),
    )


def _points(declarations: pl.DataFrame) -> pl.Series:
    usual = {ware.code: (ware.usd_per_kg[0] + ware.usd_per_kg[1]) / 2 for ware in traded()}
    price = pl.col("value_minor") * 10 / pl.col("net_mass_g")
    first = pl.col("lodged_on").min().over("importer")
    is_new = (pl.col("lodged_on") - first).dt.total_days() < NEW_DAYS
    is_cheap = price < CHEAP * pl.col("hs6").replace_strict(usual, return_dtype=pl.Float64)
    return declarations.select(
        is_cheap * 3
        + pl.col("description").is_in(list(SILENT)) * 2
        + is_new.cast(pl.Int64)
        + pl.col("transhipment").is_not_null().cast(pl.Int64)
        + (pl.col("duty_rate_ppm") >= HIGH_DUTY_PPM).cast(pl.Int64)
    ).to_series()
