"""Declared empty, but not empty: one box among a line's empties carries goods.

Traces: in three of four bills the weighed mass of that box was sent on as it was, far above its tare; in the others
the clerk typed the tare, as for all empties, but the box carries a seal, which an empty does not need (so do some of
the heavy ones). In one of five neither shows.
"""

from __future__ import annotations

from dataclasses import replace

from pratique_world.draw import whole
from pratique_world.hold import Hold
from pratique_world.model import EMPTY, Consignment
from pratique_world.numbers import seal

NAME = "heavy_empty"


def plant_heavy_empty(hold: Hold, count: int) -> None:
    """Load one box of a bill of empties."""
    places = hold.take(count, _fits)
    for place, is_hidden in zip(places, hold.hidden(len(places)), strict=True):
        bill, draws = hold.consignments[place], hold.draws(5)
        chosen = int(draws[0] * len(bill.boxes))
        box = bill.boxes[chosen]
        if draws[1] < 0.75 and not is_hidden:
            box = replace(box, gross_kg=box.gross_kg + whole(2400, 11000, draws[2]))
        if (draws[1] >= 0.75 or draws[3] < 0.4) and not is_hidden:
            box = replace(box, seals=(seal("ZZ", draws[4]),))
        hold.plant(place, replace(bill, boxes=(*bill.boxes[:chosen], box, *bill.boxes[chosen + 1 :])), NAME)


def _fits(bill: Consignment) -> bool:
    return bool(bill.boxes) and all(box.fullness == EMPTY for box in bill.boxes)
