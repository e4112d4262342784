"""Split consignments: one purchase becomes several bills, each below the value from which controls grow strict.

Traces: on one ship the same exporter, similar goods, importers that are the same or spelled a little differently,
values close below a round number. Real part shipments look alike. One bill in five is bought through a second pair of
firms at a value well below, and shows nothing.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from pratique_world.draw import between
from pratique_world.hold import Hold
from pratique_world.model import IMPORT, SHARED, Consignment
from pratique_world.names import DRAWS, trader
from pratique_world.spelling import mistyped, shortened

NAME = "split_consignment"
_PARTS: Final = 3
_THRESHOLD_CENTS: Final = 5_000_00


def plant_split_consignment(hold: Hold, count: int) -> None:
    """Make groups of three bills in shared boxes into one purchase."""
    for _ in range(max(1, round(count / _PARTS))):
        first = hold.take(1, _fits)
        if not first:
            return
        head = hold.consignments[first[0]]
        others = hold.take(_PARTS - 1, partial(_fits, vessel=head.vessel))
        for place in (*first, *others):
            bill = hold.consignments[place]
            is_aside = place in others[-1:] and hold.draws(1)[0] < _PARTS / 5
            hold.plant(place, _part(hold, bill, head, is_aside=is_aside), NAME)


def _fits(bill: Consignment, *, vessel: int | None = None) -> bool:
    is_shared = any(box.fullness == SHARED for box in bill.boxes)
    return bill.nature == IMPORT and is_shared and vessel in (None, bill.vessel)


def _part(hold: Hold, bill: Consignment, head: Consignment, *, is_aside: bool) -> Consignment:
    draws, model = hold.draws(6), head.goods[0]
    name = head.consignee.name
    if bill is not head:
        name = shortened(name, draws[0:1]) if draws[1] < 0.5 else name
        name = mistyped(name, draws[2:4]) if draws[1] > 0.75 else name
    nearness = (0.3, 0.7) if is_aside else (0.86, 0.995)
    goods = replace(
        bill.goods[0],
        code=model.code,
        description=model.description,
        origin=model.origin,
        package=model.package,
        un_number=model.un_number,
        imdg_class=model.imdg_class,
        value_cents=round(_THRESHOLD_CENTS * between(*nearness, draws[4])),
    )
    changed = replace(bill, goods=(goods,), loading=head.loading, first_port=head.first_port)
    if is_aside:
        exporter, importer = trader(head.shipper.country, hold.draws(DRAWS)), trader("KE", hold.draws(DRAWS))
        return replace(changed, shipper=exporter, consignee=importer, notify=importer)
    consignee = replace(head.consignee, name=name)
    return replace(changed, shipper=head.shipper, consignee=consignee, notify=head.notify)
