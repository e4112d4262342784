"""The part of the world that some places lie in, on Mercator's projection, with its coast; labels that keep apart."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Final

from markupsafe import Markup

from pratique.desk.pictures.svg import text

MARGIN: Final = 0.18  # of the span, around the places
LEAST_SPAN: Final = 12.0  # degrees of longitude
FARTHEST_NORTH: Final = 78.0
LETTER: Final = 6.4  # about the width of a letter
Box = tuple[float, float, float, float]  # left, top, right, bottom
Degrees = tuple[float, float]  # latitude, longitude


class Frame:
    """The part that a picture of ``size`` shows. The map is not mirrored: the world is the same in every script."""

    def __init__(self, places: Sequence[Degrees], size: tuple[int, int]) -> None:
        self.width, self.height = size
        east = [longitude for _, longitude in places]
        self.shift = 360.0 if max(east) - min(east) > 180 else 0.0
        xs = [self._east(longitude) for longitude in east]
        ys = [_mercator(latitude) for latitude, _ in places]
        span = max(max(xs) - min(xs), (max(ys) - min(ys)) * self.width / self.height, LEAST_SPAN) * (1 + 2 * MARGIN)
        self.unit = self.width / span
        self.left = (min(xs) + max(xs)) / 2 - span / 2
        self.top = (min(ys) + max(ys)) / 2 + span * self.height / self.width / 2

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a place stands on the picture."""
        return self._point(latitude, self._east(longitude))

    def coasts(self) -> list[str]:
        """Rings of land that touch the picture, as paths."""
        found, wide, tall = [], self.width, self.height
        for ring, around in product(_land(), (-360.0, 0.0, 360.0)):
            points = [self._point(latitude, longitude + around) for longitude, latitude in ring]
            xs, ys = [x for x, _ in points], [y for _, y in points]
            if max(xs) < 0 or min(xs) > wide or max(ys) < 0 or min(ys) > tall or max(xs) - min(xs) > 20 * wide:
                continue
            near = [(min(max(x, -wide), 2 * wide), min(max(y, -tall), 2 * tall)) for x, y in points]
            found.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in near) + "z")
        return found

    def _point(self, latitude: float, longitude: float) -> tuple[float, float]:
        return (longitude - self.left) * self.unit, (self.top - _mercator(latitude)) * self.unit

    def _east(self, longitude: float) -> float:
        return longitude + self.shift if longitude < 0 else longitude


class Labels:
    """Names beside their places, each in the first spot around it where nothing stands yet."""

    def __init__(self, size: tuple[int, int], places: Sequence[tuple[float, float]]) -> None:
        self.width, self.height = size
        self.taken: list[Box] = [(x - 6, y - 6, x + 6, y + 6) for x, y in places]

    def beside(self, x: float, y: float, name: str, says: str) -> list[Markup]:
        """The name and, below it, what is said of the place."""
        wide, tall = LETTER * max(len(name), len(says)), 26.0 if says else 13.0
        spots = [
            (left, top, left + wide, top + tall)
            for drop in (-tall / 2, 4.0, -tall - 4, 18.0, -tall - 18, 34.0, -tall - 34)
            for left in (x + 9, x - 9 - wide, x - wide / 2)
            for top in (y + drop,)
        ]
        free = [box for box in spots if self._is_inside(box) and not any(_overlap(box, each) for each in self.taken)]
        box = free[0] if free else spots[0]
        self.taken.append(box)
        named = text(box[0], box[1] + 11, name, class_="t-ink")
        return [named, text(box[0], box[1] + 24, says)] if says else [named]

    def _is_inside(self, box: Box) -> bool:
        return box[0] >= 2 and box[1] >= 2 and box[2] <= self.width - 2 and box[3] <= self.height - 2


def arc(a: tuple[float, float], b: tuple[float, float], bend: float = 0.14) -> str:
    """A gentle curve from one place to the other."""
    cx, cy = (a[0] + b[0]) / 2 + (b[1] - a[1]) * bend, (a[1] + b[1]) / 2 - abs(b[0] - a[0]) * bend
    return f"M{a[0]:.1f} {a[1]:.1f}Q{cx:.1f} {cy:.1f} {b[0]:.1f} {b[1]:.1f}"


def _mercator(latitude: float) -> float:
    bounded = math.radians(min(max(latitude, -FARTHEST_NORTH), FARTHEST_NORTH))
    return math.degrees(math.log(math.tan(math.pi / 4 + bounded / 2)))


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@cache
def _land() -> list[list[tuple[float, float]]]:
    """Rings of land, degrees; Natural Earth 1:110m, public domain (``data/land/SOURCE.md``).

    A ring that crosses the meridian of 180 degrees goes on beyond it, so that no line runs back over the whole world.
    """
    content = (files("pratique") / "data" / "land" / "land_110m.json").read_text(encoding="utf-8")
    return [_unwrapped(ring) for ring in json.loads(content)]


def _unwrapped(ring: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    points, before = [], ring[0][0]
    for longitude, latitude in ring:
        before = longitude - 360.0 * round((longitude - before) / 360.0)
        points.append((before, latitude))
    return points
