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
    taken: list[tuple[float, float]] = []
    for port, (x, y) in zip(ports, places, strict=True):
        parts.append(
            element("circle", class_="c-dot" if port.last else "c-port", cx=x, cy=y, r=5.5 if port.last else 4.5)
        )
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


def _label(port: Port, x: float, y: float, taken: list[tuple[float, float]]) -> list[Markup]:
    """The name beside its port, on the side where there is room, moved down where another stands already."""
    right = x < WIDTH * 0.62
    at = y - 8 if y > HEIGHT * 0.8 else y + 16
    while any(abs(at - other) < 24 and abs(x - beside) < 110 for beside, other in taken):
        at += 26 if at < HEIGHT - 40 else -52
    taken.append((x, at))
    anchor, place = ("start", x + 8) if right else ("end", x - 8)
    named = text(place, min(max(at, 12), HEIGHT - 18), port.name, anchor=anchor, class_="t-ink")
    below = [text(place, min(max(at, 12), HEIGHT - 18) + 13, port.says, anchor=anchor)] if port.says else []
    return [named, *below]


@cache
def _land() -> list[list[tuple[float, float]]]:
    """Rings of land, degrees; Natural Earth 1:110m, public domain (``data/land/SOURCE.md``)."""
    content = (files("pratique") / "data" / "land" / "land_110m.json").read_text(encoding="utf-8")
    return [[(longitude, latitude) for longitude, latitude in ring] for ring in json.loads(content)]
