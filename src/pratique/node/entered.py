"""Figures as people enter them (``1200.50`` EUR, ``214`` kilograms), in whole numbers of the smallest unit."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

from pratique.node.errors import refuse
from pratique.vocabulary.codes.currency import exponent

LONGEST: Final = 24
_THOUSANDTHS: Final = 3


def thousandths(text: str) -> int:
    """``0.5`` is 500: kilograms become grams, units thousandths of them. Raises ``REJECTED``."""
    return _whole(text, _THOUSANDTHS)


def minor_units(text: str, currency: str) -> int:
    """``1200.50`` EUR is 120050. Raises ``REJECTED`` for a currency without minor units or with too many decimals."""
    places = exponent(currency)
    if places is None:
        raise refuse("controls.no_such_code", field="currency", value=currency, known="ISO 4217")
    return _whole(text, places)


def _whole(text: str, places: int) -> int:
    plain = text.strip()
    try:
        scaled = Decimal(plain).scaleb(places) if plain.isascii() and len(plain) <= LONGEST else Decimal("NaN")
    except InvalidOperation:
        scaled = Decimal("NaN")
    if not scaled.is_finite() or scaled.adjusted() > LONGEST or scaled != scaled.to_integral_value():
        raise refuse("controls.no_amount", text=text, places=places)
    return int(scaled)
