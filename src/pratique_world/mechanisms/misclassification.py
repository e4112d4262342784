"""Misclassification: goods declared under a heading with a lower duty.

Traces: in seven of ten the text still says what the goods are, so that text and code disagree; in the others the text
is that of the false heading and the value still that of the true goods. In one of five the text and the price are those
of the false heading, and nothing shows. Bills whose file gives no code are left out: there is nothing false on them.
"""

from __future__ import annotations

from dataclasses import replace

from pratique_world.draw import between
from pratique_world.filing import form_of, gives_code, gives_value
from pratique_world.goods import wording
from pratique_world.hold import Hold
from pratique_world.model import IMPORT, Consignment, Goods
from pratique_world.tables import Ware, wares_by_code

NAME = "misclassification"


def plant_misclassification(hold: Hold, count: int) -> None:
    """Put the lower heading in the place of the right one."""
    places = hold.take(count, _fits)
    for place, is_hidden in zip(places, hold.hidden(len(places)), strict=True):
        bill, draws = hold.consignments[place], hold.draws(6)
        passed_off = _in_all_respects if is_hidden else _by_price
        if not is_hidden and (draws[0] < 0.7 or not gives_value(bill, form_of(bill))):
            passed_off = _by_code
        goods = tuple(passed_off(line, lower, draws) for line in bill.goods if (lower := _lower(line)) is not None)
        hold.plant(place, replace(bill, goods=goods), NAME)


def _fits(bill: Consignment) -> bool:
    is_dearer = all(_lower(line) is not None for line in bill.goods)
    return bill.nature == IMPORT and is_dearer and gives_code(bill, form_of(bill))


def _lower(line: Goods) -> Ware | None:
    ware = wares_by_code().get(line.code)
    return wares_by_code().get(ware.lower) if ware is not None else None


def _by_code(line: Goods, lower: Ware, draws: list[float]) -> Goods:
    """The code alone is false; two in five lower the value as well."""
    value = round(line.value_cents * (0.6 if draws[4] < 0.4 else 1.0))
    return replace(line, code=lower.code, description=wares_by_code()[line.code].wordings[0], value_cents=value)


def _by_price(line: Goods, lower: Ware, draws: list[float]) -> Goods:
    """Code and text are false, the value is that of the true goods."""
    return replace(line, code=lower.code, description=wording(lower, line.packages, draws[1:4]))


def _in_all_respects(line: Goods, lower: Ware, draws: list[float]) -> Goods:
    """Code, text and value agree with one another and with the false heading."""
    value = round(line.net_kg * between(*lower.usd_per_kg, draws[5]) * 100)
    return replace(_by_price(line, lower, draws), value_cents=value)
