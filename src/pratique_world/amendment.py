"""What the first ship's line sends after its manifest: three bills changed, one cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pratique_world.draw import pick, whole
from pratique_world.economy import Economy
from pratique_world.model import FULL, IMPORT, Consignment, Vessel
from pratique_world.numbers import seal
from pratique_world.writers.cuscar import Report


def amendments(
    vessel: Vessel, filed: Sequence[Consignment], economy: Economy, *, previous: str, rng: np.random.Generator
) -> list[Report]:
    """A change (another consignee, another weight, another seal) and a cancellation of bills that were filed."""
    fits = [
        bill
        for bill in {bill.bill: bill for bill in filed}.values()
        if bill.nature == IMPORT
        and bill.consignee.street
        and bill.boxes
        and all(box.fullness == FULL for box in bill.boxes)
    ]
    chosen = [fits[place] for place in rng.choice(len(fits), size=4, replace=False).tolist()]
    draws = rng.random(4).tolist()
    changed = [
        replace(chosen[0], consignee=pick(economy.relations, draws[0]).importer),
        _heavier(chosen[1], whole(350, 1900, draws[1])),
        replace(chosen[2], boxes=(replace(chosen[2].boxes[0], seals=(seal("ZZ", draws[2]),)), *chosen[2].boxes[1:])),
    ]
    return [
        Report(f"{previous}A1", "4", vessel, changed, None, previous=previous),
        Report(f"{previous}A2", "1", vessel, chosen[3:], None, previous=previous),
    ]


def _heavier(bill: Consignment, extra_kg: int) -> Consignment:
    line, box = bill.goods[0], bill.boxes[0]
    return replace(
        bill,
        goods=(replace(line, gross_kg=line.gross_kg + extra_kg), *bill.goods[1:]),
        boxes=(replace(box, gross_kg=box.gross_kg + extra_kg), *bill.boxes[1:]),
    )
