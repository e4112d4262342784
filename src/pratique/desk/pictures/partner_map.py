"""Partners on a map of the world, with what went to each and what came, as wide as there was much of it."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from markupsafe import Markup

from pratique.desk.pictures.svg import element, path, picture, rect, text
from pratique.desk.pictures.world import Degrees, Frame, Labels, arc

WIDTH, HEIGHT = 1345, 460
STRIP: Final = 64  # at the foot: who has no place on a map
THINNEST, WIDEST = 1.25, 8.0
WORLD: Final[tuple[Degrees, ...]] = ((-20.0, -85.0), (50.0, 85.0))  # where nobody has a place
OUT_BEND, IN_BEND = 0.14, 0.26


@dataclass(frozen=True, slots=True)
class OnMap:
    """One administration: where its state's seat lies, what went there and came from there, and what is said of it.

    ``reached`` is false where the line is stopped, barred or faulty.
    """

    name: str
    says: str
    country: str
    sent: int = 0
    received: int = 0
    reached: bool = True


def partner_map(own: OnMap, partners: Sequence[OnMap], *, told: str, apart: str) -> Markup:
    """This administration, its partners and the flows; ``apart`` says what stands on the strip at the foot."""
    everybody = [own, *partners]
    degrees = {each.name: seat for each in everybody if (seat := seats().get(each.country))}
    frame = Frame(list(degrees.values()) if len(degrees) > 1 else WORLD, (WIDTH, HEIGHT - STRIP))
    places = _places(everybody, degrees, frame)
    here, most = places[own.name], max((max(each.sent, each.received) for each in partners), default=0)
    parts = [rect(0, 0, WIDTH, HEIGHT, class_="c-sea")]
    parts += [path(d, class_="c-land") for d in frame.coasts()]
    if len(degrees) < len(everybody):
        parts += [rect(0, HEIGHT - STRIP, WIDTH, STRIP, class_="c-on"), text(12, HEIGHT - STRIP + 16, apart)]
    for each in partners:
        there = places[each.name]
        parts += [_flow(arc(here, there, OUT_BEND), each.sent, most, "flow-out")] if each.sent else []
        parts += [_flow(arc(there, here, IN_BEND), each.received, most, "flow-in")] if each.received else []
    labels = Labels((WIDTH, HEIGHT), list(places.values()))
    for each in everybody:
        x, y = places[each.name]
        parts += [_dot(each, x, y, own=each is own), *labels.beside(x, y, each.name, each.says)]
    return picture(WIDTH, HEIGHT, told, *parts, fluid=True, class_="map")


@cache
def seats() -> Mapping[str, Degrees]:
    """By country the place of its seat of government, to half a degree (``data/land/SOURCE.md``)."""
    content = (files("pratique") / "data" / "land" / "seats.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(content.splitlines())
    return {row["country"]: (float(row["latitude"]), float(row["longitude"])) for row in rows}


def _places(everybody: Sequence[OnMap], degrees: Mapping[str, Degrees], frame: Frame) -> dict[str, tuple[float, float]]:
    """Where each stands on the picture: at its seat, else on the strip at the foot, evenly."""
    apart = [each.name for each in everybody if each.name not in degrees]
    step = WIDTH / (len(apart) + 1)
    strip = {name: (step * (number + 1), HEIGHT - STRIP / 2 + 8) for number, name in enumerate(apart)}
    return {name: frame.at(*seat) for name, seat in degrees.items()} | strip


def _flow(d: str, count: int, most: int, class_: str) -> Markup:
    """A curve whose width grows with the root of the count, so that one message is still seen beside a thousand."""
    width = THINNEST + (WIDEST - THINNEST) * math.sqrt(count / most)
    return element("path", d=d, class_=class_, stroke_width=round(width, 2))


def _dot(each: OnMap, x: float, y: float, *, own: bool) -> Markup:
    if own:
        return element("circle", class_="c-dot", cx=x, cy=y, r=7)
    if each.reached:
        return element("circle", class_="c-port", cx=x, cy=y, r=5)
    return element(
        "g",
        element("circle", class_="c-port", cx=x, cy=y, r=6),
        path(f"M{x - 4:.1f} {y - 4:.1f}l8 8m0-8l-8 8", class_="w-net"),
    )
