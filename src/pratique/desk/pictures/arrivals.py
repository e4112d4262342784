"""Pictures of the arrivals page: the time axis, the boxes of a ship, the histogram of points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from pratique.desk.pictures.svg import element, path, picture, rect, text

AXIS_LEFT: Final = 14.0
AXIS_ROOM: Final = 950.0
HALF_LABEL: Final = 70.0  # about half the width of a ship's name, in units of the picture


@dataclass(frozen=True, slots=True)
class Ship:
    """A ship on the axis: hours from now to its arrival and to the last moment to approve, its boxes."""

    name: str
    hours: float
    approve_hours: float | None
    boxes: int


def time_axis(ships: Sequence[Ship], ticks: Sequence[tuple[float, str]], *, hours: float, told: str) -> Markup:
    """Ships by arrival on an axis from now; ``ticks`` are hours from now with their words."""

    def x(at: float) -> float:
        return AXIS_LEFT + max(0.0, min(at, hours)) * AXIS_ROOM / hours

    parts = [path("M14 46h970", class_="c-thin")]
    for at, words in ticks:
        parts += [path(f"M{x(at):.1f} 34v24", class_="w-grid"), text(x(at), 74, words, anchor="middle")]
    most = max((ship.boxes for ship in ships), default=1) or 1
    last = -math.inf
    for ship in sorted(ships, key=lambda each: each.hours):
        at = x(ship.hours)
        parts += [
            path(f"M{at:.1f} 34v24", class_="c-acc"),
            element("circle", cx=at, cy=46, r=5 + 6 * math.sqrt(ship.boxes / most), class_="c-bara"),
        ]
        if at - last > 2 * HALF_LABEL:
            place = min(max(at, HALF_LABEL), 1010 - HALF_LABEL)
            parts.append(text(place, 24, ship.name, anchor="middle", class_="t-ink t-12"))
            last = at
        if ship.approve_hours is not None and ship.approve_hours > 0:
            parts.append(element("circle", class_="c-port", cx=x(ship.approve_hours), cy=46, r=4))
    return picture(1010, 80, told, *parts, fluid=True)


def boxes_bar(kinds: Sequence[int], *, most: int, told: str) -> Markup:
    """Import, transhipment and empty boxes of a ship as one bar, on a scale that all ships share."""
    parts, at = [], 0.5
    for count, class_ in zip(kinds, ("c-barx", "c-bar", "w-model"), strict=True):
        width = count * 490.0 / max(most, 1)
        if width:
            parts.append(rect(at, 0.5, max(width - 2, 0.5), 13, class_=class_))
            at += width
    return element(
        "svg",
        *parts,
        class_="mirror",
        width="100%",
        height=14,
        viewBox="0 0 500 14",
        preserveAspectRatio="none",
        role="img",
        aria_label=told,
    )


def histogram(bars: Sequence[tuple[int, int]], *, high_line: int, words: str, told: str) -> Markup:
    """``bars`` are the lower bound of a class of points and its count, classes of equal width."""
    if not bars:
        return picture(312, 20, told)
    wide = 282 / len(bars)
    most = max(count for _, count in bars) or 1
    parts, line_at = [], None
    for number, (low, count) in enumerate(bars):
        x, tall = 30 + number * wide, 93.0 * count / most
        above = low >= high_line
        if above and line_at is None:
            line_at = x - 2
        parts += [
            rect(x, 118 - tall, wide - 4, tall, class_="c-bara" if above else "c-bar"),
            text(x + wide / 2 - 2, 113 - tall, str(count), anchor="middle", class_="t-ink" if above else ""),
        ]
        if number % 2 == 0:
            parts.append(text(x - 2, 134, str(low), anchor="middle"))
    parts.append(path("M28 118h284", class_="c-thin"))
    if line_at is not None:
        parts += [
            path(f"M{line_at:.1f} 20v98", class_="w-high"),
            text(min(line_at + 4, 240), 12, words, class_="t-acc"),
        ]
    return picture(312, 140, told, *parts)


def shares_bar(parts_of: Sequence[tuple[int, str]], *, whole: int, told: str) -> Markup:
    """A capacity split into parts: ``(slots, class)`` in order."""
    parts, at = [], 0.5
    for count, class_ in parts_of:
        width = count * 311.0 / max(whole, 1)
        if width:
            parts.append(rect(at, 0.5, max(width - 1.5, 0.5), 13, class_=class_))
            at += width
    return picture(312, 14, told, *parts)
