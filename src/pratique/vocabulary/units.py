"""Exact text into integers: grams, minor units of a currency, cubic decimetres.

Every format reads its numbers here, so that 0.1 kg is 100 g in all of them. The arithmetic is in integers; a value is
rounded (half up) only below one gram, one minor unit or one cubic decimetre. Text that is no number, a unit that is
not known, a negative mass or volume and anything beyond a 64-bit integer give ``None``: the caller keeps the text in a
finding. Nothing is repaired here: no sign, no thousands separator, no blank inside a number.

Factors: UNECE Recommendation 20 (conversion factor column). Currency exponents: ISO 4217 (minor unit column).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final

from pratique.vocabulary.codes.currency import exponent

LARGEST: Final = 2**63 - 1
MOST_DIGITS: Final = 40
BELOW_ONE_GRAM: Final = "mass.below_one_gram"  # the finding of every format about a mass that whole grams cannot say
_MARKS: Final = frozenset((".", ",", ".,", ",."))

Factor = tuple[int, int]  # numerator, denominator

# UNECE Rec 20 first, then what senders write instead of it
_GRAMS: Final[Mapping[str, Factor]] = MappingProxyType(
    {
        **dict.fromkeys(("KGM", "KG", "KGS", "KILO", "KILOS", "K"), (1_000, 1)),
        **dict.fromkeys(("GRM", "GR", "G", "GM"), (1, 1)),
        **dict.fromkeys(("TNE", "TON", "TONS", "TONNE", "TONNES", "TO", "T", "MT", "MTS"), (1_000_000, 1)),
        **dict.fromkeys(("LBR", "LBS", "LB", "L"), (45_359_237, 100_000)),
        "MGM": (1, 1_000),
        "HGM": (100, 1),
        "DTN": (100_000, 1),
        "KTN": (1_000_000_000, 1),
        "ONZ": (45_359_237, 1_600_000),
        "OZ": (45_359_237, 1_600_000),
        "APZ": (311_034_768, 10_000_000),
        "CWA": (4_535_923_700, 100_000),
        "CWI": (5_080_234_544, 100_000),
        "STN": (90_718_474_000, 100_000),
        "LTN": (101_604_690_880, 100_000),
    }
)

_CUBIC_DECIMETRES: Final[Mapping[str, Factor]] = MappingProxyType(
    {
        **dict.fromkeys(("MTQ", "M3", "CBM", "MQ"), (1_000, 1)),
        **dict.fromkeys(("DMQ", "DM3", "LTR", "LT", "L"), (1, 1)),
        **dict.fromkeys(("CMQ", "CM3", "MLT", "ML", "CCM"), (1, 1_000)),
        **dict.fromkeys(("FTQ", "FT3", "CFT", "CF", "CUF"), (28_316_846_592, 1_000_000_000)),
        "INQ": (16_387_064, 1_000_000_000),
        "YDQ": (764_554_857_984, 1_000_000_000),
        "HLT": (100, 1),
        "GLL": (3_785_411_784, 1_000_000_000),
        "GLI": (4_546_090, 1_000_000),
        "BLL": (158_987_294_928, 1_000_000_000),
    }
)


def decimal_number(text: str, *, mark: str = ".") -> Decimal | None:
    """The number written in ``text``, exactly; ``None`` where it is not one number.

    ``mark`` is the decimal mark: ``"."``, ``","`` or ``".,"`` (either, but only one of them in a number). A minus may
    lead; a plus, a trailing sign, thousands separators, exponents and blanks are no number.
    """
    if _pattern(mark).fullmatch(text) is None:
        return None
    return Decimal(text.replace(",", "."))


def grams(text: str, unit_code: str, *, mark: str = ".") -> int | None:
    """The mass in grams; ``unit_code`` by UNECE Rec 20 (KGM, GRM, TNE, LBR …) or the senders' own (KG, K, TON, L …)."""
    return _convert(text, _GRAMS.get(unit_code) or _GRAMS.get(unit_code.strip().upper()), mark)


def is_below_one_gram(text: str, unit_code: str, *, mark: str = ".") -> bool:
    """Whether the text is a mass above nothing and below one gram, which :func:`grams` can only round."""
    factor = _GRAMS.get(unit_code.strip().upper())
    digits = _with_decimals(text, mark) or ((int(text), 1) if text.isdigit() and text.isascii() else None)
    return factor is not None and digits is not None and 0 < digits[0] * factor[0] < digits[1] * factor[1]


def cubic_decimetres(text: str, unit_code: str, *, mark: str = ".") -> int | None:
    """The volume in cubic decimetres; ``unit_code`` by UNECE Rec 20 (MTQ, DMQ, LTR …) or the senders' own (M3, CBM)."""
    return _convert(text, _CUBIC_DECIMETRES.get(unit_code) or _CUBIC_DECIMETRES.get(unit_code.strip().upper()), mark)


def minor_units(text: str, currency: str, *, mark: str = ".") -> int | None:
    """The amount in minor units of ``currency`` (cents, fils, yen); it may be negative."""
    negative = text.startswith("-")
    amount = _convert(text[1:] if negative else text, _of_minor_units(currency), mark)
    return -amount if negative and amount is not None else amount


def is_mass_unit(unit_code: str) -> bool:
    """Whether :func:`grams` knows the unit."""
    return unit_code.strip().upper() in _GRAMS


def is_volume_unit(unit_code: str) -> bool:
    """Whether :func:`cubic_decimetres` knows the unit."""
    return unit_code.strip().upper() in _CUBIC_DECIMETRES


def _convert(text: str, factor: Factor | None, mark: str) -> int | None:
    if factor is None:
        return None
    numerator, scale = factor
    if text.isdigit() and text.isascii() and len(text) <= MOST_DIGITS:
        digits = int(text)
    else:
        written = _with_decimals(text, mark)
        if written is None:
            return None
        digits, scale = written[0], scale * written[1]
    value = digits * numerator if scale == 1 else (2 * digits * numerator + scale) // (2 * scale)
    return value if value <= LARGEST else None


def _with_decimals(text: str, mark: str) -> tuple[int, int] | None:
    """All digits of a number with decimals and without a sign as one integer, and what it is to be divided by."""
    _check(mark)
    separator = "," if "," in text else "."
    whole, _, decimals = text.partition(separator)
    digits = whole + decimals
    if not decimals or separator not in mark or not digits.isdigit() or not digits.isascii():
        return None
    return (int(digits), 10 ** len(decimals)) if max(len(whole), len(decimals)) <= MOST_DIGITS else None


def _check(mark: str) -> None:
    if mark not in _MARKS:
        raise ValueError(f"a decimal mark is '.', ',' or both, not {mark!r}")


@lru_cache(512)
def _of_minor_units(currency: str) -> Factor:
    """Minor units to one unit of the currency; hundredths where ISO 4217 does not know it."""
    decimals = exponent(currency.strip().upper())
    return 10 ** (2 if decimals is None else decimals), 1


@cache
def _pattern(mark: str) -> re.Pattern[str]:
    _check(mark)
    return re.compile(
        rf"(?P<minus>-?)(?P<whole>[0-9]{{0,{MOST_DIGITS}}})(?:(?<=[0-9])|(?=[{mark}]))(?:[{mark}](?P<decimals>[0-9]{{1,{MOST_DIGITS}}}))?"
    )
