"""What segments say that senders repeat word by word: each distinct text is taken apart once in a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Generic, NamedTuple, TypeVar

from pratique.vocabulary.units import cubic_decimetres, grams, is_mass_unit

Meaning = TypeVar("Meaning")

MOST_KEPT: Final = 50_000
NATURES: Final = frozenset(("22", "23", "24", "28"))
FREE_INDICATORS: Final = frozenset(("42", "109"))  # code lists in which these numbers mean something else
MEASURES: Final[Mapping[str, str]] = MappingProxyType(
    {  # data element 6313
        **dict.fromkeys(("G", "AAB", "AAD", "ABS", "ACN", "AET", "VGM", "WT"), "gross"),
        **dict.fromkeys(("AAA", "AAC", "AAF", "AAL", "ADZ", "N"), "net"),
        **dict.fromkeys(("AAW", "AAX", "ABJ", "ACP", "AFF", "VOL"), "volume"),
        "T": "tare",
    }
)
BY_UNIT: Final = frozenset(("AAE", "AAI", "AAY", "LMT"))  # measures of which only the unit says what they are
# segments of the CUSCAR directories whose content has no column; the raw message keeps them
UNMAPPED: Final = frozenset(
    (
        "ATT",
        "AUT",
        "CTA",
        "CUX",
        "DIM",
        "EQN",
        "GDS",
        "GIR",
        "GOR",
        "IMD",
        "NAT",
        "QTY",
        "STS",
        "TCC",
        "TOD",
        "TSR",
        "UNS",
    )
)
GOODS_OF_BOX: Final = frozenset(("AAA", "AAB", "AAC", "AAD", "AAF", "AAL", "ABS", "ADX", "ADZ", "N"))


class Distinct(dict[str, Meaning], Generic[Meaning]):
    """The meaning by the text: found out when it is first asked for, and again once there are ``MOST_KEPT``."""

    def __init__(self, interpret: Callable[[str], Meaning]) -> None:
        super().__init__()
        self.interpret = interpret

    def __missing__(self, text: str) -> Meaning:
        if len(self) >= MOST_KEPT:
            self.clear()
        meaning = self[text] = self.interpret(text)
        return meaning


class Measure(NamedTuple):
    """MEA: ``kind`` is gross, net, tare or volume; ``value`` in grams or cubic decimetres, null where there is none."""

    kind: str
    is_of_goods: bool  # and not of the box, where a box is open
    text: str
    unit: str
    value: int | None


class Said:
    """Meanings of the segments LOC, MEA, GIS and GEI of a sender whose decimal mark is ``mark``."""

    def __init__(self, mark: str) -> None:
        self.place = Distinct(_place)
        self.nature = Distinct(_nature)
        self.measure = Distinct(lambda text: _measure(text, mark))


def first_of(element: str) -> str:
    """The first component."""
    return element.split(":", 1)[0]


def part(components: list[str], index: int) -> str | None:
    """One component, null where it is absent or empty."""
    return (components[index] or None) if index < len(components) else None


def joined(components: list[str]) -> str | None:
    """Components as one text."""
    return " ".join(filter(None, map(str.strip, components))) or None


def place_of(element: str) -> str | None:
    """The code of a place, or its name where there is no code (C517)."""
    components = element.split(":")
    return part(components, 0) or part(components, 3)


def _place(text: str) -> tuple[str, str] | None:
    """LOC: qualifier and place; ``None`` where it names none."""
    elements = text.split("+")
    place = place_of(elements[2]) if len(elements) > 2 else None
    return None if place is None else (elements[1], place)


def _nature(text: str) -> str | None:
    """GIS or GEI: imported, exported, in transit or transhipped (7365); ``None`` where it says something else."""
    elements = text.split("+")
    element = elements[1] if elements[0] == "GIS" else (elements[2] if len(elements) > 2 else "")
    components = element.split(":")
    is_nature = components[0] in NATURES and part(components, 1) not in FREE_INDICATORS
    return components[0] if is_nature else None


def _measure(text: str, mark: str) -> Measure | None:
    elements = text.split("+")
    if len(elements) < 4:
        return None
    attribute = first_of(elements[2])
    unit, number, *_ = (elements[3] + ":").split(":")
    name = attribute or elements[1]
    kind = MEASURES.get(name)
    if kind is None and name in BY_UNIT:
        kind = "gross" if is_mass_unit(unit) else "volume"
    if kind is None or not number:
        return None
    value = (cubic_decimetres if kind == "volume" else grams)(number, unit, mark=mark)
    return Measure(kind, attribute in GOODS_OF_BOX, number, unit, value)
