"""Below a limit of value nothing is due: which rows were relieved so, and how close below that limit they lie.

The limit is not asked for: it is where the values end that pay nothing although such goods usually pay, as of the weeks
before (the 95th of a hundred such values, so that one wrong rate does not move it).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from pratique.flow.learning.peers import STEPS, Standing, fine_steps

Column = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Known = Mapping[str, Column]

RELIEF: Final = "relief"
"""The name of these values in the store."""
CLOSE: Final = (-0.8, -0.2)  # doublings from the limit: from here on close, from there on as close as can be
_DOUBLING: Final = float(np.log(2))


def relieved(known: Known, due: Floats | None) -> Floats:
    """1 where nothing is due although the goods usually pay, as below a limit of value."""
    usual = np.nan_to_num(known.get("subheading_duty.usual", np.zeros(1, dtype=np.float32)))
    rate = np.nan_to_num(known.get("said.duty_rate_ppm", np.zeros(1, dtype=np.float32)))
    free = np.zeros(1, dtype=np.bool_) if due is None else due == 0
    told: Floats = (free & ((usual > 0) | (rate > 0))).astype(np.float64)
    return told


def values_relieved(known: Known, value: Floats) -> Floats:
    """The values in steps of peers, NaN for rows that pay or that claim a preference."""
    claimed = np.nan_to_num(known.get("said.preference", np.zeros(1, dtype=np.float32))) > 0
    return fine_steps(np.where((known["said.relieved"] > 0) & ~claimed, value, np.nan))


def below_limit(known: Known, value: Floats, limit: Standing) -> Mapping[str, Floats]:
    """``relief.near``, 0 to 1 (nought for rows that pay), and ``relief.limit`` in logarithms; NaN where unknown."""
    highest = limit.quantiles[4]
    away = np.nan_to_num((fine_steps(value) - highest) / STEPS, nan=-np.inf)
    near = np.clip((away - CLOSE[0]) / (CLOSE[1] - CLOSE[0]), 0, 1) * known["said.relieved"]
    # steps are doublings of the value from a nought of their own
    return {"relief.near": near, "relief.limit": (highest - fine_steps(np.ones(1))) / STEPS * _DOUBLING}
