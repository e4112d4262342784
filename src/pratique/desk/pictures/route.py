"""The route of a consignment on a map: the coast of the part of the world it crosses, ports, and the way between."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from pratique.desk.pictures.svg import element, path, picture, rect, text

WIDTH, HEIGHT = 388, 186
MARGIN: Final = 0.18  # of the span, around the ports
LEAST_SPAN: Final = 12.0  # degrees of longitude
FARTHEST_NORTH: Final = 78.0
LETTER: Final = 6.4  # about the width of a letter
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Port:
    """A place on the route: its name, what is said below it, degrees of latitude and longitude."""

    name: str
    says: str
    latitude: float
    longitude: float
    last: bool = False


def route_map(ports: Sequence[Port], *, told: str) -> Markup:
    """The ports in order, joined. The map is not mirrored: the world is the same in every script."""
    frame = _Frame(ports)
    parts = [rect(0, 0, WIDTH, HEIGHT, class_="c-sea")]
    parts += [path(d, class_="c-land") for d in frame.coasts()]
    places = [frame.place(port) for port in ports]
    parts += [path(_arc(a, b), class_="c-line") for a, b in pairwise(places)]
    taken: list[Box] = [(x - 6, y - 6, x + 6, y + 6) for x, y in places]
    for port, (x, y) in zip(ports, places, strict=True):
        class_, r = ("c-dot", 5.5) if port.last else ("c-port", 4.5)
        parts.append(element("circle", class_=class_, cx=x, cy=y, r=r))
        parts += _label(port, x, y, taken)
    return picture(WIDTH, HEIGHT, told, *parts, fluid=True, class_="map")


class _Frame:
    """The part of the world that is shown, on Mercator's projection."""

    def __init__(self, ports: Sequence[Port]) -> None:
        east = [port.longitude for port in ports]
        self.shift = 360.0 if max(east) - min(east) > 180 else 0.0
        xs = [self._east(longitude) for longitude in east]
        ys = [_mercator(port.latitude) for port in ports]
        span = max(max(xs) - min(xs), (max(ys) - min(ys)) * WIDTH / HEIGHT, LEAST_SPAN) * (1 + 2 * MARGIN)
        self.unit = WIDTH / span
        self.left = (min(xs) + max(xs)) / 2 - span / 2
        self.top = (min(ys) + max(ys)) / 2 + span * HEIGHT / WIDTH / 2

    def place(self, port: Port) -> tuple[float, float]:
        """Where a port stands on the picture."""
        return self._at(port.longitude, port.latitude)

    def coasts(self) -> list[str]:
        """Rings of land that touch the picture, as paths."""
        found = []
        for ring in _land():
            points = [self._at(longitude, latitude) for longitude, latitude in ring]
            xs, ys = [x for x, _ in points], [y for _, y in points]
            if max(xs) < 0 or min(xs) > WIDTH or max(ys) < 0 or min(ys) > HEIGHT or max(xs) - min(xs) > 20 * WIDTH:
                continue
            near = [(min(max(x, -WIDTH), 2 * WIDTH), min(max(y, -HEIGHT), 2 * HEIGHT)) for x, y in points]
            found.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in near) + "z")
        return found

    def _east(self, longitude: float) -> float:
        return longitude + self.shift if longitude < 0 else longitude

    def _at(self, longitude: float, latitude: float) -> tuple[float, float]:
        return (self._east(longitude) - self.left) * self.unit, (self.top - _mercator(latitude)) * self.unit


def _mercator(latitude: float) -> float:
    bounded = math.radians(min(max(latitude, -FARTHEST_NORTH), FARTHEST_NORTH))
    return math.degrees(math.log(math.tan(math.pi / 4 + bounded / 2)))


def _arc(a: tuple[float, float], b: tuple[float, float]) -> str:
    """A gentle curve; what the ship did between two ports is not known."""
    bend = 0.14
    cx, cy = (a[0] + b[0]) / 2 + (b[1] - a[1]) * bend, (a[1] + b[1]) / 2 - abs(b[0] - a[0]) * bend
    return f"M{a[0]:.1f} {a[1]:.1f}Q{cx:.1f} {cy:.1f} {b[0]:.1f} {b[1]:.1f}"


def _label(port: Port, x: float, y: float, taken: list[Box]) -> list[Markup]:
    """The name beside its port, in the first place around it where nothing stands yet."""
    wide, tall = LETTER * max(len(port.name), len(port.says)), 26.0 if port.says else 13.0
    places = [
        (left, top, left + wide, top + tall)
        for drop in (-tall / 2, 4.0, -tall - 4, 18.0, -tall - 18, 34.0, -tall - 34)
        for left in (x + 9, x - 9 - wide, x - wide / 2)
        for top in (y + drop,)
    ]
    free = [box for box in places if _is_inside(box) and not any(_overlap(box, other) for other in taken)]
    box = free[0] if free else places[0]
    taken.append(box)
    named = text(box[0], box[1] + 11, port.name, class_="t-ink")
    return [named, text(box[0], box[1] + 24, port.says)] if port.says else [named]


def _is_inside(box: Box) -> bool:
    return box[0] >= 2 and box[1] >= 2 and box[2] <= WIDTH - 2 and box[3] <= HEIGHT - 2


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@cache
def _land() -> list[list[tuple[float, float]]]:
    """Rings of land, degrees; Natural Earth 1:110m, public domain (``data/land/SOURCE.md``)."""
    content = (files("pratique") / "data" / "land" / "land_110m.json").read_text(encoding="utf-8")
    return [[(longitude, latitude) for longitude, latitude in ring] for ring in json.loads(content)]
