"""The world's tables (goods, places, parts of names), read once when first needed."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

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
    share: int  # how often such goods are traded, to scale


@dataclass(frozen=True, slots=True)
class Service:
    """A liner service that calls at the port."""

    service_id: str
    calls: tuple[str, ...]
    hubs: tuple[str, ...]
    origins: tuple[str, ...]
    freight_usd: tuple[int, int]


Syllables: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""First, middle and last syllables of built words."""


@dataclass(frozen=True, slots=True)
class Culture:
    """What the names of a region are made of; the patterns are explained in ``names.yaml``."""

    name: str
    given: tuple[str, ...]
    forename: tuple[tuple[str, ...], tuple[str, ...]]
    surnames: tuple[str, ...]
    family: Syllables
    coin: Syllables
    words: tuple[str, ...]
    trade: tuple[str, ...]
    suffix: tuple[str, ...]
    street: tuple[str, ...]
    person: tuple[str, ...]
    company: tuple[str, ...]


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
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same safe loader in C, several times quicker
    document: Mapping[str, Any] = yaml.load(_text(name), Loader=loader)  # noqa: S506
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
        share=int(row["share"]),
    )


@cache
def cultures() -> Mapping[str, Culture]:
    """The cultures of names."""
    return {name: _culture(name, parts) for name, parts in _yaml("names.yaml")["cultures"].items()}


@cache
def countries() -> Mapping[str, Country]:
    """The countries by ISO 3166-1 alpha-2."""
    return {
        code: Country(culture=cultures()[parts["culture"]], phone=parts["phone"], cities=tuple(parts["cities"]))
        for code, parts in _yaml("names.yaml")["countries"].items()
    }


def listed_shares() -> Mapping[str, int]:
    """Country to the number of times that a watchlist names it, to scale."""
    shares: Mapping[str, int] = _yaml("names.yaml")["listed"]
    return {code: shares.get(code, 1) for code in sorted(countries())}


def _culture(name: str, parts: Mapping[str, Any]) -> Culture:
    return Culture(
        name=name,
        given=tuple(parts["given"]),
        forename=(tuple(parts["forename"][0]), tuple(parts["forename"][1])),
        surnames=tuple(parts["surnames"]),
        family=_syllables(parts["family"]),
        coin=_syllables(parts["coin"]),
        words=tuple(parts["words"]),
        trade=tuple(parts["trade"]),
        suffix=tuple(parts["suffix"]),
        street=tuple(parts["street"]),
        person=tuple(parts["person"]),
        company=tuple(parts["company"]),
    )


def _syllables(lists: Sequence[Sequence[str]]) -> Syllables:
    first, middle, last = (tuple(part) for part in lists) if lists else ((), (), ())
    return first, middle, last


def words(kind: str) -> Sequence[Any]:
    """The words for ``ships`` (two lists), listed ``hulls`` (four), shipping ``lines`` or ``banks``."""
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
