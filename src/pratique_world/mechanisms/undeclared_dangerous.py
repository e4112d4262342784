"""Undeclared dangerous goods: the surcharge and the rules are dodged by leaving the UN number away.

Traces: the HS heading of dangerous goods without a UN number (one in two), or the trade's own word in the text under a
harmless heading (three in ten), or a harmless text under a harmless heading, with nothing left to see (one in five).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pratique_world.draw import pick
from pratique_world.hold import Hold
from pratique_world.model import Consignment, Goods

NAME = "undeclared_dangerous_goods"
_HARMLESS: Final = (
    ("340250", "CLEANING PREPARATIONS"), ("392690", "ARTICLES OF PLASTICS"), ("870899", "AUTO SPARE PARTS"),
    ("210690", "PREPARATIONS"), ("853710", "ELECTRICAL GOODS"), ("950300", "TOYS"),
)  # fmt: skip


def plant_undeclared_dangerous(hold: Hold, count: int) -> None:
    """Take the UN number and the class away, and for some the heading or the text with them."""
    for place in hold.take(count, _fits):
        bill = hold.consignments[place]
        hold.plant(place, replace(bill, goods=tuple(_hidden(line, hold.draws(2)) for line in bill.goods)), NAME)


def _fits(bill: Consignment) -> bool:
    return any(line.un_number for line in bill.goods)


def _hidden(line: Goods, draws: list[float]) -> Goods:
    plain = replace(line, un_number="", imdg_class="")
    code, text = pick(_HARMLESS, draws[1])
    if draws[0] < 0.5:
        return plain
    return replace(plain, code=code) if draws[0] < 0.8 else replace(plain, code=code, description=text)
