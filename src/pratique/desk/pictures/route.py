"""The route of a consignment on a map: the coast of the part of the world it crosses, ports, and the way between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from pratique.desk.pictures.svg import element, path, picture, rect
from pratique.desk.pictures.world import Frame, Labels, arc

WIDTH, HEIGHT = 388, 186


@dataclass(frozen=True, slots=True)
class Port:
    """A place on the route: its name, what is said below it, degrees of latitude and longitude."""

    name: str
    says: str
    latitude: float
    longitude: float
    last: bool = False


def route_map(ports: Sequence[Port], *, told: str) -> Markup:
    """The ports in order, joined by curves: what the ship did between two of them is not known."""
    size = (WIDTH, HEIGHT)
    frame = Frame([(port.latitude, port.longitude) for port in ports], size)
    parts = [rect(0, 0, WIDTH, HEIGHT, class_="c-sea")]
    parts += [path(d, class_="c-land") for d in frame.coasts()]
    places = [frame.at(port.latitude, port.longitude) for port in ports]
    parts += [path(arc(a, b), class_="c-line") for a, b in pairwise(places)]
    labels = Labels(size, places)
    for port, (x, y) in zip(ports, places, strict=True):
        class_, r = ("c-dot", 5.5) if port.last else ("c-port", 4.5)
        parts.append(element("circle", class_=class_, cx=x, cy=y, r=r))
        parts += labels.beside(x, y, port.name, port.says)
    return picture(WIDTH, HEIGHT, told, *parts, fluid=True, class_="map")
