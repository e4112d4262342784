"""Shell importers: young companies with different names at one address and one telephone, used up one after the other.

Traces: the shared address and telephone, loose texts (two in five), values of 40 to 80 %, names that were never seen
before. One bill in five goes to a member with an address of its own, under a true text and value, and shows nothing
but a new name, of which any day has many. Several honest traders in one business park look much the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pratique_world.draw import between, pick
from pratique_world.hold import Hold
from pratique_world.model import FULL, IMPORT, Consignment, Trader
from pratique_world.names import DRAWS, trader

NAME = "shell_importers"
_RING: Final = 4  # members of a ring
_TEXTS: Final = ("ASSORTED GOODS", "GENERAL MERCHANDISE", "HOUSEHOLD GOODS", "SPARE PARTS", "MIXED ELECTRONICS")


def plant_shell_importers(hold: Hold, count: int) -> None:
    """Consign bills to the members of a ring; a new ring begins after twice its members."""
    ring: list[Trader] = []
    places = hold.take(count, _fits)
    for turn, (place, is_hidden) in enumerate(zip(places, hold.hidden(len(places)), strict=True)):
        if turn % (2 * _RING) == 0:
            ring = _new_ring(hold)
        bill = replace(hold.consignments[place], notify=Trader(name="SAME AS CONSIGNEE"))
        if is_hidden:
            hold.plant(place, replace(bill, consignee=trader("KE", hold.draws(DRAWS))), NAME)
            continue
        draws = hold.draws(4)
        goods = tuple(
            replace(
                line,
                description=pick(_TEXTS, draws[1]) if draws[0] < 0.4 else line.description,
                value_cents=round(line.value_cents * between(0.4, 0.8, draws[2])),
            )
            for line in bill.goods
        )
        hold.plant(place, replace(bill, consignee=ring[turn % _RING], goods=goods), NAME)


def _new_ring(hold: Hold) -> list[Trader]:
    house = trader("KE", hold.draws(DRAWS))
    members = []
    for _ in range(_RING):
        member = trader("KE", [*hold.draws(8), 0.9, *hold.draws(DRAWS - 9)])
        members.append(
            replace(member, street=house.street, city=house.city, postcode=house.postcode, phone=house.phone)
        )
    return members


def _fits(bill: Consignment) -> bool:
    return bill.nature == IMPORT and bool(bill.boxes) and all(box.fullness == FULL for box in bill.boxes)
