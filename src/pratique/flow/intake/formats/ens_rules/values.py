"""What the rules look at in a declaration: mode at the border, kinds of packages, numbers as they read them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from pratique.flow.intake.xml import Branch

BULK: Final = frozenset({"VQ", "VG", "VL", "VY", "VR", "VS", "VO"})  # UNECE Rec 21
UNPACKED: Final = frozenset({"NE", "NF", "NG"})
NEGOTIABLE_BILL: Final = "10600"  # special mention: goods under a negotiable bill "to order blank endorsed"


def border_mode(ens: Branch) -> int | None:
    """The mode of transport at the border as a number."""
    text = ens.text("HEAHEA", "TraModAtBorHEA76") or ""
    return int(text) if text.isascii() and text.isdigit() else None


def circumstance(ens: Branch) -> str | None:
    """The specific circumstance indicator."""
    return ens.text("HEAHEA", "SpeCirIndHEA1")


def items(ens: Branch) -> list[Branch]:
    """The goods items."""
    return ens.children("GOOITEGDS")


def packages(ens: Branch) -> Iterator[Branch]:
    """The packages of all goods items."""
    for item in items(ens):
        yield from item.children("PACGS2")


def mentions_negotiable_bill(item: Branch) -> bool:
    """Whether the goods item has the special mention 10600."""
    return any(mention.text("AddInfCodMT23") == NEGOTIABLE_BILL for mention in item.children("SPEMENMT2"))


def number(branch: Branch | None) -> Decimal | None:
    """The number in an element, signs and all; ``None`` where there is none."""
    try:
        return Decimal(branch.own_text or "") if branch is not None else None
    except InvalidOperation:
        return None


def has_leading_zero(branch: Branch) -> bool:
    """Whether a whole number is written with zeros in front of it."""
    text = branch.own_text or ""
    return len(text) > 1 and text.startswith("0")
