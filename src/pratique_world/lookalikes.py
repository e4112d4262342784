"""Honest bills that look like wrongdoing, so that no trace alone proves anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from pratique_world.draw import between, pick, whole
from pratique_world.hold import Hold
from pratique_world.model import EMPTY, FULL, IMPORT, TRANSIT, Consignment
from pratique_world.names import DRAWS, trader
from pratique_world.namesakes import namesakes

_PARKS: Final = 4
_TENANTS: Final = 4


def add_lookalikes(hold: Hold, per_kind: int) -> None:
    """Work about so many of each kind of look-alike into bills that nobody tampered with."""
    for add in (
        _clearance_stock,
        _replaced_seals,
        _dirty_empties,
        _clerks_codes,
        _namesakes,
        _limited_quantities,
        _business_parks,
        _hub_origins,
    ):
        add(hold, per_kind)
    _used_boxes(hold)


def _is_full_import(bill: Consignment) -> bool:
    return bill.nature == IMPORT and bool(bill.boxes) and all(box.fullness == FULL for box in bill.boxes)


def _valued(bill: Consignment) -> bool:
    return bill.nature == IMPORT and bill.value_cents > 0


def _is_empty(bill: Consignment) -> bool:
    return bool(bill.boxes) and all(box.fullness == EMPTY for box in bill.boxes)


def _change(
    hold: Hold, count: int, fits: Callable[[Consignment], bool], change: Callable[[Consignment], Consignment]
) -> None:
    for place in hold.take(count, fits):
        hold.put(place, change(hold.consignments[place]))


def _clearance_stock(hold: Hold, count: int) -> None:
    """Stock lots and seconds that really cost little."""

    def change(bill: Consignment) -> Consignment:
        share = between(0.3, 0.6, hold.draws(1)[0])
        return replace(
            bill,
            goods=tuple(
                replace(line, description=f"{line.description} STOCK LOT", value_cents=round(line.value_cents * share))
                for line in bill.goods
            ),
        )

    _change(hold, count, _valued, change)


def _replaced_seals(hold: Hold, count: int) -> None:
    """Boxes that another customs administration opened and sealed again, and boxes whose seal nobody typed."""

    def change(bill: Consignment) -> Consignment:
        draws = hold.draws(2)
        box = bill.boxes[0]
        seals = () if draws[0] < 0.3 else (*box.seals, f"CUS{whole(100000, 999999, draws[1])}")
        return replace(bill, boxes=(replace(box, seals=seals), *bill.boxes[1:]))

    _change(hold, count, _is_full_import, change)


def _dirty_empties(hold: Hold, count: int) -> None:
    """Empties with dunnage, ice or a generator set in them: a few hundred kilograms over the tare."""

    def change(bill: Consignment) -> Consignment:
        box = bill.boxes[0]
        return replace(
            bill, boxes=(replace(box, gross_kg=box.gross_kg + whole(150, 900, hold.draws(1)[0])), *bill.boxes[1:])
        )

    _change(hold, max(1, count // 3), _is_empty, change)


def _clerks_codes(hold: Hold, count: int) -> None:
    """Codes that a clerk copied from the wrong line: text and code disagree, nobody gains."""

    def change(bill: Consignment) -> Consignment:
        other = pick(hold.economy.relations, hold.draws(1)[0]).ware
        return replace(bill, goods=(replace(bill.goods[0], code=other.code), *bill.goods[1:]))

    _change(hold, count, _valued, change)


def _namesakes(hold: Hold, count: int) -> None:
    """A few importers whose name is near a listed one and who are somebody else (:mod:`pratique_world.namesakes`)."""
    resembling = iter(namesakes(hold.listed, hold.rng))

    def change(bill: Consignment) -> Consignment:
        return replace(bill, consignee=replace(bill.consignee, name=next(resembling)))

    _change(hold, max(1, count // 2), lambda bill: _is_full_import(bill) and bool(bill.consignee.street), change)


def _limited_quantities(hold: Hold, count: int) -> None:
    """Dangerous goods in small packages, which may travel without a UN number on the bill."""

    def change(bill: Consignment) -> Consignment:
        return replace(bill, goods=tuple(replace(line, un_number="", imdg_class="") for line in bill.goods))

    _change(hold, max(1, count // 2), lambda bill: any(line.un_number for line in bill.goods), change)


def _business_parks(hold: Hold, count: int) -> None:
    """Honest firms with one landlord: the same street and number, telephones of their own."""
    for _ in range(min(_PARKS, max(1, count // 3))):
        park = trader("KE", hold.draws(DRAWS))

        def change(bill: Consignment, park: str = park.street, city: str = park.city) -> Consignment:
            return replace(bill, consignee=replace(bill.consignee, street=park, city=city))

        _change(hold, _TENANTS, lambda bill: _is_full_import(bill) and bool(bill.consignee.street), change)


def _hub_origins(hold: Hold, count: int) -> None:
    """Goods that an entrepot trader sells on: the exporter sits at the hub, the origin is truly told."""

    def change(bill: Consignment) -> Consignment:
        return replace(bill, shipper=trader("AE", hold.draws(DRAWS)))

    _change(hold, count, lambda bill: bill.nature in (IMPORT, TRANSIT) and bool(bill.goods[0].code), change)


def _used_boxes(hold: Hold) -> None:
    """One listed container that was sold and now serves an honest trader."""
    numbers = [entry.name for entry in hold.listed if entry.kind == "equipment"]
    present = {box.number for bill in hold.consignments for box in bill.boxes}
    free = [number for number in numbers if number not in present]

    def change(bill: Consignment) -> Consignment:
        return replace(bill, boxes=(replace(bill.boxes[0], number=free[0]), *bill.boxes[1:]))

    if free:
        _change(hold, 1, _is_full_import, change)
