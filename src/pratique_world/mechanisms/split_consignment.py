"""Split consignments: one purchase becomes several bills, each below the value from which controls grow strict.

Traces: on one ship the same exporter, similar goods, importers that are the same or spelled a little differently,
values close below a round number. Real part shipments look alike.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from pratique_world.draw import between
from pratique_world.hold import Hold
from pratique_world.model import IMPORT, SHARED, Consignment
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
            hold.plant(place, _part(hold, hold.consignments[place], head), NAME)


def _fits(bill: Consignment, *, vessel: int | None = None) -> bool:
    is_shared = any(box.fullness == SHARED for box in bill.boxes)
    return bill.nature == IMPORT and is_shared and vessel in (None, bill.vessel)


def _part(hold: Hold, bill: Consignment, head: Consignment) -> Consignment:
    draws = hold.draws(6)
    name = head.consignee.name
    if bill is not head:
        name = shortened(name, draws[0:1]) if draws[1] < 0.5 else name
        name = mistyped(name, draws[2:4]) if draws[1] > 0.75 else name
    model = head.goods[0]
    value = round(_THRESHOLD_CENTS * between(0.86, 0.995, draws[4]))
    goods = replace(
        bill.goods[0],
        code=model.code,
        description=model.description,
        origin=model.origin,
        package=model.package,
        un_number=model.un_number,
        imdg_class=model.imdg_class,
        value_cents=value,
    )
    consignee = replace(head.consignee, name=name)
    changed = replace(bill, shipper=head.shipper, consignee=consignee, notify=head.notify, goods=(goods,))
    return replace(changed, loading=head.loading, first_port=head.first_port)
