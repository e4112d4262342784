"""Where controls came from and what they came to, as bands from left to right (a Sankey diagram of two columns)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from pratique.desk.pictures.svg import path, picture, rect, text

WIDTH: Final = 560
ROOM: Final = 170.0
GAP: Final = 22.0
TOP: Final = 20.0
LEFT, RIGHT, BAR = 150.0, 420.0, 10.0


@dataclass(frozen=True, slots=True)
class Stream:
    """So many controls of one origin came to one end; both are keys of the words given."""

    source: str
    end: str
    count: int


def bands(streams: Sequence[Stream], words: Mapping[str, str], *, told: str) -> Markup:
    """The streams, each as high as it has controls; ``words`` names sources and ends, in the order of both columns."""
    shown = [each for each in streams if each.count]
    whole = sum(each.count for each in shown) or 1
    sources = [name for name in words if any(each.source == name for each in shown)]
    ends = [name for name in words if any(each.end == name for each in shown)]
    scale = ROOM / whole
    left, left_bars = _column(sources, {n: sum(e.count for e in shown if e.source == n) for n in sources}, scale)
    right, right_bars = _column(ends, {n: sum(e.count for e in shown if e.end == n) for n in ends}, scale)
    parts: list[Markup] = []
    for end in ends:
        for each in (one for source in sources for one in shown if one.source == source and one.end == end):
            high = each.count * scale
            parts.append(_band(left[each.source], right[end], high, class_="c-area" if end == ends[0] else "c-soft"))
            left[each.source] += high
            right[end] += high
    for name, (y, high) in left_bars.items():
        parts += [rect(LEFT, y, BAR, high, class_="c-bar"), text(LEFT - 8, y + high / 2 + 4, words[name], anchor="end")]
    for name, (y, high) in right_bars.items():
        parts += [rect(RIGHT, y, BAR, high, class_="c-bara"), text(RIGHT + BAR + 8, y + high / 2 + 4, words[name])]
    height = round(TOP * 2 + ROOM + GAP * (max(len(sources), len(ends), 1) - 1))
    return picture(WIDTH, height, told, *parts)


def _column(
    names: Sequence[str], counts: Mapping[str, int], scale: float
) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Where each name begins, and its bar: place and height."""
    y = TOP
    bars = {}
    for name in names:
        bars[name] = (y, counts[name] * scale)
        y += counts[name] * scale + GAP
    return {name: place for name, (place, _) in bars.items()}, bars


def _band(left: float, right: float, high: float, *, class_: str) -> Markup:
    x0, x1 = LEFT + BAR, RIGHT
    middle = (x0 + x1) / 2
    over = f"M{x0} {left:.1f}C{middle} {left:.1f} {middle} {right:.1f} {x1} {right:.1f}"
    under = f"V{right + high:.1f}C{middle} {right + high:.1f} {middle} {left + high:.1f} {x0} {left + high:.1f}Z"
    return path(over + under, class_=class_)
