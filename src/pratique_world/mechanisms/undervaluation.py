"""Undervaluation: the goods are what the bill says, the value is a fraction of what they cost.

Traces: a low value per kilogram beside other bills for such goods on the same day, on bills that give a value. One in
five shows nothing: half of these give no value in the manifest at all, and half stay modest (55 to 75 % of the true
value), which the ordinary spread of prices hides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from pratique_world.draw import between
from pratique_world.filing import form_of, gives_value
from pratique_world.hold import Hold
from pratique_world.model import IMPORT, Consignment

NAME = "undervaluation"
_PEERS: Final = 8  # bills for such goods with a value, without which nobody could tell what is low


def plant_undervaluation(hold: Hold, count: int) -> None:
    """Declare a fraction of the value."""
    peers = Counter(_valued_codes(hold.consignments))
    hidden = sum(hold.hidden(count))
    silent = hold.take(hidden // 2, lambda bill: _fits(bill) and not gives_value(bill, form_of(bill)))
    valued = hold.take(count - len(silent), lambda bill: _fits(bill) and peers[_code(bill)] > _PEERS)
    modest = valued[: hidden - len(silent)]
    for place in (*silent, *valued):
        share = between(0.55, 0.75, hold.draws(1)[0]) if place in modest else between(0.1, 0.42, hold.draws(1)[0])
        bill = hold.consignments[place]
        goods = tuple(replace(line, value_cents=round(line.value_cents * share)) for line in bill.goods)
        hold.plant(place, replace(bill, goods=goods), NAME)


def _fits(bill: Consignment) -> bool:
    return bill.nature == IMPORT and any(line.net_kg and line.value_cents > 60 * line.net_kg for line in bill.goods)


def _code(bill: Consignment) -> str:
    """The code under which the bill's value can be compared; none where it gives no value or two kinds of goods."""
    return bill.goods[0].code if len(bill.goods) == 1 and gives_value(bill, form_of(bill)) else ""


def _valued_codes(bills: Iterable[Consignment]) -> Iterable[str]:
    return (code for bill in bills if bill.nature == IMPORT and (code := _code(bill)))
