"""The stake: the duty that is expected to be recovered where something is found.

With enough finds it is learned on the logarithm, and set right so that the sum over past finds agrees. With few it is
the usual share of the declared value; where no duty is recorded, the declared duty, else a share of the value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pratique.flow.learning.engines import Engine, Learned

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]

LEAST_LEARNED: Final = 150
LEAST_SHARE: Final = 10
ASSUMED_SHARE: Final = 0.1  # of the value, where nothing is recorded at all
MOST: Final = 2.0**53


@dataclass(frozen=True)
class Stake:
    """How stakes are told: ``learned`` by trees, a ``share`` of the value, or the ``duty`` as declared."""

    kind: str
    factor: float
    trees: Learned | None = None

    def expected(self, names: Sequence[str], matrix: Matrix) -> npt.NDArray[np.int64]:
        """The expected duty of each row where something is found, in minor units."""
        if self.trees is not None:
            told = np.expm1(np.clip(self.trees.margin(matrix), 0, 36)) * self.factor
        elif self.kind == "duty":
            told = _amount(names, matrix, "said.duty_minor")
        else:
            told = _amount(names, matrix, "said.value_minor") * self.factor
        return np.rint(np.clip(np.nan_to_num(told), 0, MOST)).astype(np.int64)

    def document(self) -> Mapping[str, Any]:
        """As JSON knows it; the trees are a file of their own."""
        return {"kind": self.kind, "factor": self.factor}


def fit_stake(engine: Engine, names: Sequence[str], matrix: Matrix, amount: Floats | None) -> Stake:
    """The stake that past finds give: ``matrix`` and ``amount`` are of the finds alone."""
    if amount is not None and len(amount) >= LEAST_LEARNED and float(amount.sum()) > 0:
        trees = engine.stake(names, matrix, amount)
        raw = np.expm1(np.clip(trees.margin(matrix), 0, 36))
        most = np.quantile(amount, 0.995)
        return Stake("learned", float(np.minimum(amount, most).sum() / max(raw.sum(), 1.0)), trees)
    if amount is not None and len(amount) >= LEAST_SHARE:
        value = _amount(names, matrix, "said.value_minor")
        whole = float(np.nansum(value))
        if whole > 0 and float(amount.sum()) > 0:
            return Stake("share", float(min(amount.sum() / whole, 1.0)))
    if "said.duty_minor" in names:
        return Stake("duty", 1.0)
    return Stake("share", ASSUMED_SHARE)


def _amount(names: Sequence[str], matrix: Matrix, name: str) -> Floats:
    if name not in names:
        return np.zeros(len(matrix))
    return np.expm1(matrix[:, list(names).index(name)].astype(np.float64))
