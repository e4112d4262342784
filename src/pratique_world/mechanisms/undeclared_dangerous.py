"""Undeclared dangerous goods: the surcharge and the rules are dodged by leaving the UN number away.

Traces: the HS heading of dangerous goods without a UN number (five in ten), or the trade's own word in the text under a
harmless heading (three in ten). In one of five text and heading are harmless, and nothing is left to see.
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
    places = hold.take(count, _fits)
    for place, is_hidden in zip(places, hold.hidden(len(places)), strict=True):
        bill, draws = hold.consignments[place], hold.draws(2)
        goods = tuple(_harmless(line, draws, is_hidden=is_hidden) if line.un_number else line for line in bill.goods)
        hold.plant(place, replace(bill, goods=goods), NAME)


def _fits(bill: Consignment) -> bool:
    return any(line.un_number for line in bill.goods)


def _harmless(line: Goods, draws: list[float], *, is_hidden: bool) -> Goods:
    plain = replace(line, un_number="", imdg_class="")
    code, text = pick(_HARMLESS, draws[1])
    if is_hidden:
        return replace(plain, code=code, description=text)
    return plain if draws[0] < 0.6 else replace(plain, code=code)
