"""The port world at rest: learned on the first part, scored on the rest, beside the oracle of what is observable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import process_time

import numpy as np
import polars as pl

from bench.learning.arms import rules_alone, tuned_on_raw
from bench.learning.missed import mechanisms_of, missed, shown, together
from bench.learning.worlds import Floats, Scene, data_of, labels_for, measured, scene
from pratique.flow.learning.calibration import expected_calibration_error
from pratique.flow.learning.choosing import Knobs
from pratique.flow.learning.labels import results_of
from pratique.flow.learning.measuring import auc, average_precision
from pratique.flow.learning.model import Model
from pratique.flow.learning.training import train
from pratique_world.years.oracle import expected

Row = dict[str, float]
KNOBS = Knobs()


def static(seeds: Sequence[int], rows: int, days: int, mixes: Sequence[str]) -> None:
    """Prints every world, then the mean and the spread of each figure as a share of the oracle."""
    worlds = [(mix, seed) for mix in mixes for seed in seeds]
    told_of = [_one(scene(seed, rows, days, mix), f"seed {seed}, {mix}") for mix, seed in worlds]
    shares = [told for told, _ in told_of]
    shown(together([table for _, table in told_of]))
    print(f"  share of the oracle, mean of {len(shares)} worlds (least to most):")
    for name in shares[0]:
        told = np.array([each[name] for each in shares])
        print(f"    {name:28} {np.nanmean(told):.3f} ({np.nanmin(told):.3f} to {np.nanmax(told):.3f})")


def _one(at: Scene, name: str) -> tuple[Row, pl.DataFrame]:
    """Figures as shares of the oracle's, and what is missed by mechanism."""
    data = data_of(at.early)
    labels = labels_for(at.labels.filter(pl.col("known_on") < at.cut), data)
    late = data_of(at.late)
    later = labels_for(at.labels, late)
    model = train(data, labels)
    false, lost = at.truth_of(at.late)
    scored = model.score(late, results_of(later))
    chance, stake = scored["chance"].to_numpy(), scored["stake_minor"].to_numpy().astype(float)
    answer = expected(at.world.declarations, at.labels, at.plan.mix, illicit=at.plan.illicit, days=at.plan.days)
    answer = answer.filter(at.world.declarations["lodged_on"] >= at.cut)
    best, money = answer["chance"].to_numpy(), answer["expected_duty_lost_minor"].to_numpy()
    by_raw = tuned_on_raw(data, labels, at.late)
    best_stake = money / np.maximum(best, 1e-9)
    arms: Mapping[str, Floats] = {
        "oracle, one ranking": best * (best_stake + 1) ** KNOBS.money,
        "this model, one ranking": chance * (stake + 1) ** KNOBS.money,
        "its chance, oracle's stake": chance * (best_stake + 1) ** KNOBS.money,
        "oracle's chance, its stake": best * (stake + 1) ** KNOBS.money,
        "tuned LightGBM on raw": by_raw,
        "rules alone": rules_alone(model, late),
    }
    told = {arm: measured(score, false, lost) for arm, score in arms.items()}
    learned = f"{len(labels.rows):,} results, {labels.found.sum():.0f} finds"
    print(f"  {name}: {at.late.height:,} scored, {false.mean():.2%} false; {learned}")
    for arm, figures in told.items():
        print(f"    {arm:26}", "  ".join(f"{figure} {value:.3f}" for figure, value in figures.items()))
    cold = _cold(at)
    print(
        f"    AP {average_precision(chance, false):.3f} (oracle {average_precision(best, false):.3f}); "
        f"ECE {expected_calibration_error(chance, false):.4f}; importers of under 90 days: AUC "
        f"{auc(chance[cold], false[cold]):.3f} (oracle {auc(best[cold], false[cold]):.3f})"
    )
    oracle, ours = told["oracle, one ranking"], told["this model, one ranking"]
    table = missed(mechanisms_of(at), lost, arms["this model, one ranking"], arms["oracle, one ranking"])
    return {name: ours[name] / oracle[name] for name in ours}, table


def _cold(at: Scene) -> np.typing.NDArray[np.bool_]:
    """Rows of importers who declared for the first time less than 90 days before."""
    first = at.world.declarations.group_by("importer").agg(pl.col("lodged_on").min().alias("first"))
    late = at.late.join(first, on="importer", how="left", maintain_order="left")
    return (late["lodged_on"] - late["first"]).dt.total_days().to_numpy() < 90


def one_declaration(model: Model, rows: pl.DataFrame, times: int = 200) -> None:
    """How much of a processor one declaration with its reasons takes, the model being there already."""
    taken = []
    for place in range(times):
        one = data_of(rows[place : place + 1])
        began = process_time()
        model.explain_one(one, 0)
        taken.append((process_time() - began) * 1000)
    told = np.quantile(np.array(taken[5:]), [0.5, 0.99])
    print(f"  one declaration with reasons: median {told[0]:.1f} ms of processor, p99 {told[1]:.1f} ms")
