"""Prohibited goods behind a loose text: weapons parts, wildlife, waste, medicines without licence.

Traces: a text that says little, no HS code or one of a catch-all heading, often a private person at one end, sometimes
a mass per package that does not go with the text. Many honest senders write as loosely.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pratique_world.draw import pick, whole
from pratique_world.hold import Hold
from pratique_world.model import FULL, TRANSHIPMENT, Consignment, Goods
from pratique_world.names import person
from pratique_world.stock import stock
from pratique_world.tables import countries

NAME = "prohibited_goods"
_COVER: Final = (
    ("", "PERSONAL EFFECTS", 22), ("", "GENERAL CARGO", 30), ("732690", "METAL PARTS", 90), ("", "SCRAP MATERIAL", 900),
    ("442199", "HANDICRAFTS", 45), ("300490", "SUPPLEMENTS", 9), ("392690", "ASSORTED ITEMS", 35),
    ("050790", "CURIOS", 40), ("", "USED ELECTRONICS", 400),
)  # fmt: skip


def plant_prohibited_goods(hold: Hold, count: int) -> None:
    """Cover the goods with a loose text and, often, send them in a person's name."""
    for place in hold.take(count, _fits):
        bill = hold.consignments[place]
        draws = hold.draws(8)
        goods = tuple(_covered(line, draws) for line in bill.goods)
        shipper = bill.shipper
        if draws[4] < 0.5:
            shipper = replace(shipper, name=person(stock(countries()[shipper.country].culture.name, "trade"), hold.draws(5)), tax_id="")
        hold.plant(place, replace(bill, goods=goods, shipper=shipper), NAME)


def _fits(bill: Consignment) -> bool:
    return bill.nature != TRANSHIPMENT and bool(bill.boxes) and all(box.fullness == FULL for box in bill.boxes)


def _covered(line: Goods, draws: list[float]) -> Goods:
    code, text, package_kg = pick(_COVER, draws[0])
    packages = max(1, line.gross_kg // package_kg) if draws[1] < 0.6 else whole(3, 40, draws[2])
    return replace(
        line, code=code, description=text, packages=packages, package="PK", un_number="", imdg_class="",
        value_cents=line.net_kg * whole(60, 300, draws[3]),
    )  # fmt: skip
