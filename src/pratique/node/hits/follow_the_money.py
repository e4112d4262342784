"""Hits as FollowTheMoney entities, JSON lines: what case tools built on that model can take in.

One line for each hit: the listed entity with its schema, properties and the list as its dataset, as the model has them
(followthemoney.tech, "schemata"); and, beside the model, in keys that readers of it keep as context: ``score`` (0 to
1), ``match`` (always true), ``query`` (id, name and kind of what was asked), ``basis``, ``list_version``,
``list_date`` and ``reasons`` (codes with parameters, from which the score follows).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

SCHEMA: Final[Mapping[str, str]] = {
    "person": "Person",
    "organisation": "Organization",
    "party": "LegalEntity",
    "vessel": "Vessel",
    "address": "Address",
    "document": "Identification",
    "equipment": "Asset",
    "other": "Thing",
}
_NAMES: Final[Mapping[str, str]] = {"primary": "name", "weak": "weakAlias"}
_COUNTRIES: Final[Mapping[str, str]] = {"person": "nationality", "vessel": "flag"}
_NUMBERS: Final[Mapping[str, str]] = {
    "imo": "imoNumber",
    "mmsi": "mmsi",
    "passport": "passportNumber",
    "tax": "taxNumber",
    "lei": "leiCode",
    "registration": "registrationNumber",
}
_OTHER_NUMBER: Final = "idNumber"


def entity_lines(hits: pl.DataFrame, entities: pl.DataFrame) -> Iterator[str]:
    """A line of JSON for each row of ``hits`` (schema ``NAME_HIT``).

    ``entities`` has all rows (schema ``LISTING`` with ``list_version``) of the entities that answered.
    """
    behind = {
        (version, entity): _properties(rows)
        for (version, entity), rows in entities.sort("listing_id").group_by(
            "list_version", "entity_id", maintain_order=True
        )
    }
    for hit in hits.iter_rows(named=True):
        schema, caption, properties = behind[hit["list_version"], hit["entity_id"]]
        told = {
            "id": hit["entity_id"],
            "caption": caption,
            "schema": schema,
            "properties": properties,
            "datasets": [hit["list_id"]],
            "target": True,
            "score": hit["score_permille"] / 1000,
            "match": True,
            "query": {name: hit[name] for name in ("id", "name", "kind")},
            "basis": hit["basis"],
            "list_version": hit["list_version"],
            "list_date": hit["list_date"],
            "reasons": json.loads(hit["reasons"]),
        }
        yield json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _properties(rows: pl.DataFrame) -> tuple[str, str, dict[str, list[str]]]:
    """Schema, caption and properties of one entity, from its rows; each value once."""
    first = rows.row(0, named=True)
    kind = first["kind"]
    found: dict[str, dict[str, None]] = {}

    def add(name: str, value: str | None) -> None:
        if value:
            found.setdefault(name, {})[value] = None

    for row in rows.iter_rows(named=True):
        add("full" if kind == "address" else _NAMES.get(row["name_quality"], "alias"), row["name"])
        for country in row["countries"] or ():
            add(_COUNTRIES.get(kind, "country"), country.lower() if len(country) == 2 else country)
        for date in row["birth_dates"] or ():
            add("birthDate", date)
        for number in row["identifiers"] or ():
            scheme, _, value = number.partition(":")
            add(_NUMBERS.get(scheme, _OTHER_NUMBER), value.strip())
        for address in (row["address"] or "").splitlines():
            add("address", address)
        add("program", row["programme"])
        add("notes", row["remarks"])
    primary = rows.filter(pl.col("name_quality") == "primary")["name"]
    caption = primary[0] if primary.len() else first["name"]
    return SCHEMA.get(kind, "Thing"), caption, {name: list(values) for name, values in found.items()}
