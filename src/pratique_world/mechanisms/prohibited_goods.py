"""Prohibited goods behind a loose text: weapons parts, wildlife, waste, medicines without licence.

Traces: a text that says little, no HS code or one of a catch-all heading, often a private person at one end, sometimes
a mass per package that does not go with the text. Many honest senders write as loosely. One in five is covered by
papers for ordinary goods of the same country at their usual price, and shows nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pratique_world.draw import pick, whole
from pratique_world.goods import DRY, line_of, wares_for_box
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
    places = hold.take(count, _fits)
    for place, is_hidden in zip(places, hold.hidden(len(places)), strict=True):
        bill, draws = hold.consignments[place], hold.draws(8)
        if is_hidden:
            hold.plant(place, replace(bill, goods=(_well_covered(bill, draws),)), NAME)
            continue
        goods = tuple(_covered(line, draws) for line in bill.goods)
        shipper = bill.shipper
        if draws[4] < 0.5:
            shipper = replace(
                shipper,
                name=person(stock(countries()[shipper.country].culture.name, "trade"), hold.draws(5)),
                tax_id="",
            )
        hold.plant(place, replace(bill, goods=goods, shipper=shipper), NAME)


def _fits(bill: Consignment) -> bool:
    is_full = bool(bill.boxes) and all(box.fullness == FULL and box.size_type in DRY for box in bill.boxes)
    return bill.nature != TRANSHIPMENT and is_full


def _well_covered(bill: Consignment, draws: list[float]) -> Goods:
    """A line of ordinary goods that could stand on the bill: it only is not what is in the box."""
    origin = bill.goods[0].origin
    ware = pick([ware for ware in wares_for_box(origin, DRY[0]) if not ware.un_number], draws[0])
    line = line_of(ware, origin, bill.gross_kg, draws[1], draws[2:8])
    return replace(line, gross_kg=bill.gross_kg, net_kg=min(line.net_kg, bill.gross_kg))


def _covered(line: Goods, draws: list[float]) -> Goods:
    code, text, package_kg = pick(_COVER, draws[0])
    packages = max(1, line.gross_kg // package_kg) if draws[1] < 0.6 else whole(3, 40, draws[2])
    return replace(
        line, code=code, description=text, packages=packages, package="PK", un_number="", imdg_class="",
        value_cents=line.net_kg * whole(60, 300, draws[3]),
    )  # fmt: skip
