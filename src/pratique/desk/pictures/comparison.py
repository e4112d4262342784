"""Pictures of a comparison: what a field adds or takes away, and where the score stands against the alerts."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from pratique.desk.pictures.svg import element, path, picture, rect, text

WIDTH: Final = 164
HEIGHT: Final = 34
ZERO: Final = 44.0
ROOM: Final = 110.0
SCALE_WIDTH: Final = 800
LEFT, LONG = 20.0, 760.0
NEAR: Final = 24.0  # the line would cross the figure of the score
WHOLE: Final = 1000


def field_bar(points: int) -> Markup:
    """What a field adds (solid) or takes away (dashed), in thousandths; the table has the number beside it."""
    room = ROOM if points > 0 else ZERO - 4
    length = min(abs(points) / WHOLE, 1.0) * room
    start = ZERO if points > 0 else ZERO - length
    bar = rect(start, 12, length, 10, class_="c-barx" if points > 0 else "w-less") if points else Markup()
    line = path(f"M{ZERO} 0v{HEIGHT}", class_="w-line")
    attributes = {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "aria_hidden": "true"}
    return element("svg", line, bar, class_="mirror", width=WIDTH, height=HEIGHT, **attributes)


def alert_scale(score: int, threshold: int, *, told: str, begins: str, number: str, line: str) -> Markup:
    """The score on a scale of 0 to 100, with the line from which names alert; values in thousandths.

    ``told`` is what the picture says, ``begins`` the words at the line, ``number`` and ``line`` the two figures.
    """
    at, begin = LEFT + LONG * score / WHOLE, LEFT + LONG * threshold / WHOLE
    anchor = "end" if threshold > WHOLE // 2 else "start"
    near = abs(at - begin) < NEAR
    return picture(
        SCALE_WIDTH,
        78,
        told,
        path(f"M{LEFT} 50h{LONG:.0f}", class_="c-thin"),
        rect(begin, 47, LEFT + LONG - begin, 6, class_="c-soft"),
        rect(LEFT, 47, at - LEFT, 6, class_="c-sum"),
        path(f"M{begin:.1f} {38 if near else 18}V62", class_="w-high"),
        path(f"M{at:.1f} 38v24", class_="w-net"),
        text(LEFT, 74, "0"),
        text(begin, 74, line, anchor="middle", class_="t-acc"),
        text(begin, 13, begins, anchor=anchor, class_="t-acc"),
        text(min(at, LEFT + LONG - 8), 33, number, anchor="middle", class_="t-ink t-12"),
        fluid=True,
    )
