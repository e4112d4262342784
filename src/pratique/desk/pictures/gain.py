"""The gain curve: which share is reached by so many controls, against drawing by lot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from pratique.desk.pictures.svg import element, path, picture, text

WIDTH: Final = 312
HEIGHT: Final = 182
X0, Y0 = 34.0, 150.0
ROOM_X, ROOM_Y = 270.0, 126.0


@dataclass(frozen=True, slots=True)
class Words:
    """The words on the picture: the sentence it says, ``by lot`` and ``controls``."""

    told: str
    by_lot: str
    controls: str


def gain_curve(curve: Sequence[tuple[int, float]], *, at: tuple[int, float], lot: float, words: Words) -> Markup:
    """``curve`` is controls and the share (0 to 1) they reach, from 0 on; ``at`` what is now proposed.

    ``lot`` is the share that as many controls as the curve ends with would reach by lot.
    """
    most = max((controls for controls, _ in curve), default=0) or 1
    top = _top(max([share for _, share in curve], default=0.0))
    dx, dy = ROOM_X / most, ROOM_Y / top

    def place(point: tuple[int, float]) -> str:
        return f"{X0 + point[0] * dx:.1f},{Y0 - point[1] * dy:.1f}"

    x, y = X0 + at[0] * dx, Y0 - at[1] * dy
    under = " ".join(place(point) for point in curve if point[0] < at[0])
    end = Y0 - min(lot, top) * dy
    return picture(
        WIDTH,
        HEIGHT,
        words.told,
        *_scale(top, dy),
        element("polygon", class_="c-area", points=f"{X0},{Y0} {under} {place(at)} {x:.1f},{Y0}"),
        path(f"M{X0} {Y0}L{X0 + ROOM_X} {end:.1f}", class_="c-dash"),
        text(X0 + ROOM_X, end - 5, words.by_lot, anchor="end"),
        element("polyline", class_="c-line", points=" ".join(place(point) for point in curve)),
        path(f"M{x:.1f} {y:.1f}V{Y0}", class_="c-acc"),
        element("circle", class_="c-dot", cx=x, cy=y, r=5.5),
        *_under(at[0], most, dx, words.controls),
    )


def _top(reached: float) -> float:
    return next((top for top in (0.1, 0.25, 0.5, 0.75) if reached <= top), 1.0)


def _scale(top: float, dy: float) -> list[Markup]:
    parts = []
    for quarter in (0.0, top / 3, 2 * top / 3, top):
        y = Y0 - quarter * dy
        words = f"{quarter:.0%}".replace("%", " %") if quarter == top else f"{quarter * 100:.0f}"
        parts += [path(f"M{X0} {y:.1f}h274", class_="w-grid"), text(X0 - 6, y + 4, words, anchor="end")]
    return parts


def _under(at: int, most: int, dx: float, controls: str) -> list[Markup]:
    parts = [text(X0 + at * dx, Y0 + 18, str(at), anchor="middle", class_="t-acc")]
    if at * dx > 24:
        parts.append(text(X0, Y0 + 18, "0", anchor="middle"))
    if (most - at) * dx > 90:
        parts.append(text(X0 + ROOM_X, Y0 + 18, f"{most} {controls}", anchor="end"))
    return parts
