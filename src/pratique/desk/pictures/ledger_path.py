"""The path of one entry to the root of the log: the neighbours that a proof carries, from the leaf up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from pratique.desk.pictures.svg import element, path, picture, rect, text

WIDTH: Final = 996
HEIGHT: Final = 96
START: Final = 30
END: Final = 880
MIDDLE: Final = 44
MARK: Final = 10  # side of a neighbour's square


def ledger_path(sides: Sequence[bool], *, told: str, entry: str, root: str, size: tuple[str, str]) -> Markup:
    """``sides`` says of each neighbour, from the leaf up, whether it stands before the entry (else behind it).

    ``told`` is what the picture says as a whole; ``entry``, ``root`` and the two lines of ``size`` stand at its parts.
    """
    step = (END - START) / (len(sides) + 1)
    parts = [path(f"M{START} {MIDDLE}H{END}", class_="c-line")]
    for place, before in enumerate(sides, 1):
        joint = START + place * step
        at, height = joint - min(step * 0.55, 34), 72 if before else 16
        parts.append(path(f"M{at:.1f} {height}L{joint:.1f} {MIDDLE}", class_="c-thin"))
        parts.append(rect(round(at - MARK / 2, 1), height - MARK / 2, MARK, MARK, class_="c-port"))
        parts.append(element("circle", cx=round(joint, 1), cy=MIDDLE, r=3.5, class_="c-sum"))
    parts += [element("circle", cx=x, cy=MIDDLE, r=7, class_="c-dot") for x in (START, END)]
    parts += [
        text(14, 26, entry, class_="t-ink"),
        text(END + 14, 48, root, class_="t-ink"),
        *(text(END + 14, y, words) for y, words in zip((74, 90), size, strict=True)),
    ]
    return picture(WIDTH, HEIGHT, told, *parts, fluid=True)


def sides_of(index: int, size: int) -> list[bool]:
    """Of each neighbour on the path of the entry ``index`` in a log of ``size``: whether it stands before the entry."""
    sides, last = [], size - 1
    while last:
        if index & 1 or index < last:
            sides.append(bool(index & 1))
        index, last = index >> 1, last >> 1
    return sides
