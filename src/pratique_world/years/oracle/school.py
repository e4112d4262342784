"""Where the oracle learns the likelihoods: in other worlds of the same generator and mix, whose truth it may read.

The generator's likelihoods have no closed form (what is new for whom, who shares with whom), so they are estimated by
simulation: a classifier that tells the mechanisms apart in a school world with all truths known gives, by Bayes, the
ratio of likelihoods of any declaration. A second school world, with late and fallible labels for a few of its rows,
shows how to weigh that ratio and what the actors' past says against one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from pratique_world.years.control import FINDINGS
from pratique_world.years.goods import Floats, Ints, Market, build_market
from pratique_world.years.mix import MECHANISMS
from pratique_world.years.oracle.actors import (
    NO_LABEL,
    NOT_FOUND,
    OTHER_KIND_FOUND,
    THIS_KIND,
    Evidence,
    Prior,
    chances,
)
from pratique_world.years.oracle.laws import Known, behind, eligible_rows, prior
from pratique_world.years.oracle.seen import seen
from pratique_world.years.oracle.trees import Trees, probabilities, told_apart, weighed
from pratique_world.years.plan import FIRST_DAY, Plan
from pratique_world.years.policy import first_labels
from pratique_world.years.world import World, build_world

FIRST_SCHOOL, SECOND_SCHOOL = 2**62 + 1, 2**62 + 2  # seeds that no world in question has
SCHOOL_ROWS: Final = 200_000
DENSER: Final = 3.0  # wrongdoing is so many times as frequent in the first school, so that rare kinds can be learnt
MOST_ILLICIT: Final = 0.1
HONEST_ROWS: Final = 60_000  # of the first school that are looked at
RATIO_BOUND: Final = 1e5
_NUMBER: Final = {name: number + 1 for number, name in enumerate(MECHANISMS)}


@dataclass(frozen=True, slots=True)
class School:
    """What was learnt: the ratio of likelihoods of each mechanism, and how to weigh it against the actors' past."""

    known: Known
    kinds: Trees
    shares: Floats  # of honesty and of each mechanism among the rows that ``kinds`` learnt from
    priors: Mapping[str, Prior]
    weighing: Trees
    market: Market

    def ratios(self, table: pl.DataFrame) -> Floats:
        """Row by mechanism: likelihood under the mechanism over that under honesty."""
        return _ratios(self.kinds, self.shares, table)


def reference_market(known: Known) -> Market:
    """A market for what is the same in every world of a mix: spreads, neighbours, reliefs, and the tariff."""
    return build_market(np.random.default_rng(0), known.days, known.mix)


def go_to_school(known: Known) -> School:
    """Learn the likelihoods for worlds of that mix, share of wrongdoing and length."""
    market = reference_market(known)
    dense = min(MOST_ILLICIT, DENSER * known.illicit)
    first = build_world(_plan(known, FIRST_SCHOOL, max(dense, known.illicit)))
    kinds, shares = _learn_kinds(seen(first.declarations, market), first)
    plan = _plan(known, SECOND_SCHOOL, known.illicit)
    second = build_world(plan)
    table = seen(second.declarations, market)
    ratios = _ratios(kinds, shares, table)
    labels = first_labels(second.declarations, second.truth, plan)
    eligible = {name: float(eligible_rows(name, table).mean()) for name in known.mix.shares()}
    priors = {name: prior(name, known, share) for name, share in eligible.items()}
    past = actors_past(second.declarations, table, ratios, labels, priors)
    weighing = weighed(joined(table, ratios, past), second.truth["illicit"].to_numpy())
    return School(known, kinds, shares, priors, weighing, market)


def _plan(known: Known, seed: int, illicit: float) -> Plan:
    return Plan(seed=seed, days=known.days, rows=SCHOOL_ROWS, illicit=illicit, mix=known.mix)


def _learn_kinds(table: pl.DataFrame, world: World) -> tuple[Trees, Floats]:
    kind = world.truth["mechanism"].replace_strict(_NUMBER, default=0, return_dtype=pl.Int64).to_numpy()
    rng = np.random.default_rng(1)
    honest = np.flatnonzero(kind == 0)
    rows = np.sort(np.concatenate([np.flatnonzero(kind), rng.choice(honest, min(HONEST_ROWS, len(honest)), False)]))
    shares = np.bincount(kind[rows], minlength=len(MECHANISMS) + 1) / len(rows)
    return told_apart(table.to_numpy()[rows], kind[rows], len(MECHANISMS) + 1), shares


def _ratios(kinds: Trees, shares: Floats, table: pl.DataFrame) -> Floats:
    chance = probabilities(kinds, table.to_numpy())
    honest = np.maximum(chance[:, :1], 1e-7) / shares[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(shares[1:] > 0, chance[:, 1:] / shares[1:] / honest, 0.0)
    return np.asarray(np.clip(ratio, 0.0, RATIO_BOUND), dtype=np.float64)


def actors_past(
    declarations: pl.DataFrame,
    table: pl.DataFrame,
    ratios: Floats,
    labels: pl.DataFrame,
    priors: Mapping[str, Prior],
) -> dict[str, Floats]:
    """For each mechanism and who may stand behind it the chance that a declaration is touched, by the past alone."""
    day = (declarations["lodged_on"] - FIRST_DAY).dt.total_days().to_numpy().astype(np.int64)
    told = declarations.select("consignment").join(labels, on="consignment", how="left", maintain_order="left")
    since = (told["known_on"] - FIRST_DAY).dt.total_days().fill_null(-1).to_numpy().astype(np.int64)
    found: dict[str, Floats] = {}
    for mechanism, law in priors.items():
        eligible = eligible_rows(mechanism, table)
        label = _labels_of(mechanism, told)
        for key in behind(mechanism):
            actor = declarations.select(pl.struct(key).rank("dense")).to_series().to_numpy().astype(np.int64) - 1
            evidence = Evidence(actor, day, ratios[:, MECHANISMS.index(mechanism)], eligible, label, since)
            found[f"{mechanism}_{'_'.join(key)}"] = chances(evidence, law)
    return found


def _labels_of(mechanism: str, told: pl.DataFrame) -> Ints:
    kind = (
        pl.when(pl.col("found").is_null())
        .then(NO_LABEL)
        .when(~pl.col("found"))
        .then(NOT_FOUND)
        .when(pl.col("finding") == FINDINGS[mechanism])
        .then(THIS_KIND)
        .otherwise(OTHER_KIND_FOUND)
    )
    labels: Ints = told.select(kind.cast(pl.Int64)).to_series().to_numpy()
    return labels


def joined(table: pl.DataFrame, ratios: Floats, past: dict[str, Floats]) -> Floats:
    """What the weighing sees of each row: its fields, the logarithms of the ratios and of the past, and their sums."""
    told = np.log(np.maximum(ratios, 1e-6))
    before = np.log(np.maximum(np.stack(list(past.values()), axis=1), 1e-8))
    both = np.stack(
        [told[:, MECHANISMS.index(_mechanism(name))] + before[:, place] for place, name in enumerate(past)], axis=1
    )
    odds = np.logaddexp.reduce(both, axis=1, keepdims=True)
    return np.concatenate([table.to_numpy(), told, before, both, odds], axis=1).astype(np.float32)


def _mechanism(name: str) -> str:
    return next(mechanism for mechanism in MECHANISMS if name.startswith(mechanism))
