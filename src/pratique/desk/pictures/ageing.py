"""How old the open requests of a partner are, as a bar in parts: inside its first, second, third part, or over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from pratique.desk.pictures.svg import Value, element, picture, rect, text

WIDTH: Final = 220
HEIGHT: Final = 20
UNIT: Final = 18  # a request, where all fit
CLASSES: Final = ("c-soft", "c-bar", "c-sum", "w-model")
GAP: Final = 2


def ageing_bar(counts: Sequence[int], *, most: int, told: str) -> Markup:
    """One part for each age, the oldest last and hatched; ``most`` is the longest bar of the page, for one axis."""
    unit = min(UNIT, (WIDTH - GAP * len(CLASSES)) / max(most, 1))
    drawn, x = list[Markup](), 0.0
    for count, class_ in zip(counts, CLASSES, strict=True):
        if count:
            drawn.append(rect(x, 3, unit * count, HEIGHT - 6, class_=class_))
            x += unit * count + GAP
    drawn.append(text(x + 4, HEIGHT / 2 + 4, str(sum(counts)), class_="t-ink"))
    return picture(WIDTH + 30, HEIGHT, told, *drawn)


def age_sign(number: int) -> Markup:
    """The look of an age alone, for the legend."""
    shown: dict[str, Value] = {"viewBox": "0 0 14 10", "width": 14, "height": 10, "aria_hidden": "true"}
    return element("svg", rect(0.5, 0.5, 13, 9, class_=CLASSES[number]), **shown)
