"""From relations to bills: boxes, weights, freight and seals of honest trade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from pratique_world.draw import between, pick, uniforms, whole
from pratique_world.economy import Economy, Relation
from pratique_world.goods import DRY, LOOSE, line_of, wares_for_box
from pratique_world.loads import Load
from pratique_world.model import (
    EMPTY,
    FULL,
    IMPORT,
    SHARED,
    TRANSHIPMENT,
    TRANSIT,
    Box,
    Consignment,
    Goods,
    Trader,
    Vessel,
)
from pratique_world.numbers import seal
from pratique_world.tables import Service, gateways, port, wares

TARE_KG: Final = {
    "22G1": 2230, "42G1": 3740, "45G1": 3890, "45R1": 4480, "22R1": 3010,
    "22T1": 3650, "22U1": 2350, "42P1": 4900,
}  # fmt: skip
PAYLOAD_KG: Final = 27_500
_DRAWS: Final = 24
_EMPTY_TYPES: Final = ("22G1", "45G1", "45G1", "42G1", "45R1")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers that are handed out once: containers and bills."""

    containers: Iterator[str]
    bills: Iterator[str]


@dataclass(frozen=True, slots=True)
class Voyage:
    """A ship with its place in the list and the service it runs on."""

    vessel: int
    ship: Vessel
    service: Service


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who makes out the bills of a voyage: with which trade, which numbers and which chance."""

    voyage: Voyage
    economy: Economy
    numbers: Numbers
    rng: np.random.Generator


@dataclass(frozen=True, slots=True)
class Lot:
    """Goods of one relation on their way, with the uniforms that their bill is made of."""

    relation: Relation
    draws: list[float]
    goods: tuple[Goods, ...]

    @property
    def gross_kg(self) -> int:
        """Mass of the goods."""
        return sum(line.gross_kg for line in self.goods)


def bill_numbers(ship: Vessel, rng: np.random.Generator) -> Iterator[str]:
    """Bill numbers of a line: four letters, the voyage's digits, and a number that rises with small gaps."""
    serial = int(rng.integers(100_000, 400_000))
    while True:
        for gap in rng.integers(1, 7, size=512).tolist():
            serial += gap
            yield f"{ship.line_code}{ship.voyage[:3]}{serial:07d}"


def honest_cargo(clerk: Clerk, nature: str, loads: Sequence[Load]) -> list[Consignment]:
    """The bills of one nature on one ship."""
    count = sum(load.bills for load in loads)
    shared = sum(load.bills for load in loads if load.bills > 1)
    drawn = clerk.economy.draw(clerk.rng, clerk.voyage.service.origins, nature, count)
    alone = iter(drawn[shared:])
    together = iter(sorted(drawn[:shared], key=lambda relation: relation.origin))  # a box is filled in one country
    draws = iter(uniforms(clerk.rng, count, _DRAWS))
    bills: list[Consignment] = []
    for load in loads:
        relations = together if load.bills > 1 else alone
        bills.extend(_bills_of_load(clerk, load, [(next(relations), next(draws)) for _ in range(load.bills)]))
    return bills


def _bills_of_load(clerk: Clerk, load: Load, parts: Sequence[tuple[Relation, list[float]]]) -> list[Consignment]:
    if load.bills > 1:
        parts = [(_for_sharing(relation, draws), draws) for relation, draws in parts]
    lots = [Lot(relation, draws, _goods(relation, draws, load)) for relation, draws in parts]
    boxes = _boxes(clerk, load, lots)
    master = next(clerk.numbers.bills) if load.bills > 1 else ""
    bills = [_bill(clerk, lot, boxes, master=master) for lot in lots]
    return [_loaded_with(bills[0], bill) for bill in bills]


def _loaded_with(head: Consignment, bill: Consignment) -> Consignment:
    """The bill as it stands when its goods share the box of the head: loaded where the box was."""
    is_compatriot = bill.goods[0].origin == head.goods[0].origin
    return replace(bill, loading=head.loading, first_port=head.first_port if is_compatriot else bill.first_port)


def _for_sharing(relation: Relation, draws: Sequence[float]) -> Relation:
    """The same trade with dry goods: what needs cold, a tank or an open top does not travel in a shared box."""
    if relation.ware.box in DRY:
        return relation
    return replace(relation, ware=pick(wares_for_box(relation.origin, DRY[0]), draws[17]))


def _goods(relation: Relation, draws: Sequence[float], load: Load) -> tuple[Goods, ...]:
    """One line of goods mostly; on one bill in ten a second line out of the same country."""
    ware, origin, price = relation.ware, relation.origin, relation.price
    mass = min(ware.fill_t * 1000, PAYLOAD_KG) * between(0.72, 1.0, draws[0]) * load.boxes / load.bills
    if load.bills > 1:
        mass *= between(0.3, 1.1, draws[1])
    if draws[18] > 0.1:
        return (line_of(ware, origin, max(mass, 8.0), price, draws[2:8]),)
    other = pick(wares_for_box(origin, ware.box), draws[19])
    second = min(mass * 0.3, other.fill_t * 300)
    return (
        line_of(ware, origin, max(mass * 0.7, 8.0), price, draws[2:8]),
        line_of(other, origin, max(second, 8.0), price, draws[8:14]),
    )


def _boxes(clerk: Clerk, load: Load, lots: Sequence[Lot]) -> tuple[Box, ...]:
    """The boxes of a load, the goods spread evenly over them; the weighed mass is up to 0.6 % off the papers."""
    draws, size_type = lots[0].draws, lots[0].relation.ware.box
    tare = TARE_KG[size_type] + 10 * whole(-6, 6, draws[14])
    share = sum(lot.gross_kg for lot in lots) / load.boxes * between(0.994, 1.006, draws[15])
    line = clerk.voyage.ship.line_code
    return tuple(
        Box(
            number=next(clerk.numbers.containers),
            size_type=size_type,
            fullness=SHARED if load.bills > 1 else FULL,
            tare_kg=tare,
            gross_kg=tare + round(share),
            seals=(seal(line, (draws[16] + place * 0.0917) % 1.0),),
        )
        for place in range(load.boxes)
    )


def _bill(clerk: Clerk, lot: Lot, boxes: tuple[Box, ...], *, master: str = "") -> Consignment:
    relation, draws, voyage = lot.relation, lot.draws, clerk.voyage
    first = pick(gateways(relation.origin), draws[20])
    loading = first if first in voyage.service.calls else pick(voyage.service.hubs, draws[21])
    home = port()[0]
    freight = between(*voyage.service.freight_usd, draws[22]) * (len(boxes) or 1)
    return Consignment(
        vessel=voyage.vessel,
        bill=next(clerk.numbers.bills),
        nature=relation.nature,
        loading=loading,
        unloading=home,
        shipper=relation.exporter,
        consignee=_consignee(relation),
        notify=_notify(relation),
        goods=lot.goods,
        boxes=boxes,
        freight_cents=round(freight * 100 * (0.22 if master else 1.0)),
        first_port=first,
        destination=relation.destination if relation.nature in (TRANSIT, TRANSHIPMENT) else home,
        master=master,
        marks="" if draws[23] < 0.4 else f"{relation.importer.name.split(' ')[0]}/{int(draws[23] * 900) + 100}",
    )


def _consignee(relation: Relation) -> Trader:
    if not relation.order_bank:
        return relation.importer
    return Trader(name=f"TO ORDER OF {relation.order_bank}", city="NAIROBI", country="KE")


def _notify(relation: Relation) -> Trader:
    if relation.order_bank:
        return relation.importer
    return relation.broker if relation.broker is not None else Trader(name="SAME AS CONSIGNEE")


def empty_cargo(clerk: Clerk, count: int) -> list[Consignment]:
    """So many empty boxes that the line brings back to its depot, four to fourteen on a bill."""
    bills: list[Consignment] = []
    while count:
        size = min(count, int(clerk.rng.integers(4, 15)))
        count -= size
        bills.append(_empty_bill(clerk, size, clerk.rng.random(4).tolist()))
    return bills


def _empty_bill(clerk: Clerk, size: int, draws: Sequence[float]) -> Consignment:
    voyage, home = clerk.voyage, port()
    size_type = pick(_EMPTY_TYPES, draws[0])
    tare = TARE_KG[size_type] + 10 * whole(-6, 6, draws[1])
    description = pick(("EMPTY CONTAINERS", "EMPTY CONTAINERS FOR REPOSITIONING", "MT UNITS"), draws[2])
    loading = pick(voyage.service.calls, draws[3])
    depot = Trader(f"{voyage.ship.line} AGENCIES (K) LTD", "12 KILINDINI ROAD", home[1], "80100", "KE")
    return Consignment(
        vessel=voyage.vessel,
        bill=next(clerk.numbers.bills),
        nature=IMPORT,
        loading=loading,
        unloading=home[0],
        shipper=Trader(name=voyage.ship.line, city="SINGAPORE", country="SG"),
        consignee=depot,
        notify=Trader(name="SAME AS CONSIGNEE"),
        goods=(Goods("", description, "", "NE", size, tare * size, tare * size, 0),),
        boxes=tuple(Box(next(clerk.numbers.containers), size_type, EMPTY, tare, tare, ()) for _ in range(size)),
        freight_cents=0,
        first_port=loading,
        destination=home[0],
    )


def loose_cargo(clerk: Clerk, count: int) -> list[Consignment]:
    """A few vehicles and bulk lots that travel without a box, out of countries of the service that ship them."""
    origins = clerk.voyage.service.origins
    choices = [(ware, origin) for ware in wares() if ware.box in LOOSE for origin in ware.origins if origin in origins]
    relations = clerk.economy.draw(clerk.rng, origins, IMPORT, count)
    bills = []
    for relation, draws in zip(relations, uniforms(clerk.rng, count, _DRAWS), strict=True):
        ware, origin = pick(choices, draws[16])
        mass = between(400_000, 2_500_000, draws[17]) if ware.box == "bulk" else ware.package_kg[0]
        goods = (line_of(ware, origin, mass, relation.price, draws[2:8]),)
        bills.append(_bill(clerk, Lot(replace(relation, ware=ware, origin=origin), draws, goods), ()))
    return bills
