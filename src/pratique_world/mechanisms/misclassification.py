"""Misclassification: goods declared under a heading with a lower duty.

Traces: in three of five bills the text still says what the goods are, so that text and code disagree; in the others the
text is that of the false heading, and only the price per kilogram remains, which the filer may have lowered too.
"""

from __future__ import annotations

from dataclasses import replace

from pratique_world.goods import wording
from pratique_world.hold import Hold
from pratique_world.model import IMPORT, Consignment, Goods
from pratique_world.tables import Ware, wares_by_code

NAME = "misclassification"


def plant_misclassification(hold: Hold, count: int) -> None:
    """Put the lower heading in the place of the right one."""
    for place in hold.take(count, _fits):
        bill = hold.consignments[place]
        goods = tuple(_passed_off(line, hold.draws(5)) for line in bill.goods)
        hold.plant(place, replace(bill, goods=goods), NAME)


def _fits(bill: Consignment) -> bool:
    return bill.nature == IMPORT and all(_lower(line) is not None for line in bill.goods)


def _lower(line: Goods) -> Ware | None:
    ware = wares_by_code().get(line.code)
    return wares_by_code().get(ware.lower) if ware is not None else None


def _passed_off(line: Goods, draws: list[float]) -> Goods:
    lower = _lower(line)
    if lower is None:
        return line
    text = wares_by_code()[line.code].wordings[0] if draws[0] < 0.6 else wording(lower, line.packages, draws[1:4])
    value = round(line.value_cents * (0.6 if draws[4] < 0.4 else 1.0))
    return replace(line, code=lower.code, description=text, value_cents=value)
