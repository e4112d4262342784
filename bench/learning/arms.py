"""Who ranks: the product, a tuned LightGBM on the raw columns, simple rules, and a look-up table."""

from __future__ import annotations

from typing import Any, Final

import lightgbm
import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.flow.learning.columns import Brought
from pratique.flow.learning.labels import Labels
from pratique.flow.learning.measuring import average_precision
from pratique.flow.learning.model import Model

Floats = npt.NDArray[np.float64]
NOT_RAW: Final = frozenset({"consignment", "lodged_on", "importer_name", "exporter_name", "description"})
SAME: Final = {"num_threads": 1, "deterministic": True, "verbosity": -1, "seed": 1, "objective": "binary"}
TRIES: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"num_leaves": 15, "learning_rate": 0.05, "min_data_in_leaf": 10},
    {"num_leaves": 63, "learning_rate": 0.05, "min_data_in_leaf": 40, "lambda_l2": 5.0},
    {"num_leaves": 15, "learning_rate": 0.03, "feature_fraction": 0.5, "bagging_fraction": 0.8, "bagging_freq": 1},
    {"num_leaves": 31, "learning_rate": 0.05, "feature_fraction": 0.5, "lambda_l2": 10.0},
)
ROUNDS: Final = (60, 150, 300)


def raw(rows: pl.DataFrame, words: dict[str, pl.Series] | None = None) -> tuple[Floats, dict[str, pl.Series]]:
    """The columns as they stand, texts as numbers of those seen in training (-1: never seen)."""
    known = dict(words or {})
    columns = []
    for name in sorted(set(rows.columns) - NOT_RAW):
        column = rows[name]
        if column.dtype != pl.String:
            columns.append(column.cast(pl.Float64).to_numpy())
            continue
        if words is None:
            known[name] = column.drop_nulls().unique().sort()
        codes = pl.DataFrame({"word": known[name], "code": np.arange(len(known[name]))})
        told = pl.DataFrame({"word": column}).join(codes, on="word", how="left", maintain_order="left")["code"]
        columns.append(told.fill_null(-1).cast(pl.Float64).to_numpy())
    return np.column_stack(columns), known


def tuned_on_raw(data: Brought, labels: Labels, late: pl.DataFrame) -> Floats:
    """The chance that the best of several LightGBM settings gives; the last fifth of the labels chooses among them."""
    matrix, words = raw(data.rows)
    matrix, found, weight = matrix[labels.place], labels.found, labels.weight
    first = int(len(found) * 0.8)
    tries = [(setting, rounds) for setting in TRIES for rounds in ROUNDS]

    def quality(one: tuple[dict[str, Any], int]) -> float:
        return average_precision(
            _fit(matrix[:first], found[:first], weight[:first], one).predict(matrix[first:]), found[first:]
        )

    best = max(tries, key=quality)
    told: Floats = _fit(matrix, found, weight, best).predict(raw(late, words)[0])
    return told


def default_on_raw(early: pl.DataFrame, found: Floats, late: pl.DataFrame) -> Floats:
    """The chance that LightGBM gives as it comes."""
    matrix, words = raw(early)
    told: Floats = _fit(matrix, found, np.ones(len(found)), ({}, 100)).predict(raw(late, words)[0])
    return told


def rules_alone(model: Model, data: Brought) -> Floats:
    """What a handful of plain rules would say: points for price, words, newness, way and duty."""
    seen = model.look(data)
    cheap = (seen.column("unit_value.under") < 0) * 3.0
    other = (seen.column("text.fit") < 0.02) * 2.0
    new = (~(seen.column("importer.age") > 90)) * 1.0
    way = (seen.column("said.transhipped") > 0) * 1.0
    far = (seen.column("said.other_shore") > 0) * 1.0
    duty = (seen.column("said.duty_rate_ppm") >= 250_000) * 1.0
    told: Floats = (cheap + other + new + way + far + duty).astype(np.float64)
    return told


def looked_up(early: pl.DataFrame, found: Floats, late: pl.DataFrame, columns: list[str]) -> Floats:
    """The mean of what was found under the very same values; what was never seen gets the mean of all."""
    table = early.select(columns).with_columns(found=pl.Series(found)).group_by(columns).agg(pl.col("found").mean())
    told = late.select(columns).join(table, on=columns, how="left", maintain_order="left", nulls_equal=True)["found"]
    return told.fill_null(float(found.mean())).to_numpy()


def _fit(matrix: Floats, found: Floats, weight: Floats, one: tuple[dict[str, Any], int]) -> Any:
    setting, rounds = one
    return lightgbm.train({**SAME, **setting}, lightgbm.Dataset(matrix, found, weight=weight), num_boost_round=rounds)
