"""How a row's price and packages stand beside what its own trade usually has, where that is known well enough.

A trade is known the better the more often it was declared: the usual figure of importer and heading leans on that of
the peers as if two rows lay there, that of importer, exporter and heading leans on it, and that of the subheading on
that. So one odd earlier price does not make the next one strange, and a trade that always bought dear is known to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]

LEANING: Final = 2.0  # rows
TRADES: Final = ("importer_hs4", "importer_exporter_hs4", "series")  # widest first
MEASURES: Final = {"unit_value": "price", "package_mass": "package"}


def beside_own_trade(known: Mapping[str, Column]) -> Mapping[str, Floats]:
    """``unit_value.own`` and ``package_mass.own`` in doublings above the usual; nought where a figure is missing."""
    return {
        f"{measure}.own": _away(known, measure, habit)
        for measure, habit in MEASURES.items()
        if f"{measure}.away" in known
    }


def _away(known: Mapping[str, Column], measure: str, habit: str) -> Floats:
    away = np.nan_to_num(known[f"{measure}.away"].astype(np.float64))
    usual = np.zeros(len(away))
    for key in TRADES:
        if f"{key}.{habit}_shift" not in known:
            continue
        shift = known[f"{key}.{habit}_shift"].astype(np.float64)
        rows = np.where(np.isnan(shift), 0.0, known[f"{key}.rows"].astype(np.float64))
        usual = (rows * (away - np.nan_to_num(shift)) + LEANING * usual) / (rows + LEANING)
    told: Floats = away - usual
    return told
