"""A listed party under a changed spelling, as exporter, importer or notify party of an otherwise ordinary bill.

Traces: the name, respelled, shortened, reordered or mistyped; the address is the trader's, not the list's. Innocent
namesakes of other listed persons trade in the same port. In one of five the listed party trades through a front whose
name is on no list, and nothing shows.
"""

from __future__ import annotations

from dataclasses import replace

from pratique_world.draw import pick
from pratique_world.hold import Hold
from pratique_world.model import TRANSHIPMENT, Consignment
from pratique_world.names import DRAWS, trader
from pratique_world.spelling import disguised

NAME = "listed_party"


def plant_listed_party(hold: Hold, count: int) -> None:
    """Put a listed name in the place of a party."""
    entries = [entry for entry in hold.listed if entry.kind in ("person", "organisation")]
    places = hold.take(count, _fits)
    for place, is_hidden in zip(places, hold.hidden(len(places)), strict=True):
        bill, draws = hold.consignments[place], hold.draws(11)
        if is_hidden:
            front = trader(bill.consignee.country, hold.draws(DRAWS))
            hold.plant(place, replace(bill, consignee=front), NAME)
            continue
        entry = pick(entries, draws[0])
        spelling = pick((entry.name, *entry.aliases), draws[1])
        name = disguised(spelling, draws[2:10], is_person=entry.kind == "person")
        if draws[10] < 0.5:
            changed = replace(bill, consignee=replace(bill.consignee, name=name))
        elif draws[10] < 0.85:
            changed = replace(bill, shipper=replace(bill.shipper, name=name))
        else:
            changed = replace(bill, notify=replace(bill.consignee, name=name))
        hold.plant(place, changed, NAME)


def _fits(bill: Consignment) -> bool:
    return bill.nature != TRANSHIPMENT and not bill.consignee.name.startswith("TO ORDER") and bill.freight_cents > 0
