"""The world's tables (goods, places, parts of names), read once when first needed."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Ware:
    """A kind of goods as trade knows it: commercial wordings, where it comes from, how it is packed, what it costs."""

    code: str  # HS 2022 subheading; empty for goods that no subheading names
    wordings: tuple[str, ...]
    origins: tuple[str, ...]
    package: str  # UNECE Rec 21
    package_kg: tuple[float, float]
    usd_per_kg: tuple[float, float]
    box: str  # ISO 6346 size and type, or "bulk" or "roro" where no box is used
    fill_t: float  # tonnes in a box of that type
    lower: str  # a heading with a lower duty that such goods are passed off under; empty where none is usual
    un_number: str
    imdg_class: str


@dataclass(frozen=True, slots=True)
class Service:
    """A liner service that calls at the port."""

    service_id: str
    calls: tuple[str, ...]
    hubs: tuple[str, ...]
    origins: tuple[str, ...]
    freight_usd: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Culture:
    """What the names of a region are built of."""

    given: tuple[str, ...]
    family: tuple[tuple[str, ...], tuple[str, ...]]
    coin: tuple[tuple[str, ...], tuple[str, ...]]
    trade: tuple[str, ...]
    suffix: tuple[str, ...]
    street: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Country:
    """A country of the world: its culture of names, telephone prefix and cities."""

    culture: Culture
    phone: str
    cities: tuple[str, ...]


def _text(name: str) -> str:
    return files("pratique_world.tables").joinpath(name).read_text(encoding="utf-8")


@cache
def _yaml(name: str) -> Mapping[str, Any]:
    document: Mapping[str, Any] = yaml.safe_load(_text(name))
    return document


@cache
def wares() -> tuple[Ware, ...]:
    """The goods of the world."""
    return tuple(_ware(row) for row in csv.DictReader(io.StringIO(_text("goods.csv"))))


@cache
def wares_by_code() -> Mapping[str, Ware]:
    """The goods by their HS subheading."""
    return {ware.code: ware for ware in wares() if ware.code}


def _ware(row: Mapping[str, str]) -> Ware:
    return Ware(
        code=row["hs"],
        wordings=tuple(row["wordings"].split("|")),
        origins=tuple(row["origins"].split()),
        package=row["package"],
        package_kg=(float(row["kg_low"]), float(row["kg_high"])),
        usd_per_kg=(float(row["usd_low"]), float(row["usd_high"])),
        box=row["box"],
        fill_t=float(row["fill_t"]),
        lower=row["lower"],
        un_number=row["un_number"],
        imdg_class=row["imdg_class"],
    )


@cache
def countries() -> Mapping[str, Country]:
    """The countries by ISO 3166-1 alpha-2."""
    document = _yaml("names.yaml")
    cultures = {key: _culture(parts) for key, parts in document["cultures"].items()}
    return {
        code: Country(culture=cultures[parts["culture"]], phone=parts["phone"], cities=tuple(parts["cities"]))
        for code, parts in document["countries"].items()
    }


def _culture(parts: Mapping[str, Any]) -> Culture:
    return Culture(
        given=tuple(parts["given"]),
        family=(tuple(parts["family"][0]), tuple(parts["family"][1])),
        coin=(tuple(parts["coin"][0]), tuple(parts["coin"][1])),
        trade=tuple(parts["trade"]),
        suffix=tuple(parts["suffix"]),
        street=tuple(parts["street"]),
    )


def words(kind: str) -> Sequence[Any]:
    """The words for ``ships`` (two lists), shipping ``lines`` or ``banks``."""
    found: Sequence[Any] = _yaml("names.yaml")[kind]
    return found


def port() -> tuple[str, str]:
    """UN/LOCODE and name of the port where the three ships arrive."""
    place = _yaml("places.yaml")["port"]
    return place["code"], place["name"]


@cache
def services() -> tuple[Service, ...]:
    """The liner services, in the order in which their ships arrive."""
    return tuple(
        Service(
            service_id=parts["id"],
            calls=tuple(parts["calls"]),
            hubs=tuple(parts["hubs"]),
            origins=tuple(parts["origins"]),
            freight_usd=(parts["freight_usd"][0], parts["freight_usd"][1]),
        )
        for parts in _yaml("places.yaml")["services"]
    )


def gateways(country: str) -> Sequence[str]:
    """The ports where a country's exports are loaded first."""
    ports: Sequence[str] = _yaml("places.yaml")["gateways"][country]
    return ports


def destinations(nature: str) -> Mapping[str, Sequence[str]]:
    """Country to places for boxes that go on: ``24`` by land under transit, ``28`` by sea after transhipment."""
    found: Mapping[str, Sequence[str]] = _yaml("places.yaml")["transit" if nature == "24" else "transhipment"]
    return found
