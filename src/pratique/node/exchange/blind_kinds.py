"""What may be asked blindly: of each kind, the data category an answer tells of, and where lists hold it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from pratique.node.errors import refuse
from pratique.vocabulary.data_categories import DataCategory

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_NAMES: Final = ("primary", "strong", "original_script")
"""Names that are asked for; weak aliases are none: they would make a yes of what means somebody else."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of identifier: the field by which an answer says what it is about, its category, and its lines.

    ``lines`` gives the identifiers of one row of a list, as ``read_identifier`` reads them.
    """

    name: str
    about: str
    category: DataCategory
    lines: Callable[[Row], Iterable[str]]


def _names(row: Row) -> list[str]:
    return [row["name"]] if row["name"] and row["name_quality"] in _NAMES else []


def _numbers(row: Row, *schemes: str) -> list[str]:
    pairs = (each.partition(":") for each in row["identifiers"] or ())
    return [number.strip() for scheme, _, number in pairs if scheme.strip().lower() in schemes and number.strip()]


def _containers(row: Row) -> list[str]:
    return [*(_names(row) if row["kind"] == "equipment" else ()), *_numbers(row, "container")]


def _documents(row: Row) -> list[str]:
    return [*(_names(row) if row["kind"] == "document" else ()), *_numbers(row, "document")]


def _companies(row: Row) -> list[str]:
    return _names(row) if row["kind"] in ("organisation", "party") else []


def _company_numbers(row: Row) -> list[str]:
    return _numbers(row, "tax", "lei", "registration", "imo_company") if row["kind"] != "person" else []


def _persons(row: Row) -> list[str]:
    """A person with each day of birth; a year alone would be many persons."""
    if row["kind"] != "person":
        return []
    days = [each for each in row["birth_dates"] or () if _DAY.fullmatch(each)]
    return [f"{name};{day}" for name in _names(row) for day in days]


def _papers(row: Row) -> list[str]:
    return _numbers(row, "passport", "national_id")


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        each.name: each
        for each in (
            Kind("container", "about_cargo", DataCategory.CARGO, _containers),
            Kind("vessel", "about_transport", DataCategory.TRANSPORT, lambda row: _numbers(row, "imo")),
            Kind("bill", "about_documents", DataCategory.DOCUMENT, _documents),
            Kind("company_number", "about_companies", DataCategory.COMPANY, _company_numbers),
            Kind("company_name", "about_companies", DataCategory.COMPANY, _companies),
            Kind("person", "about_persons", DataCategory.PERSON_IDENTITY, _persons),
            Kind("identity_document", "about_identity_documents", DataCategory.IDENTITY_DOCUMENT, _papers),
        )
    }
)
"""Every kind, by its name in the messages."""


def kind_named(name: str) -> Kind:
    """The kind of that name. Raises ``REJECTED``."""
    found = KINDS.get(name)
    if found is None:
        raise refuse("blind.kind", kind=name[:40], known=", ".join(KINDS))
    return found


def lines_of(kind: Kind, listings: pl.DataFrame) -> list[str]:
    """The identifiers of that kind in a list (rows of schema ``LISTING``), each spelling once."""
    columns = ("name", "name_quality", "kind", "birth_dates", "identifiers")
    rows = listings.select(columns).iter_rows(named=True)
    return list(dict.fromkeys(line for row in rows for line in kind.lines(row)))
