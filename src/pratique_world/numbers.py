"""Numbers that look right: containers (ISO 6346), ships (IMO), seals, tax numbers, bills.

Owner codes are invented; by chance a number may be that of a real box or ship, as any number that passes its check may.
"""

from __future__ import annotations

from typing import Final

import numpy as np

OWNERS: Final = ("QXAU", "ZJKU", "WQVU", "XZNU", "JQHU", "VXGU", "KZQU", "YQXU")
_LETTERS: Final = (
    "0123456789A?BCDEFGHIJK?LMNOPQRSTU?VWXYZ"  # value of a letter = its place; multiples of 11 are left out
)


def container_check_digit(first_ten: str) -> int:
    """ISO 6346: each character's value times two to the power of its place, summed, modulo 11, ten counts as nought."""
    total = sum(_LETTERS.index(character) << place for place, character in enumerate(first_ten))
    return total % 11 % 10


def container_numbers(rng: np.random.Generator, count: int) -> list[str]:
    """Distinct container numbers with right check digits."""
    serials = rng.choice(len(OWNERS) * 1_000_000, size=count, replace=False).tolist()
    heads = [f"{OWNERS[serial // 1_000_000]}{serial % 1_000_000:06d}" for serial in serials]
    return [f"{head}{container_check_digit(head)}" for head in heads]


def imo_number(first_six: int) -> str:
    """IMO ship number: six digits times 7, 6, 5, 4, 3, 2, summed; the last digit of the sum is the seventh."""
    digits = f"{first_six:06d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(7, 1, -1), strict=True))
    return f"{digits}{total % 10}"


def seal(line_code: str, uniform: float) -> str:
    """A carrier's bolt seal: two letters of the line and seven digits."""
    return f"{line_code[:2]}{int(uniform * 9_000_000) + 1_000_000}"


def tax_id(country: str, uniform: float) -> str:
    """A trader's number at the port's tax office: the sample port gives one to its own country's traders only."""
    if country != "KE":
        return ""
    serial = int(uniform * 26 * 10**9)
    return f"P{serial // 26:09d}{chr(65 + serial % 26)}"
