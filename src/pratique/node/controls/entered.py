"""What people enter (``1200.50`` EUR, ``214`` kilograms, a shift) as whole numbers of the smallest unit and records."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Final

from pratique.flow.controls.shifts import Shift
from pratique.node.errors import refuse
from pratique.vocabulary.codes.currency import exponent

LONGEST: Final = 24
_THOUSANDTHS: Final = 3
_SHIFT: Final = re.compile(r"([a-z0-9-]+)=([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})x([0-9]{1,6})(?:@([1-7]+))?")


def thousandths(text: str) -> int:
    """``0.5`` is 500: kilograms become grams, units thousandths of them. Raises ``REJECTED``."""
    return _whole(text, _THOUSANDTHS)


def minor_units(text: str, currency: str) -> int:
    """``1200.50`` EUR is 120050. Raises ``REJECTED`` for a currency without minor units or with too many decimals."""
    places = exponent(currency)
    if places is None:
        raise refuse("controls.no_such_code", field="currency", value=currency, known="ISO 4217")
    return _whole(text, places)


def shift_of(text: str) -> Shift:
    """``early=06:00-14:00x12@12345``: name, local times, capacity, and the weekdays where it is not every day."""
    found = _SHIFT.fullmatch(text.strip())
    if found is None:
        raise refuse("resources.shift_unfit", shift=text)
    name, starts, ends, capacity, days = found.groups()
    try:
        begins, stops = time.fromisoformat(starts), time.fromisoformat(ends)
    except ValueError:
        raise refuse("resources.shift_unfit", shift=text) from None
    return Shift(name, begins, stops, int(capacity), tuple(int(each) for each in days or "1234567"))


def shift_texts(shifts: Iterable[Shift]) -> list[str]:
    """The same, written again."""
    return [
        f"{each.name}={each.starts:%H:%M}-{each.ends:%H:%M}x{each.capacity}@{''.join(map(str, each.days))}"
        for each in shifts
    ]


def _whole(text: str, places: int) -> int:
    plain = text.strip()
    try:
        scaled = Decimal(plain).scaleb(places) if plain.isascii() and len(plain) <= LONGEST else Decimal("NaN")
    except InvalidOperation:
        scaled = Decimal("NaN")
    if not scaled.is_finite() or scaled.adjusted() > LONGEST or scaled != scaled.to_integral_value():
        raise refuse("controls.no_amount", text=text, places=places)
    return int(scaled)
