"""A share with its interval on a line from 0 to 100 %: the dot is what was counted, the bar what chance allows."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from pratique.desk.pictures.svg import element, path, picture, rect

WIDTH: Final = 160
HEIGHT: Final = 16
MIDDLE: Final = 8


def interval(low: int, share: int, high: int, *, told: str) -> Markup:
    """All three in thousandths; ``told`` is the sentence that says what it shows."""
    at = [WIDTH * value / 1000 for value in (low, share, high)]
    return picture(
        WIDTH,
        HEIGHT,
        told,
        path(f"M0 {MIDDLE}H{WIDTH}", class_="c-thin"),
        rect(at[0], MIDDLE - 3, max(at[2] - at[0], 1.0), 6, class_="c-bar"),
        element("circle", class_="c-dot", cx=at[1], cy=MIDDLE, r=4),
    )
