"""Lines of goods: mass, packages, value and wording of a ware."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from pratique_world.draw import between, pick
from pratique_world.model import Goods
from pratique_world.tables import Ware, wares

LOOSE: Final = ("roro", "bulk")
PACKAGE_WORDS: Final = {
    "CT": "CARTONS", "BG": "BAGS", "DR": "DRUMS", "PK": "PACKAGES", "PX": "PALLETS", "BL": "BALES", "RO": "ROLLS",
    "UN": "UNITS", "BE": "BUNDLES", "NE": "PIECES", "CR": "CRATES", "CL": "COILS", "JC": "JERRYCANS",
}  # fmt: skip
_SPREAD: Final = 1.7  # how far off the usual price of a relation a line can be, as a factor either way

DRY: Final = ("22G1", "45G1")


@cache
def boxed_wares(origin: str) -> tuple[Ware, ...]:
    """What a country sends in boxes."""
    return tuple(ware for ware in wares() if origin in ware.origins and ware.box not in LOOSE)


@cache
def traded_wares(origin: str) -> tuple[Ware, ...]:
    """What a country sends in boxes, each kind as often as it weighs in the trade: a few kinds make up much of it."""
    return tuple(ware for ware in boxed_wares(origin) for _ in range(ware.share))


@cache
def wares_for_box(origin: str, size_type: str) -> tuple[Ware, ...]:
    """What a country sends in boxes of that type; the two dry types take each other's goods."""
    types = DRY if size_type in DRY else (size_type,)
    return tuple(ware for ware in boxed_wares(origin) if ware.box in types)


def line_of(ware: Ware, origin: str, mass_kg: float, price: float, draws: Sequence[float]) -> Goods:
    """A line of goods of about that mass, at a place (0 to 1) in the price corridor. Takes six uniforms.

    Grade, season and haggling move a price: half the lines by less than 7 %, one in ten by a third or more.
    """
    each = between(*ware.package_kg, draws[0])
    packages = max(1, round(mass_kg / each))
    gross = max(1, round(packages * each))
    net = max(1, round(gross * between(0.92, 0.985, draws[1])))
    level = between(*ware.usd_per_kg, price) * _SPREAD ** ((2 * draws[2] - 1) ** 3)
    return Goods(
        code=ware.code,
        description=wording(ware, packages, draws[3:6]),
        origin=origin,
        package=ware.package,
        packages=packages,
        gross_kg=gross,
        net_kg=net,
        value_cents=round(net * level * 100),
        un_number=ware.un_number,
        imdg_class=ware.imdg_class,
    )


def wording(ware: Ware, packages: int, draws: Sequence[float]) -> str:
    """How a carrier's clerk words the goods. Takes three uniforms."""
    text = pick(ware.wordings, draws[0])
    noun = PACKAGE_WORDS.get(ware.package, "PACKAGES")
    if draws[1] < 0.45:
        return text
    if draws[1] < 0.7:
        return f"{packages} {noun} {text}"
    if draws[1] < 0.85:
        return f"{noun} OF {text} HS CODE {ware.code}" if ware.code else f"{noun} OF {text}"
    return f"{text} INV NO {int(draws[2] * 90000) + 10000}"
