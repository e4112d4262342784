"""Rip-on, rip-off: drugs are hidden in an honest trader's box where it is loaded and fetched where it arrives.

The trader knows nothing and the papers are true. Traces: a seal that is missing, one that is not of the line's series,
or a second seal (three in four together); a box that weighs 60 to 450 kg more than papers and tare together (one in
two, when it was weighed after the deed, and wherever the seals are right); a hub on the way that such goods do not need
(three in ten); a box that is on the list of containers that were used before (one in five). One in five of the bills
shows nothing at all.
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
    places = hold.take(count, _fits)
    for place, is_hidden in zip(places, hold.hidden(len(places)), strict=True):
        bill, draws = hold.consignments[place], hold.draws(6)
        if is_hidden:
            hold.plant(place, bill, NAME)
            continue
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
    if draws[0] < 0.28:
        seals = ()
    elif draws[0] < 0.64:
        seals = (foreign,)
    elif draws[0] < 0.75:
        seals = (*box.seals, foreign)
    is_heavier = seals == box.seals or draws[2] < 0.5
    extra = whole(60, 450, draws[3]) if is_heavier else 0
    return replace(box, seals=seals, gross_kg=box.gross_kg + extra)
