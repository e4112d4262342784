"""What stands behind a consignment: the versions of its bill, its route, and the network of its parties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup
from starlette.responses import Response

from pratique.desk.hit_words import subject_words
from pratique.desk.look import box_number
from pratique.desk.pictures.network import LARGE, SMALL, Columns, Link, Mark, network_picture
from pratique.desk.pictures.route import Port, route_map
from pratique.desk.visit import Visit
from pratique.node.handlers.network import NetworkEdge, NetworkShown, ShowNetwork
from pratique.node.handlers.routes import RoutePlace, RouteShown, ShowRoute
from pratique.node.handlers.versions import FieldOfVersions, ShowVersions, Value
from pratique.vocabulary.sentences import kilograms

DRAWN: Final = 9  # parties on the small picture; the whole network has a page


@dataclass(frozen=True, slots=True)
class Row:
    """A field of the versions: its name, and for each version the value and the word for what changed."""

    name: str
    cells: tuple[tuple[str, str], ...]


def versions(visit: Visit) -> Response:
    """The versions side by side, as a card; empty where there is only one."""
    shown = visit.ask(ShowVersions(visit.request.path_params["ref"]))
    rows = [_row(visit, field) for field in shown.fields]
    return visit.part("behind.html", "versions", it=shown, rows=rows, moment=visit.moment)


def route(visit: Visit) -> Response:
    """The route on a map, with the places that no table knows named below."""
    shown = visit.ask(ShowRoute(visit.request.path_params["ref"]))
    known = [place for place in shown.places if place.latitude is not None and place.longitude is not None]
    unknown = [place.code for place in shown.places if place.latitude is None]
    return visit.part("behind.html", "route", it=shown, map=_map(visit, shown, known), unknown=unknown)


def network(visit: Visit) -> Response:
    """The nearest parties as a card."""
    shown = visit.ask(ShowNetwork(visit.request.path_params["ref"]))
    return visit.part("behind.html", "network", it=shown, picture=_network(visit, shown, most=DRAWN, columns=SMALL))


def whole_network(visit: Visit) -> Response:
    """The whole network as a page: the picture, and the same as a table."""
    shown = visit.ask(ShowNetwork(visit.request.path_params["ref"]))
    labels = {node.id: node.label for node in shown.nodes}
    words = _reason_words(visit)
    links = [
        (labels[edge.source], words.get(edge.reason, edge.reason), _told_value(visit, edge), labels[edge.target])
        for edge in shown.edges
    ]
    picture = _network(visit, shown, most=len(shown.nodes), columns=LARGE)
    return visit.page("network.html", it=shown, picture=picture, links=links)


def _row(visit: Visit, field: FieldOfVersions) -> Row:
    words = {
        "changed": visit.gettext("changed"),
        "added": visit.gettext("added"),
        "removed": visit.gettext("removed"),
    }
    cells = tuple(
        (_value(visit, field.field, value), words.get(change or "", ""))
        for value, change in zip(field.values, field.changes, strict=True)
    )
    return Row(_field_words(visit).get(field.field, field.field), cells)


def _value(visit: Visit, field: str, value: Value) -> str:
    if value is None:
        return "–"
    if isinstance(value, tuple):
        return ", ".join(box_number(each) if field == "equipment_ids" else each for each in value)
    if field.endswith("_g") and isinstance(value, int):
        return kilograms(value, visit.language)
    return visit.figures.number(value) if isinstance(value, int) else value


def _field_words(visit: Visit) -> Mapping[str, str]:
    return {
        "gross_mass_g": visit.gettext("Gross mass"),
        "package_count": visit.gettext("Packages"),
        "consignor": visit.gettext("Consignor"),
        "consignee": visit.gettext("Consignee"),
        "notify": visit.gettext("Notify party"),
        "nature_code": visit.gettext("Nature"),
        "volume_dm3": visit.gettext("Volume"),
        "loading_location": visit.gettext("Loaded at"),
        "unloading_location": visit.gettext("Unloaded at"),
        "final_destination": visit.gettext("Destination"),
        "descriptions": visit.gettext("Goods"),
        "commodity_codes": visit.gettext("Headings"),
        "equipment_ids": visit.gettext("Boxes"),
        "seal_ids": visit.gettext("Seals"),
        "place_of_acceptance": visit.gettext("Accepted at"),
        "transit_countries": visit.gettext("Transit"),
        "customs_value_minor": visit.gettext("Value"),
        "freight_charge_minor": visit.gettext("Freight"),
    }


def _map(visit: Visit, shown: RouteShown, known: list[RoutePlace]) -> Markup | None:
    ports: list[Port] = []
    for place in known:
        assert place.latitude is not None
        assert place.longitude is not None
        name = (place.name or place.code).split(" (")[0]
        if not ports or ports[-1].name != name:
            says = visit.figures.day(place.at) if place.at else ""
            ports.append(Port(name, says, place.latitude, place.longitude, last=place.role == "unloaded"))
    if len(ports) < 2:
        return None
    told = visit.gettext("Route: %(places)s") % {"places": ", ".join(port.name for port in ports)}
    return route_map(ports, told=told)


def _network(visit: Visit, shown: NetworkShown, *, most: int, columns: Columns) -> Markup:
    words = _reason_words(visit)
    marks = [Mark(node.id, node.label, node.kind, node.consignments) for node in shown.nodes]
    links = [Link(edge.source, edge.target, words.get(edge.reason, edge.reason), edge.reason) for edge in shown.edges]
    names = {node.id: node.label for node in shown.nodes}
    said = [f"{names[each.target]}: {words.get(each.reason, each.reason)}" for each in shown.edges[:DRAWN]]
    told = visit.gettext("Network: %(links)s") % {"links": "; ".join(said) or "–"}
    this = visit.gettext("this one")
    return network_picture(marks, links, most=most, this=this, told=told, columns=columns)


def _told_value(visit: Visit, edge: NetworkEdge) -> str:
    """What both ends of an edge have in common, as people read it: a role by its name, a score out of 100."""
    if edge.reason == "role":
        return subject_words(visit).get(edge.value, edge.value)
    if edge.reason == "hit" and edge.value.isdecimal():
        return visit.figures.percent(int(edge.value) / 1000, 1)
    return edge.value


def _reason_words(visit: Visit) -> Mapping[str, str]:
    return {
        "role": visit.gettext("named on it"),
        "address": visit.gettext("same address"),
        "communication": visit.gettext("same phone or mail"),
        "number": visit.gettext("same number"),
        "hit": visit.gettext("answers to the list"),
    }
