"""False origin: goods of one country are sent over a hub and declared as those of another, to escape a duty.

Traces: the declared origin is the hub's or a neighbour's; in half the bills the first port of loading still lies in the
true country; in half the exporter on the bill still sits there. In about one in four neither remains.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pratique_world.draw import pick
from pratique_world.hold import Hold
from pratique_world.model import IMPORT, Consignment
from pratique_world.names import DRAWS, trader
from pratique_world.tables import services

NAME = "false_origin"
_PRETENDED: Final = {"east": ("MY", "VN", "TH", "SG"), "north": ("EG", "TR", "SA"), "gulf": ("AE", "OM")}
_DUTIABLE: Final = ("401", "540", "551", "520", "690", "691", "720", "721", "730", "732", "760", "854", "871", "940")


def plant_false_origin(hold: Hold, count: int) -> None:
    """Declare another origin and send the goods over a hub."""
    for place in hold.take(count, _fits):
        bill = hold.consignments[place]
        draws = hold.draws(5)
        service = services()[bill.vessel]
        pretended = pick([c for c in _PRETENDED[service.service_id] if c != bill.goods[0].origin], draws[0])
        hub = pick(service.hubs, draws[1])
        changed = replace(
            bill,
            goods=tuple(replace(line, origin=pretended) for line in bill.goods),
            loading=hub,
            first_port=bill.first_port if draws[2] < 0.5 else hub,
            shipper=bill.shipper if draws[3] < 0.5 else trader(pretended, hold.draws(DRAWS)),
        )
        hold.plant(place, changed, NAME)


def _fits(bill: Consignment) -> bool:
    return bill.nature == IMPORT and all(line.code.startswith(_DUTIABLE) for line in bill.goods)
