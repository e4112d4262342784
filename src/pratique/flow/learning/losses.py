"""What would be lost if a row were false: by price, by rate of duty or by hidden goods, as the ways say that show.

No past find is needed for this. Each kind of known ways (``typologies.KINDS``) has a loss of its own: the gap in price
at the row's rate, the gap in rate on the value, all of the duty of what was split, the duty of other goods in the box,
or none where goods and value are true. The loss of a row is the mean of these by how strongly the ways show; where none
does it is both gaps and a small part of what is due. Amounts are logarithms, one added, of minor units.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from pratique.flow.learning.traces import Floats, Known, most, of
from pratique.flow.learning.typologies import KINDS

ASSUMED_RATE: Final = 0.1  # where no rate of duty is said
HIDDEN_RATE: Final = 0.5  # on the value, where other goods are in the box: what is smuggled pays much (own judgement)
ALWAYS: Final = 0.1  # of what is due, whatever the row shows
UNSHOWN: Final = 0.1  # how much a loss that no way tells of counts beside a way that shows fully
MOST_DOUBLINGS: Final = 6.0
TRADES: Final = ("series", "importer_exporter_hs4", "importer_hs4")
PAYERS: Final = ("importer_exporter", "importer_text", "exporter")
USUAL_RATES: Final = ("text_duty.usual", "subheading_duty.usual")  # above the row's own, in thousandths
LOST_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "price": ("value", "firms"), "rate": ("heading", "origin"), "relief": ("splitting",), "hidden": ("goods",),
    "nothing": ("use", "seller"),
}  # fmt: skip
"""What is lost, and the kinds of ways by which it is."""


def losses(known: Known) -> Mapping[str, Floats]:
    """``loss.price``, ``loss.rate`` and ``loss.whole``; nothing where the table has no values."""
    if "said.value_minor" not in known:
        return {}
    value = np.expm1(of(known, "said.value_minor"))
    own = _rate(known, len(value))
    usual = most([own, *(own - of(known, f"{key}.duty_shift") for key in PAYERS)])
    usual = most([usual, *(own + of(known, name) / 1000 for name in USUAL_RATES)])
    cheaper = most([-of(known, "unit_value.away"), *(-of(known, f"{key}.price_shift") for key in TRADES)])
    missing = value * (np.exp2(np.clip(cheaper, 0, MOST_DOUBLINGS)) - 1)
    by_price, by_rate = missing * usual, value * (usual - own)
    each = {
        "price": missing * own, "rate": by_rate, "relief": value * usual, "hidden": value * HIDDEN_RATE,
        "nothing": np.zeros(len(value)),
    }  # fmt: skip
    whole = UNSHOWN * (by_price + by_rate + ALWAYS * value * own)
    weight = np.full(len(value), UNSHOWN)
    for name, lost in each.items():
        shown = most(of(known, f"typology.{way}") for kind in LOST_BY[name] for way in KINDS[kind]) ** 2
        whole, weight = whole + shown * lost, weight + shown
    return {"loss.price": np.log1p(by_price), "loss.rate": np.log1p(by_rate), "loss.whole": np.log1p(whole / weight)}


def _rate(known: Known, height: int) -> Floats:
    """The rate of duty of each row, as a share of the value; the assumed one where none is said."""
    if "said.duty_rate_ppm" not in known:
        return np.full(height, ASSUMED_RATE)
    said = known["said.duty_rate_ppm"].astype(np.float64) / 1e6
    return np.where(np.isnan(said), ASSUMED_RATE, said)
