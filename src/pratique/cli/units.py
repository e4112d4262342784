"""Figures for people: kilograms, cubic metres and currency instead of grams, cubic decimetres and minor units."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

SCALED: Final = {"_g": (3, "kg"), "_dm3": (3, "m³"), "_milli_c": (3, "°C"), "_milli": (3, ""), "_permille": (1, "%")}
MINOR: Final = "_minor"


def for_people(name: str, value: Any, beside: Mapping[str, Any] | None = None) -> tuple[str, Any]:
    """The heading and the figure of a field; ``beside`` are the fields of the same row, for the currency."""
    if isinstance(value, bool) or not isinstance(value, int):
        return heading(name), value
    if name.endswith(MINOR):
        return heading(name.removesuffix(MINOR)), _money(name, value, beside or {})
    for ending, (places, unit) in SCALED.items():
        if name.endswith(ending) or f"{ending}_of_" in name:
            of = name.removesuffix(ending).replace(f"{ending}_of_", "_of_")
            return heading(of), f"{Decimal(value).scaleb(-places).normalize():,f} {unit}".strip()
    return heading(name), value


def counted(count: int, one: str, more: str = "") -> str:
    """How many there are of a thing: ``1 consignment``, ``2 consignments``."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def heading(name: str) -> str:
    """A field's name in words."""
    return name.replace("_", " ")


def _money(name: str, value: int, beside: Mapping[str, Any]) -> str:
    from pratique.vocabulary.sentences import money

    currency = beside.get(name.removesuffix(MINOR) + "_currency")
    return money(value, currency) if currency else f"{value:,} (minor units, currency not stated)"
