"""What would be lost if a row were false, as far as it shows it: by the price, by the rate of duty, or in any case.

No past find is needed for this: the gap in price pays the rate that is usual, the gap in rate is paid on the value, and
a small part of what is due stands for all that shows nowhere. Amounts are logarithms, one added, of minor units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Known = Mapping[str, Column]

ASSUMED_RATE: Final = 0.1  # where no rate of duty is said
ALWAYS: Final = 0.1  # of what is due, whatever the row shows
MOST_DOUBLINGS: Final = 6.0
TRADES: Final = ("series", "importer_exporter_hs4", "importer_hs4")
PAYERS: Final = ("importer_exporter", "importer_text", "exporter")
USUAL_RATES: Final = ("text_duty.usual", "subheading_duty.usual")  # above the row's own, in thousandths


def losses(known: Known) -> Mapping[str, Floats]:
    """``loss.price``, ``loss.rate`` and ``loss.whole``; nothing where the table has no values."""
    if "said.value_minor" not in known:
        return {}
    value = np.expm1(_of(known, "said.value_minor"))
    own = _rate(known, len(value))
    usual = _most([own, *(own - _of(known, f"{key}.duty_shift") for key in PAYERS)])
    usual = _most([usual, *(own + _of(known, name) / 1000 for name in USUAL_RATES)])
    cheaper = _most([-_of(known, "unit_value.away"), *(-_of(known, f"{key}.price_shift") for key in TRADES)])
    by_price = value * (np.exp2(np.clip(cheaper, 0, MOST_DOUBLINGS)) - 1) * usual
    by_rate = value * (usual - own)
    whole = by_price + by_rate + ALWAYS * value * own
    return {"loss.price": np.log1p(by_price), "loss.rate": np.log1p(by_rate), "loss.whole": np.log1p(whole)}


def _rate(known: Known, height: int) -> Floats:
    """The rate of duty of each row, as a share of the value; the assumed one where none is said."""
    if "said.duty_rate_ppm" not in known:
        return np.full(height, ASSUMED_RATE)
    said = known["said.duty_rate_ppm"].astype(np.float64) / 1e6
    return np.where(np.isnan(said), ASSUMED_RATE, said)


def _of(known: Known, name: str) -> Floats:
    if name not in known:
        return np.zeros(len(known["said.value_minor"]))
    return np.nan_to_num(known[name].astype(np.float64))


def _most(each: Iterable[Floats]) -> Floats:
    told: Floats = np.maximum.reduce(list(each))
    return told
