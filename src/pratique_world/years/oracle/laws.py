"""What the oracle knows of each mechanism beforehand: who stands behind it, which rows it can touch, what is lost.

Everything here is a constant of the generator or follows from the mix; nothing is learnt from the world in question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from pratique_world.years.goods import Flags, Floats, Ints, Market, lands, traded
from pratique_world.years.mechanisms import ALL
from pratique_world.years.mechanisms import prohibited_goods as prohibited
from pratique_world.years.mechanisms import shell_importers as shells
from pratique_world.years.mechanisms import undervaluation as lower
from pratique_world.years.mechanisms.rip_on_rip_off import HEAVY_G
from pratique_world.years.mechanisms.scene import BOX_G
from pratique_world.years.mix import Mix
from pratique_world.years.offenders import Law
from pratique_world.years.oracle.actors import Prior
from pratique_world.years.plan import FIRST_DAY
from pratique_world.years.rows import NOISE_SIGMA

LANE: Final = ("carrier", "loading", "transhipment")
ALWAYS: Final = Law(single=0.0, alpha=40.0, beta=1.0)  # a listed exporter's new name has nothing else to send
BEHIND: Final = {
    "rip_on_rip_off": (LANE,),
    "sanctions_evasion": (("exporter",),),
    "shell_importers": (("importer",), ("importer_director",), ("importer_phone",)),
}
"""Mechanism to the columns that name who stands behind it, where that is not the importer alone."""
DEPTHS: Final = {
    "undervaluation": (lower.DEPTH_MEAN, lower.DEPTH_SIGMA),
    "shell_importers": (shells.DEPTH_MEAN, shells.DEPTH_SIGMA),
}
_LAWS: Final = {mechanism.name: mechanism.law for mechanism in ALL} | {"sanctions_evasion": ALWAYS}


@dataclass(frozen=True, slots=True)
class Known:
    """The world's frame: its mix, its share of wrongdoing and its length in days."""

    mix: Mix
    illicit: float
    days: int


def behind(mechanism: str) -> tuple[tuple[str, ...], ...]:
    """The keys of those who can stand behind a mechanism."""
    return BEHIND.get(mechanism, (("importer",),))


def prior(mechanism: str, known: Known, share: float) -> Prior:
    """The law of a mechanism in a world of which that share of rows is eligible."""
    law = _LAWS[mechanism]
    level = known.mix.intensity(mechanism, known.days)
    level = level / max(level.max(), 1e-9)
    share = max(share, 1e-4)
    rate = known.mix.shares()[mechanism] * known.illicit / share / max(float(level.mean()), 1e-9)
    return Prior(
        law=law,
        active=min(0.5, rate * (1 - law.single) / law.propensity),
        single=min(0.5, rate * law.single),
        eligible=share,
        intensity=level,
    )


def eligible_rows(mechanism: str, seen: pl.DataFrame) -> Flags:
    """Which declarations, if honest, the mechanism could have touched."""
    box = pl.col("net") >= np.log(BOX_G)
    dutiable = (pl.col("duty") > 0) & (pl.col("is_below") == 0)
    rules = {
        "undervaluation": box & dutiable,
        "misclassification": box & dutiable & (pl.col("has_lower") == 1),
        "false_origin": box & dutiable & (pl.col("has_relief") == 1) & (pl.col("preferential") == 0),
        "wrong_preference": box & (pl.col("preferential") == 1) & (pl.col("duty") > 0),
        "splitting": dutiable,
        "prohibited_goods": box,
        "rip_on_rip_off": (pl.col("net") >= np.log(HEAVY_G)) & (pl.col("is_quick") == 1),
        "dual_use": box & (pl.col("is_controlled") == 1),
    }
    if mechanism not in rules:
        return np.ones(len(seen), dtype=np.bool_)
    flags: Flags = seen.select(rules[mechanism]).to_series().to_numpy()
    return flags


def losses(mechanism: str, seen: pl.DataFrame, declarations: pl.DataFrame, market: Market) -> Floats:
    """The duty lost in the mean where the mechanism is behind a declaration with such fields, in minor units."""
    value = declarations["value_minor"].to_numpy().astype(np.float64)
    declared = declarations["duty_minor"].to_numpy().astype(np.float64)
    duty, claimed = full_rates(declarations, market)
    lost = np.zeros(len(value))
    if mechanism in DEPTHS:
        lost = declared * (_factor(seen, *DEPTHS[mechanism]) - 1)
    elif mechanism == "misclassification":
        lost = value * np.maximum(0.0, _rate_of_source(seen, duty, declarations, market) - duty)
    elif mechanism in {"false_origin", "wrong_preference"}:
        lost = value * np.maximum(0.0, duty - claimed)
    elif mechanism == "splitting":
        lost = value * duty
    elif mechanism == "prohibited_goods":
        inside = np.exp(prohibited.INSIDE_MEAN + prohibited.INSIDE_SIGMA**2 / 2) * prohibited.INSIDE_PPM / 1e6
        lost = np.maximum(0.0, value * inside - declared)
    return lost


def _factor(seen: pl.DataFrame, mean: float, sigma: float) -> Floats:
    """The mean of true over declared value, given how far the price is below the trade's own level."""
    noise = seen["own_doubt"].to_numpy().astype(np.float64) ** 2 + NOISE_SIGMA**2
    gain = sigma**2 / (sigma**2 + noise)
    depth = np.maximum(lower.LEAST_DEPTH, mean + gain * (-seen["own_deviation"].to_numpy() - mean))
    return np.asarray(np.exp(np.minimum(depth + sigma**2 * (1 - gain) / 2, 3.0)), dtype=np.float64)


def full_rates(declarations: pl.DataFrame, market: Market) -> tuple[Floats, Floats]:
    """The rate of each declared heading on its day, without a preference and with that of the declared origin."""
    ware = _wares(declarations)
    land = declarations["origin"].replace_strict({name: place for place, name in enumerate(lands())}).to_numpy()
    day = (declarations["lodged_on"] - FIRST_DAY).dt.total_days().to_numpy()
    claims = np.ones(len(ware), dtype=np.bool_)
    return market.rate(ware, land, day, ~claims) / 1e6, market.rate(ware, land, day, claims) / 1e6


def _wares(declarations: pl.DataFrame) -> Ints:
    places = {ware.code: place for place, ware in enumerate(traded())}
    wares: Ints = declarations["hs6"].replace_strict(places, return_dtype=pl.Int64).to_numpy()
    return wares


def _rate_of_source(seen: pl.DataFrame, duty: Floats, declarations: pl.DataFrame, market: Market) -> Floats:
    """The rate of what is passed off under the heading: of the text's goods where they differ, else of the usual."""
    touched = market.lower >= 0
    share = np.array([ware.share for ware in traded()], dtype=np.float64)
    gain = np.where(touched, (market.duty - market.duty[market.lower]) / 1e6, 0.0)
    weight = np.bincount(market.lower[touched], share[touched], len(share))
    usual = np.bincount(market.lower[touched], (share * gain)[touched], len(share)) / np.maximum(weight, 1e-9)
    told = seen["text_duty"].to_numpy().astype(np.float64)
    return np.asarray(duty + np.where(seen["text_neighbour"].to_numpy() > 0, told, usual[_wares(declarations)]))
