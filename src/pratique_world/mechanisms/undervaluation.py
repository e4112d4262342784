"""Undervaluation: the goods are what the bill says, the value is a fraction of what they cost.

Traces: a low value per kilogram for these goods and this origin. A third of the filers stay modest (50 to 70 % of the
true value), which the ordinary spread of prices hides. Where the message has no value, nothing shows at all.
"""

from __future__ import annotations

from dataclasses import replace

from pratique_world.draw import between
from pratique_world.hold import Hold
from pratique_world.model import IMPORT, Consignment

NAME = "undervaluation"


def plant_undervaluation(hold: Hold, count: int) -> None:
    """Declare a fraction of the value."""
    for place in hold.take(count, _fits):
        bill = hold.consignments[place]
        greed, level = hold.draws(2)
        share = between(0.5, 0.7, level) if greed < 0.33 else between(0.12, 0.4, level)
        goods = tuple(replace(line, value_cents=round(line.value_cents * share)) for line in bill.goods)
        hold.plant(place, replace(bill, goods=goods), NAME)


def _fits(bill: Consignment) -> bool:
    return bill.nature == IMPORT and any(line.net_kg and line.value_cents > 250 * line.net_kg for line in bill.goods)
