"""Counting what a file holds, as a person would: mass and packages once a bill, boxes by their distinct numbers."""

from __future__ import annotations

from collections.abc import Iterable

from pratique_world.model import Box, Consignment, Totals


def clean_number(number: str) -> str:
    """A container number without the blanks, hyphens and small letters that clerks put in."""
    return number.replace(" ", "").replace("-", "").upper()


def distinct_boxes(consignments: Iterable[Consignment]) -> list[Box]:
    """Each box once, in the order of first mention."""
    boxes: dict[str, Box] = {}
    for bill in consignments:
        for box in bill.boxes:
            boxes.setdefault(clean_number(box.number), box)
    return list(boxes.values())


def totals(consignments: Iterable[Consignment]) -> Totals:
    """The totals of these bills, each mention of a bill counted."""
    bills = list(consignments)
    return Totals(
        consignments=len(bills),
        containers=len(distinct_boxes(bills)),
        packages=sum(bill.packages for bill in bills),
        gross_kg=sum(bill.gross_kg for bill in bills),
    )
