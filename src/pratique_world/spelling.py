"""How a name changes on its way through clerks, keyboards and scripts, by chance or on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pratique_world.draw import pick

_SOUNDS: Final = (
    ("PH", "F"), ("OU", "U"), ("KH", "H"), ("Q", "K"), ("Y", "I"), ("DJ", "J"), ("EE", "I"), ("CK", "K"), ("SH", "CH"),
    ("Z", "S"), ("W", "V"), ("MOHAMMED", "MUHAMAD"), ("AHMED", "AHMAD"), ("YUSUF", "YOUSSEF"), ("HASSAN", "HASAN"),
    ("OMAR", "UMAR"), ("V", "W"), ("IMRAN", "EMRAN"), ("C", "K"), ("AI", "EI"),
)  # fmt: skip
_SHORT: Final = (
    ("LIMITED", "LTD"), ("COMPANY", "CO"), ("TRADING", "TRDG"), ("ENTERPRISES", "ENT"), ("INTERNATIONAL", "INTL"),
    (" AND ", " & "), ("INDUSTRIES", "IND"), ("PRIVATE", "PVT"), ("GENERAL", "GEN"), ("LTD", "LIMITED"),
)  # fmt: skip


def mistyped(name: str, draws: Sequence[float]) -> str:
    """One slip of the finger: a letter lost, doubled, or two swapped. Takes two uniforms."""
    if len(name) < 4:
        return name
    place = 1 + int(draws[0] * (len(name) - 2))
    if draws[1] < 0.35:
        return name[:place] + name[place + 1 :]
    if draws[1] < 0.65:
        return name[:place] + name[place] + name[place:]
    return name[: place - 1] + name[place] + name[place - 1] + name[place + 1 :]


def respelled(name: str, draws: Sequence[float]) -> str:
    """Another spelling of the same sounds where one is known, else a slip of the finger. Takes three uniforms."""
    known = [(old, new) for old, new in _SOUNDS if old in name]
    if not known:
        return mistyped(name, draws[1:])
    old, new = pick(known, draws[0])
    return name.replace(old, new, 1)


def shortened(name: str, draws: Sequence[float]) -> str:
    """A legal form or a word of trade written short (or long), where there is one. Takes one uniform."""
    known = [(old, new) for old, new in _SHORT if old in name]
    if not known:
        return name
    old, new = pick(known, draws[0])
    return name.replace(old, new, 1)


def reordered(name: str) -> str:
    """The last word first, with a comma as registers write it."""
    words = name.split(" ")
    return f"{words[-1]}, {' '.join(words[:-1])}" if len(words) > 1 else name


def disguised(name: str, draws: Sequence[float], *, is_person: bool) -> str:
    """A changed spelling that keeps the name recognisable; a person's is reordered at times. Takes eight uniforms."""
    changed = respelled(name, draws[0:3])
    if draws[3] < 0.4:
        changed = shortened(changed, draws[4:5])
    if is_person and draws[5] < 0.2:
        changed = reordered(changed)
    return mistyped(changed, draws[6:8]) if draws[5] > 0.75 else changed
