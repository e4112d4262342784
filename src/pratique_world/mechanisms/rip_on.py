"""Rip-on, rip-off: drugs are hidden in an honest trader's box where it is loaded and fetched where it arrives.

The trader knows nothing and the papers are true. Traces: a seal that is missing (one in four), one that is not of the
line's series (one in three), a second seal (one in ten); a box that weighs 60 to 450 kg more than papers and tare
together (one in two, when it was weighed after the deed); a hub on the way that such goods do not need. About one in
ten shows nothing. One in five of the boxes is on the list of containers that were used before.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pratique_world.draw import pick, whole
from pratique_world.hold import Hold
from pratique_world.model import FULL, TRANSHIPMENT, Box, Consignment
from pratique_world.tables import services

NAME = "rip_on_rip_off"
_ORIGINS: Final = ("BR", "US", "NL", "BE", "PK", "AE", "TR", "ZA", "CN")


def plant_rip_on(hold: Hold, count: int) -> None:
    """Tamper with one box of an honest bill."""
    numbers = [entry.name for entry in hold.listed if entry.kind == "equipment"]
    for place in hold.take(count, _fits):
        bill = hold.consignments[place]
        draws = hold.draws(6)
        box = _tampered(bill.boxes[0], draws)
        if numbers and draws[4] < 0.2:
            box = replace(box, number=numbers.pop())
        loading = pick(services()[bill.vessel].hubs, draws[5]) if draws[5] < 0.3 else bill.loading
        hold.plant(place, replace(bill, boxes=(box, *bill.boxes[1:]), loading=loading), NAME)


def _fits(bill: Consignment) -> bool:
    return (
        bill.nature != TRANSHIPMENT
        and bool(bill.boxes)
        and all(box.fullness == FULL for box in bill.boxes)
        and bill.goods[0].origin in _ORIGINS
    )


def _tampered(box: Box, draws: list[float]) -> Box:
    foreign = f"{whole(100000, 999999, draws[1])}"
    seals = box.seals
    if draws[0] < 0.25:
        seals = ()
    elif draws[0] < 0.58:
        seals = (foreign,)
    elif draws[0] < 0.68:
        seals = (*box.seals, foreign)
    extra = whole(60, 450, draws[3]) if draws[2] < 0.5 else 0
    return replace(box, seals=seals, gross_kg=box.gross_kg + extra)
