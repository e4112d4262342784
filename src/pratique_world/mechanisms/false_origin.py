"""False origin: goods of one country are sent over a hub and declared as those of another, to escape a duty.

Traces: the declared origin is the hub's or a neighbour's, while the first port of loading still lies in the true
country, or the exporter on the bill still sits there, or both. In one of five neither remains. Bills of a file that
gives no origin are left out but for these.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pratique_world.draw import pick
from pratique_world.filing import form_of, gives_origin
from pratique_world.hold import Hold
from pratique_world.model import FULL, IMPORT, Consignment
from pratique_world.names import DRAWS, trader
from pratique_world.tables import services

NAME = "false_origin"
_PRETENDED: Final = {"east": ("MY", "VN", "TH", "SG"), "north": ("EG", "TR", "SA"), "gulf": ("AE", "OM")}
_DUTIABLE: Final = ("401", "540", "551", "520", "690", "691", "720", "721", "730", "732", "760", "854", "871", "940")


def plant_false_origin(hold: Hold, count: int) -> None:
    """Declare another origin and send the goods over a hub."""
    hidden = sum(hold.hidden(count))
    for place in hold.take(count - hidden, lambda bill: _fits(bill) and gives_origin(bill, form_of(bill))):
        trace = hold.draws(1)[0]
        _plant(hold, place, keeps_port=trace < 2 / 3, keeps_exporter=trace > 1 / 3)
    for place in hold.take(hidden, _fits):
        _plant(hold, place, keeps_port=False, keeps_exporter=False)


def _plant(hold: Hold, place: int, *, keeps_port: bool, keeps_exporter: bool) -> None:
    bill, draws = hold.consignments[place], hold.draws(2)
    true, service = bill.goods[0].origin, services()[bill.vessel]
    pretended = pick([country for country in _PRETENDED[service.service_id] if country != true], draws[0])
    hub = pick([port for port in service.hubs if not port.startswith(true)], draws[1])
    changed = replace(
        bill,
        goods=tuple(replace(line, origin=pretended) for line in bill.goods),
        loading=hub,
        first_port=bill.first_port if keeps_port else hub,
        shipper=bill.shipper if keeps_exporter else trader(pretended, hold.draws(DRAWS)),
    )
    hold.plant(place, changed, NAME)


def _fits(bill: Consignment) -> bool:
    is_alone = all(box.fullness == FULL for box in bill.boxes)
    return bill.nature == IMPORT and is_alone and all(line.code.startswith(_DUTIABLE) for line in bill.goods)
