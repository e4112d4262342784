"""Where in the message stands what a model's reason speaks of: its fields, their values and places, as rules show them.

A party is the first of its role, goods are the first item with a code, a box is the first: those that a model reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from pratique.flow.learning.manifests import CONSIGNEE, CONSIGNOR, DECLARANT, first_coded

as_json: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode  # made once: there are many small texts
Rows = Mapping[int, Mapping[str, Any]]
POINTS_TO: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "model.own_price": (("goods", "customs_value_minor"), ("importer", "name")),
    "model.other_heading": (("goods", "commodity_code"), ("goods", "description")),
    "model.first_claim": (("goods", "origin_country"), ("exporter", "name")),
    "model.new_exporter": (("exporter", "name"), ("importer", "name")),
    "model.unit_value": (("goods", "customs_value_minor"), ("goods", "net_mass_g")),
    "model.package_mass": (("goods", "net_mass_g"), ("goods", "package_count")),
    "model.freight": (("consignment", "freight_charge_minor"), ("consignment", "gross_mass_g")),
    "model.novelty": (("importer", "name"), ("goods", "commodity_code")),
    "model.importer": (("importer", "name"),),
    "model.exporter": (("exporter", "name"),),
    "model.broker": (("broker", "name"),),
    "model.network": (("importer", "name"), ("importer", "address_line")),
    "model.splitting": (("importer", "name"), ("exporter", "name"), ("goods", "commodity_code")),
    "model.duty": (("goods", "commodity_code"), ("goods", "origin_country")),
    "model.description": (("goods", "description"), ("goods", "commodity_code")),
    "model.route": (("consignment", "loading_location"), ("goods", "origin_country")),
    "model.patterns": (("goods", "description"),),
    "model.container": (("box", "equipment_id"),),
    "model.repeat": (("goods", "commodity_code"), ("goods", "net_mass_g")),
    "model.amounts": (("goods", "customs_value_minor"), ("consignment", "customs_value_minor")),
    "model.goods": (("goods", "commodity_code"),),
}
_PARTIES: Final = {"importer": CONSIGNEE, "exporter": CONSIGNOR, "broker": DECLARANT}
_NAMED: Final = {"goods": "goods.", "box": "equipment.", "consignment": ""}  # as rules name their fields


class Pointing:
    """The evidence of reasons of some consignments of a run (``numbers``), looked up once for all of them."""

    def __init__(self, frames: Mapping[str, pl.DataFrame], numbers: Sequence[int]) -> None:
        wanted = pl.col("consignment").is_in(list(numbers))
        parties = frames["parties"].filter(wanted)
        found = {
            "consignment": frames["consignments"].filter(wanted),
            "goods": first_coded(frames["goods_items"].filter(wanted)),
            "box": frames["equipment"].filter(wanted),
            **{part: parties.filter(pl.col("role_code").is_in(roles)) for part, roles in _PARTIES.items()},
        }
        self._rows = {part: _first_rows(rows, part) for part, rows in found.items()}

    def evidence(self, number: int, code: str) -> str:
        """A JSON array of ``{field, value, place}``, of what the message says of it."""
        told = []
        for part, column in POINTS_TO[code]:
            row = self._rows[part].get(number)
            if row is not None and row[column] is not None:
                field = f"{_NAMED.get(part, 'parties.')}{column}"
                told.append({"field": field, "value": row[column], "place": row["place"]})
        return as_json(told)


def _first_rows(rows: pl.DataFrame, part: str) -> Rows:
    columns = {column for pointed in POINTS_TO.values() for where, column in pointed if where == part}
    first = rows.unique("consignment", keep="first", maintain_order=True)
    return {row["consignment"]: row for row in first.select("consignment", "place", *columns).iter_rows(named=True)}
