"""A world of years, from its plan: the economy, honest declarations, wrongdoing, and the columns that are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from pratique_world.years.frames import declarations, truth
from pratique_world.years.goods import RELIEF_MINOR, build_market
from pratique_world.years.mechanisms import Scene, plant_all
from pratique_world.years.parties import build_parties
from pratique_world.years.plan import Plan
from pratique_world.years.relations import build_relations
from pratique_world.years.rings import build_rings
from pratique_world.years.rows import RELIEVED, Rows, honest_rows

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class World:
    """What is declared, one row a consignment, and what is true of each; in the same order."""

    declarations: pl.DataFrame
    truth: pl.DataFrame


def build_world(plan: Plan, told: Told = lambda stage: None) -> World:
    """The world of a plan; the same plan gives the same. ``told`` hears which stage begins."""
    seeds = np.random.SeedSequence(plan.seed).spawn(6)
    market_rng, rings_rng, parties_rng, trade_rng, wrong_rng, words_rng = (np.random.default_rng(s) for s in seeds)
    told("economy")
    market = build_market(market_rng, plan.days, plan.mix)
    parties = build_parties(parties_rng, plan, build_rings(rings_rng, plan))
    relations = build_relations(trade_rng, parties, market, plan.days)
    told("declarations")
    rows = honest_rows(trade_rng, plan.rows, parties, relations, market)
    told("wrongdoing")
    scene = Scene(rows, parties, relations, market, wrong_rng)
    plant_all(scene, plan)
    _settle(rows)
    rows = rows.taken(np.lexsort((words_rng.random(len(rows)), rows.day)))
    told("words")
    return World(declarations(rows, scene.parties, market, words_rng), truth(rows, market))


def _settle(rows: Rows) -> None:
    """The procedure follows the declared value: relief below its limit, home use where a value is now above it."""
    below = rows.value_minor < RELIEF_MINOR
    rows.procedure[below] = RELIEVED
    rows.procedure[~below & (rows.procedure == RELIEVED)] = 0
