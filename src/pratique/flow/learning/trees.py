"""Boosted trees, small and the same every time: LightGBM with one thread, imported when it is needed.

They are grown on a score card of known ways (:mod:`~pratique.flow.learning.scorecard`): they learn what it leaves open.
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
from pratique.flow.learning.scorecard import ScoreCard, card_of_line, fit_card
from pratique.vocabulary.errors import Category

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]

_SAME: Final = {
    "num_threads": 1, "deterministic": True, "force_col_wise": True, "verbosity": -1, "seed": 20_260, "max_bin": 127,
}  # fmt: skip
CHANCE: Final = {
    **_SAME, "objective": "binary", "learning_rate": 0.05, "num_leaves": 15, "min_data_in_leaf": 8,
    "min_sum_hessian_in_leaf": 0.5, "feature_fraction": 0.4, "bagging_fraction": 0.8, "bagging_freq": 1,
    "lambda_l2": 1.0,
}  # fmt: skip
CHANCE_ROUNDS: Final = 60
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


@dataclass(frozen=True)
class Grown:
    """Trees and the score card that they were grown on: what they say is added up."""

    card: ScoreCard
    trees: Trees

    @property
    def text(self) -> str:
        """The card as the first line, then the trees."""
        return f"{self.card.line}\n{self.trees.text}"

    def margin(self, matrix: Matrix) -> Floats:
        """The sum of card and trees of each row."""
        return self.card.margin(matrix) + self.trees.margin(matrix)

    def contributions(self, matrix: Matrix) -> Floats:
        """What each feature adds to the sum in both, and last what every row starts from."""
        return self.card.contributions(matrix) + self.trees.contributions(matrix)

    def gains(self) -> npt.NDArray[np.float64]:
        """How much each feature helped the trees; those that the card asks for come before all others."""
        told = self.trees.gains()
        told[list(self.card.asked)] += told.max(initial=0) + 1
        return told


class LightGbm:
    """The engine that the product uses by default."""

    def chance(self, names: Sequence[str], matrix: Matrix, found: Floats, weight: Floats, everyday: Matrix) -> Grown:
        """A score card and trees on it, whose sum is the log-odds of a find."""
        card = fit_card(names, matrix, found, weight, everyday)
        rising = [int(name.endswith(RISING_ENDS) or name.startswith(RISING_BEGINS)) for name in names]
        params = {**CHANCE, "monotone_constraints": rising, "monotone_constraints_method": "advanced"}
        return Grown(card, _trained(params, matrix, found, weight, card.margin(matrix)))

    def restore(self, text: str) -> Grown:
        """Card and trees from their text, checked. Raises ``Unsound``, which is a ``ValueError``, where it is none."""
        line, _, rest = text.partition("\n")
        trees = Trees(rest)
        return Grown(card_of_line(line, trees.checked.features), trees)


def _lightgbm() -> Any:
    """The library. Raises ``model.library_missing`` where the system lacks what its wheel leaves to it."""
    try:
        import lightgbm
    except OSError as error:
        raise refuse("model.library_missing", Category.MISCONFIGURED, reason=str(error)[:200]) from error
    return lightgbm


def _trained(params: dict[str, Any], matrix: Matrix, found: Floats, weight: Floats, card: Floats) -> Trees:
    """Trees that learn what the sums of the score card leave open."""
    lightgbm = _lightgbm()
    plain = [f"f{place}" for place in range(matrix.shape[1])]
    params = {**params, "boost_from_average": False}
    data = lightgbm.Dataset(
        matrix, found, weight=weight, init_score=card, feature_name=plain, params=params, free_raw_data=True
    )
    return Trees(lightgbm.train(params, data, num_boost_round=CHANCE_ROUNDS).model_to_string())
