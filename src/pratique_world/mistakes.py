"""Mistakes that honest filers make (and dishonest ones too): they are worked in last, over all bills alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from pratique_world.draw import pick, uniforms
from pratique_world.model import SHARED, TRANSHIPMENT, Box, Consignment, Goods
from pratique_world.spelling import mistyped

_VAGUE: Final = (
    "GENERAL CARGO", "SAID TO CONTAIN GOODS", "FREIGHT ALL KINDS", "CONSOLIDATED CARGO", "SPARE PARTS", "MISC ITEMS",
    "AS PER INVOICE", "VARIOUS GOODS", "HOUSEHOLD GOODS", "PARTS", "SUNDRIES",
)  # fmt: skip
_OLD_TYPES: Final = {"22G1": "20DV", "42G1": "40DV", "45G1": "40HC", "45R1": "40RH", "22R1": "20RF", "22T1": "20TK"}
_DRAWS: Final = 16


def make_mistakes(consignments: Sequence[Consignment], rng: np.random.Generator) -> list[Consignment]:
    """The bills as clerks typed them."""
    return [
        _typed(bill, draws) for bill, draws in zip(consignments, uniforms(rng, len(consignments), _DRAWS), strict=True)
    ]


def file_twice(
    consignments: Sequence[Consignment], honest: set[str], rng: np.random.Generator, count: int
) -> list[Consignment]:
    """The bills with so many honest ones filed a second time, somewhere behind the first."""
    bills = list(consignments)
    choices = [place for place, bill in enumerate(bills) if bill.bill in honest]
    for place in sorted(rng.choice(choices, size=count, replace=False).tolist(), reverse=True):
        bills.insert(min(len(bills), place + 1 + int(rng.integers(0, 40))), bills[place])
    return bills


def _typed(bill: Consignment, draws: list[float]) -> Consignment:
    if not bill.freight_cents:  # empties come straight out of the line's own books
        return bill
    goods = tuple(_typed_goods(line, bill.nature, draws) for line in bill.goods)
    boxes = bill.boxes
    if boxes and not any(box.fullness == SHARED for box in boxes):
        boxes = (_typed_box(boxes[0], draws), *boxes[1:])
    consignee = bill.consignee
    if draws[8] < 0.015:
        consignee = replace(consignee, name=mistyped(consignee.name, draws[9:11]))
    elif draws[8] < 0.045:
        consignee = replace(consignee, street="", city="", postcode="")
    elif draws[8] < 0.06:
        consignee = replace(consignee, name=consignee.name.lower())
    elif draws[8] < 0.08:
        consignee = replace(consignee, tax_id="")
    return replace(bill, goods=goods, boxes=boxes, consignee=consignee)


def _typed_goods(line: Goods, nature: str, draws: list[float]) -> Goods:
    """Code left away (a third of transhipments), text loose or in small letters, mass rounded, columns swapped."""
    if draws[0] < (0.33 if nature == TRANSHIPMENT else 0.04):
        line = replace(line, code="")
    if draws[1] < 0.022:
        line = replace(line, description=pick(_VAGUE, draws[2]))
    elif draws[1] < 0.045:
        line = replace(line, description=line.description.lower())
    elif draws[1] < 0.06:
        line = replace(line, description=mistyped(line.description, draws[2:4]))
    if draws[4] < 0.06:
        rounded = max(100, round(line.gross_kg, -3 if line.gross_kg > 5000 else -2))
        line = replace(line, gross_kg=rounded, net_kg=min(line.net_kg, rounded))
    elif draws[4] < 0.066:
        line = replace(line, gross_kg=line.net_kg, net_kg=line.gross_kg)
    elif draws[4] < 0.07 and line.packages > 1:
        line = replace(line, packages=line.gross_kg, gross_kg=line.packages, net_kg=line.packages)
    return line


def _typed_box(box: Box, draws: list[float]) -> Box:
    """A wrong digit in one number of a hundred and forty, blanks and hyphens in some, old words for the type."""
    number = box.number
    if draws[5] < 0.007:
        number = f"{number[:10]}{(int(number[10]) + 1 + int(draws[6] * 9)) % 10}"
    elif draws[5] < 0.03:
        number = f"{number[:4]} {number[4:10]}-{number[10]}"
    elif draws[5] < 0.036:
        number = number.lower()
    size_type = _OLD_TYPES.get(box.size_type, box.size_type) if draws[7] < 0.06 else box.size_type
    return replace(box, number=number, size_type=size_type)
