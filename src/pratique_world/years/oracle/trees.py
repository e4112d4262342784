"""Boosted trees as density-ratio estimators; LightGBM is needed by the oracle alone, and loaded when it is asked."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final, Protocol

import numpy as np

from pratique_world.years.goods import Flags, Floats, Ints

_CHOSEN: Final[dict[str, Any]] = {
    "num_threads": 1, "verbose": -1, "seed": 1, "deterministic": True, "force_row_wise": True, "num_leaves": 12,
    "min_data_in_leaf": 30, "feature_fraction": 0.5, "bagging_fraction": 0.8, "bagging_freq": 1,
}  # fmt: skip


KINDS_ROUNDS, WEIGHING_ROUNDS = 120, 160


class Trees(Protocol):
    """Trees that give probabilities: one a row, or one a row and kind."""

    def predict(self, data: Floats, **_chosen: Any) -> Any:
        """The probabilities of each row of ``data``."""


def told_apart(columns: Floats, kind: Ints, kinds: int) -> Trees:
    """Trees that give the probability of each kind, numbered from 0."""
    chosen = {**_CHOSEN, "objective": "multiclass", "num_class": kinds, "learning_rate": 0.08}
    return _grown(chosen, columns, kind, rounds=KINDS_ROUNDS)


def weighed(columns: Floats, is_so: Flags) -> Trees:
    """Trees that give the probability that it is so."""
    chosen = {**_CHOSEN, "objective": "binary", "learning_rate": 0.05}
    return _grown(chosen, columns, is_so.astype(np.int64), rounds=WEIGHING_ROUNDS)


def probabilities(trees: Trees, columns: Floats) -> Floats:
    """What the trees say, on one thread, so that the same machine says the same."""
    return np.asarray(trees.predict(columns, num_threads=1), dtype=np.float64)


def _grown(chosen: dict[str, Any], columns: Floats, answer: Ints, *, rounds: int) -> Trees:
    lightgbm = import_module("lightgbm")
    trees: Trees = lightgbm.train(chosen, lightgbm.Dataset(columns, answer), num_boost_round=rounds)
    return trees
