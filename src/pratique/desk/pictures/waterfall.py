"""Points as bars: where the points of a consignment come from, on an axis that all rows share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup

from pratique.desk.pictures.svg import element, path, picture, rect, text

SOURCES: Final[Mapping[str, str]] = {
    "list": "w-list",
    "rules": "w-rule",
    "history": "w-past",
    "model": "w-model",
}
LESS: Final = "w-less"
LEFT: Final = 6.0
ABOVE, BELOW = -80, 160  # lines go on beyond the picture, and the cell cuts them: rows differ in height
ROOM: Final = 21.0  # behind the last figure of the axis


class Axis:
    """Points on a width: from 0 to ``top``, with the high line between."""

    def __init__(self, top: int, high_line: int, *, width: int = 248) -> None:
        self.top = max(top, high_line, 100)
        self.high_line = high_line
        self.width = width
        self._unit = (width - LEFT - ROOM) / self.top

    def x(self, points: float) -> float:
        """Where so many points stand."""
        return LEFT + points * self._unit

    def figures(self) -> list[int]:
        """About six round figures."""
        step = next(step for step in (20, 50, 100, 200, 500, 1000, 10_000, 10**9) if self.top / step <= 6)
        return list(range(0, self.top + 1, step))


def head(axis: Axis, *, line_words: str) -> Markup:
    """The figures above a column of bars."""
    near = (axis.width - LEFT) * 0.07
    parts = [
        text(axis.x(figure), 25, str(figure), anchor="middle")
        for figure in axis.figures()
        if abs(axis.x(figure) - axis.x(axis.high_line)) > near
    ]
    at = axis.x(axis.high_line)
    parts += [
        text(at, 25, str(axis.high_line), anchor="middle", class_="t-acc"),
        text(at, 11, line_words, anchor="middle", class_="t-acc"),
    ]
    return element(
        "svg", *parts, class_="mirror", width=axis.width, height=30, viewBox=f"0 0 {axis.width} 30", aria_hidden="true"
    )


def bar(axis: Axis, points: Mapping[str, int], score: int, *, told: str) -> Markup:
    """One row: a part per source, what was taken off behind the end, the score as an upright tick."""
    parts = [path(f"M{axis.x(axis.high_line):.1f} {ABOVE}V{BELOW}", class_="w-high")]
    at = 0
    for source, class_ in SOURCES.items():
        if points.get(source, 0) > 0:
            parts.append(_part(axis, at, at + points[source], class_))
            at += points[source]
    if at > score:
        parts.append(_less(axis, score, at))
    parts.append(path(f"M{axis.x(score):.1f} 10v22", class_="w-net"))
    return picture(axis.width, 42, told, *parts)


def steps(axis: Axis, points: Sequence[tuple[str, int]]) -> list[Markup]:
    """One picture a reason, each beginning where the one before it ended; hidden, since the figures stand beside."""
    drawn: list[Markup] = []
    at = 0
    for number, (source, value) in enumerate(points):
        low, high = sorted((at, at + value))
        shape = _less(axis, low, high, y=18.0) if value < 0 else _step(axis, low, high, SOURCES.get(source, "w-rule"))
        joins = [] if number == 0 else [path(f"M{axis.x(at):.1f} {ABOVE}V18", class_="w-line")]
        at += value
        drawn.append(_row(axis, *joins, shape, path(f"M{axis.x(at):.1f} 32V{BELOW}", class_="w-line")))
    return drawn


def total(axis: Axis, score: int) -> Markup:
    """The sum row below the steps."""
    return _row(
        axis,
        rect(axis.x(0), 22.0, axis.x(score) - axis.x(0), 6.0, class_="c-sum"),
        path(f"M{axis.x(score):.1f} 14v22", class_="w-net"),
    )


def _row(axis: Axis, *parts: Markup) -> Markup:
    grid = "".join(f"M{axis.x(figure):.1f} {ABOVE}V{BELOW}" for figure in axis.figures())
    line = path(f"M{axis.x(axis.high_line):.1f} {ABOVE}V{BELOW}", class_="w-high")
    return element(
        "svg",
        path(grid, class_="w-grid"),
        line,
        *parts,
        class_="mirror",
        width=axis.width,
        height=50,
        viewBox=f"0 0 {axis.width} 50",
        aria_hidden="true",
    )


def _part(axis: Axis, low: int, high: int, class_: str) -> Markup:
    inset = 0.5 if class_ == "w-model" else 0.0
    gap = 1.5 if low else 0.0
    width = axis.x(high) - axis.x(low) - gap - 2 * inset
    return rect(axis.x(low) + gap + inset, 14 + inset, width, 14 - 2 * inset, class_=class_)


def _step(axis: Axis, low: int, high: int, class_: str) -> Markup:
    return rect(axis.x(low), 18.0, axis.x(high) - axis.x(low), 14.0, class_=class_)


def _less(axis: Axis, low: int, high: int, y: float = 14.5) -> Markup:
    return rect(axis.x(low), y, axis.x(high) - axis.x(low), 13.0, class_=LESS)
