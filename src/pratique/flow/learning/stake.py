"""The stake: the duty that is expected to be recovered where something is found.

It is what the row itself shows to be lost (:mod:`~pratique.flow.learning.losses`), set right so that the sum over past
finds agrees. Where a table has no values it is the declared duty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]

LEAST_FINDS: Final = 10  # below which past finds say too little of the amount
MOST_QUANTILE: Final = 0.995  # of amounts: one find of a fortune must not raise every stake
MOST: Final = 2.0**53
SHOWN: Final = "loss.whole"
DECLARED: Final = "said.duty_minor"


@dataclass(frozen=True)
class Stake:
    """How stakes are told: by the feature ``name`` (a logarithm of an amount, one added), times ``factor``."""

    name: str
    factor: float

    @property
    def words(self) -> str:
        """What the stake is, for the card."""
        return "what a row shows to be lost" if self.name == SHOWN else "the declared duty"

    def expected(self, names: Sequence[str], matrix: Matrix) -> npt.NDArray[np.int64]:
        """The expected duty of each row where something is found, in minor units."""
        told = _amount(names, matrix, self.name) * self.factor
        return np.rint(np.clip(np.nan_to_num(told), 0, MOST)).astype(np.int64)

    def document(self) -> Mapping[str, Any]:
        """As JSON knows it."""
        return {"name": self.name, "factor": self.factor}


def fit_stake(names: Sequence[str], matrix: Matrix, amount: Floats | None) -> Stake:
    """The stake that past finds give: ``matrix`` and ``amount`` are of the finds alone."""
    name = SHOWN if SHOWN in names else DECLARED
    shown = float(_amount(names, matrix, name).sum())
    if amount is None or len(amount) < LEAST_FINDS or shown <= 0 or float(amount.sum()) <= 0:
        return Stake(name, 1.0)
    most = np.quantile(amount, MOST_QUANTILE)
    return Stake(name, float(np.minimum(amount, most).sum()) / shown)


def _amount(names: Sequence[str], matrix: Matrix, name: str) -> Floats:
    if name not in names:
        return np.zeros(len(matrix))
    return np.expm1(np.clip(np.nan_to_num(matrix[:, list(names).index(name)].astype(np.float64)), 0, 36))
