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
MOST_POINTS: Final = 120  # of the polyline; more would not be seen


@dataclass(frozen=True, slots=True)
class Words:
    """The words on the picture: the sentence it says, ``by lot`` and ``controls``."""

    told: str
    by_lot: str
    controls: str


def gain_curve(shares: Sequence[float], *, at: int, population: int, words: Words) -> Markup:
    """``shares[n]`` is the share (0 to 1) reached by the first n controls; ``at`` the controls now proposed."""
    most = max(len(shares) - 1, 1)
    top = _top(max(shares, default=0.0))
    dx, dy = ROOM_X / most, ROOM_Y / top
    at = min(at, most)
    every = max(1, most // MOST_POINTS)
    marks = sorted({*range(0, most + 1, every), at, most}) if len(shares) > 1 else [0]
    line = " ".join(f"{X0 + n * dx:.1f},{Y0 - shares[n] * dy:.1f}" for n in marks)
    under = " ".join(f"{X0 + n * dx:.1f},{Y0 - shares[n] * dy:.1f}" for n in marks if n <= at)
    x, y = X0 + at * dx, Y0 - (shares[at] if shares else 0.0) * dy
    lot = Y0 - min(most / max(population, 1), top) * dy
    return picture(
        WIDTH,
        HEIGHT,
        words.told,
        *_scale(top, dy),
        element("polygon", class_="c-area", points=f"{X0},{Y0} {under} {x:.1f},{Y0}"),
        path(f"M{X0} {Y0}L{X0 + ROOM_X} {lot:.1f}", class_="c-dash"),
        text(X0 + ROOM_X, lot - 5, words.by_lot, anchor="end"),
        element("polyline", class_="c-line", points=line),
        path(f"M{x:.1f} {y:.1f}V{Y0}", class_="c-acc"),
        element("circle", class_="c-dot", cx=x, cy=y, r=5.5),
        *_under(at, most, dx, words.controls),
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
