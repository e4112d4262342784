"""Boosted trees, small and the same every time: LightGBM with one thread, imported when it is needed.

Another engine takes its place through the entry-point group ``pratique.models``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pratique.flow.learning.errors import refuse
from pratique.flow.learning.keys import FEW
from pratique.flow.learning.packed import Packed, packed
from pratique.vocabulary.errors import Category

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]

_SAME: Final = {
    "num_threads": 1, "deterministic": True, "force_col_wise": True, "verbosity": -1, "seed": 20_260, "max_bin": 127,
}  # fmt: skip
CHANCE: Final = {
    **_SAME, "objective": "binary", "learning_rate": 0.05, "num_leaves": 15, "min_data_in_leaf": 20,
    "min_sum_hessian_in_leaf": 1.0, "feature_fraction": 0.4, "bagging_fraction": 0.8, "bagging_freq": 1,
    "lambda_l2": 1.0,
}  # fmt: skip
CHANCE_ROUNDS: Final = 140
MOST_ABREAST: Final = 32  # leaves of a tree that the compiled loop has bits for
RISING_ENDS: Final = (".rate", ".recent_rate")
RISING_BEGINS: Final = ("typology.", "patterns.")
"""A chance never falls because more was found before, or because a known way of wrongdoing shows more strongly."""


@dataclass(frozen=True)
class Trees:
    """A trained set of trees as its own text. Whatever asks it raises ``Unsound`` where the text is not sound."""

    text: str

    @cached_property
    def checked(self) -> Packed:
        """The trees as arrays, checked."""
        return packed(self.text)

    @cached_property
    def _struck(self) -> Any:
        from pratique.flow.learning.walking import struck

        return struck(self.checked)

    @cached_property
    def _booster(self) -> Any:
        return _lightgbm().Booster(model_str=self.checked.text)

    def margin(self, matrix: Matrix) -> Floats:
        """The sum of the leaves of each row, the same either way; for few rows the compiled loop is not loaded."""
        if matrix.shape[1] != self.checked.features:
            raise ValueError(f"{matrix.shape[1]} columns for trees of {self.checked.features}")
        if len(matrix) > FEW and self.checked.most_leaves <= MOST_ABREAST:
            told: Floats = self._struck.summed(matrix)
        else:
            told = self._booster.predict(matrix, raw_score=True, num_threads=1)
        return told

    def contributions(self, matrix: Matrix) -> Floats:
        """What each feature adds to the sum (exact Shapley values), and last what every row starts from."""
        told: Floats = self._booster.predict(matrix, pred_contrib=True, num_threads=1)
        return told

    def gains(self) -> npt.NDArray[np.float64]:
        """How much each feature helped in training."""
        told: Floats = self._booster.feature_importance("gain")
        return told


class LightGbm:
    """The engine that the product uses by default."""

    def chance(self, names: Sequence[str], matrix: Matrix, found: Floats, weight: Floats) -> Trees:
        """Trees whose sum is the log-odds of a find."""
        rising = [int(name.endswith(RISING_ENDS) or name.startswith(RISING_BEGINS)) for name in names]
        params = {**CHANCE, "monotone_constraints": rising, "monotone_constraints_method": "advanced"}
        return _trained(params, names, matrix, found, weight=weight, rounds=CHANCE_ROUNDS)

    def restore(self, text: str) -> Trees:
        """Trees from their text, checked. Raises ``Unsound``, which is a ``ValueError``, where it is none."""
        trees = Trees(text)
        _ = trees.checked
        return trees


def _lightgbm() -> Any:
    """The library. Raises ``model.library_missing`` where the system lacks what its wheel leaves to it."""
    try:
        import lightgbm
    except OSError as error:
        raise refuse("model.library_missing", Category.MISCONFIGURED, reason=str(error)[:200]) from error
    return lightgbm


def _trained(
    params: dict[str, Any], names: Sequence[str], matrix: Matrix, target: Floats, *, weight: Floats | None, rounds: int
) -> Trees:
    lightgbm = _lightgbm()
    plain = [f"f{place}" for place in range(len(names))]
    data = lightgbm.Dataset(matrix, target, weight=weight, feature_name=plain, params=params, free_raw_data=True)
    return Trees(lightgbm.train(params, data, num_boost_round=rounds).model_to_string())
