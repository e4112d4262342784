"""The frames that flow from intake to selection, with their declared schemas.

Names are those of the WCO Data Model in snake case; a unit stands at the end of the name: ``_g`` grams, ``_dm3`` cubic
decimetres, ``_minor`` minor units of the currency beside it. Times are UTC, country codes ISO 3166-1 alpha-2,
locations UN/LOCODE where the sender gave one and the sender's own text where not. What a sender did not say is null,
never zero.

Rows point to each other by small integers that are unique inside one :class:`Manifest`: ``message`` numbers the
messages of a file from 0, ``consignment`` the consignments from 0. :func:`join_manifests` renumbers when several
are joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any, Final

import polars as pl

Schema = Mapping[str, pl.DataType | type[pl.DataType]]

UTC_TIME: Final = pl.Datetime("us", "UTC")

PACKAGING: Final = pl.Struct({"type_code": pl.String, "quantity": pl.Int64, "marks": pl.String})
DOCUMENT: Final = pl.Struct({"type_code": pl.String, "document_id": pl.String})

MESSAGE: Final[Schema] = {
    "message": pl.UInt32,
    "place": pl.String,  # where the message starts in the file
    "message_id": pl.String,  # the sender's reference for the message (UNH 0062, MesIdeMES19 ...)
    "message_type": pl.String,  # CUSCAR, AWMDS, CC315A, DEC ...
    "format": pl.String,  # name of the format's entry point
    "format_version": pl.String,  # D:95B, 3.6 ...
    "profile": pl.String,  # sender profile applied; "unknown" where none fits
    "sender_id": pl.String,
    "receiver_id": pl.String,
    "issue_datetime": UTC_TIME,
    "function_code": pl.String,  # EDIFACT 1225: 9 original, 4 change, 5 replace, 1 cancel, 2 addition, 3 deletion
    "functional_reference_id": pl.String,  # the sender's number for the report or declaration (LRN, BGM 1004)
    "registration_id": pl.String,  # MRN or manifest registration number
    "replaces_id": pl.String,  # the reference of the message that this one replaces, changes or cancels
    "declaration_office_id": pl.String,
    "raw_sha256": pl.String,
}

CONSIGNMENT: Final[Schema] = {
    "consignment": pl.UInt32,
    "message": pl.UInt32,
    "place": pl.String,  # "segment 21" or "/Awmds[1]/Bol_segment[2]" or "row 7"
    "sequence": pl.Int64,  # the number the sender gave
    "function_code": pl.String,  # as in MESSAGE where a consignment carries its own; null: as the message
    "transport_contract_document_id": pl.String,  # the bill number
    "transport_contract_document_type_code": pl.String,  # EDIFACT 1001: 705 bill of lading, 714 house, 704 master ...
    "master_document_id": pl.String,
    "house_level": pl.String,  # simple, master, house
    "ucr": pl.String,
    "nature_code": pl.String,  # 23 import, 22 export, 24 transit, 28 transhipment
    "loading_location": pl.String,
    "unloading_location": pl.String,
    "place_of_acceptance": pl.String,
    "final_destination": pl.String,
    "transit_countries": pl.List(pl.String),  # in order of routing
    "gross_mass_g": pl.Int64,
    "volume_dm3": pl.Int64,
    "package_count": pl.Int64,
    "freight_charge_minor": pl.Int64,
    "freight_charge_currency": pl.String,
    "freight_payment_method_code": pl.String,
    "customs_value_minor": pl.Int64,
    "customs_value_currency": pl.String,
    "handling_codes": pl.List(pl.String),
    "documents": pl.List(DOCUMENT),  # previous and additional documents of the consignment
    "seal_ids": pl.List(pl.String),  # seals declared for the consignment as a whole
}

GOODS_ITEM: Final[Schema] = {
    "consignment": pl.UInt32,
    "goods_item": pl.UInt32,  # unique inside the manifest
    "place": pl.String,
    "sequence": pl.Int64,
    "description": pl.String,
    "commodity_code": pl.String,  # digits as declared, 2 to 10 of them
    "commodity_code_raw": pl.String,
    "origin_country": pl.String,
    "procedure_current": pl.String,
    "procedure_previous": pl.String,
    "packaging": pl.List(PACKAGING),
    "package_count": pl.Int64,  # sum over packaging
    "gross_mass_g": pl.Int64,
    "net_mass_g": pl.Int64,
    "volume_dm3": pl.Int64,
    "supplementary_quantity_milli": pl.Int64,  # thousandths of the unit beside it
    "supplementary_unit_code": pl.String,  # UNECE Rec 20
    "customs_value_minor": pl.Int64,
    "customs_value_currency": pl.String,
    "statistical_value_minor": pl.Int64,
    "statistical_value_currency": pl.String,
    "un_number": pl.String,  # four digits
    "imdg_class": pl.String,
    "equipment_ids": pl.List(pl.String),
    "documents": pl.List(DOCUMENT),
}

EQUIPMENT: Final[Schema] = {
    # one row per mention: a consolidated box stands under several consignments, so boxes = distinct equipment_id
    "consignment": pl.UInt32,  # null: equipment of the message as a whole
    "message": pl.UInt32,
    "place": pl.String,
    "equipment_id": pl.String,  # upper case, without blanks and hyphens
    "equipment_id_raw": pl.String,
    "equipment_id_valid": pl.Boolean,  # ISO 6346 check digit agrees; null: not a container number by profile
    "size_type": pl.String,  # ISO 6346 size and type, four characters
    "size_type_raw": pl.String,
    "fullness_code": pl.String,  # EDIFACT 8169: 4 empty, 5 full, 7 full mixed, 8 full single
    "tare_g": pl.Int64,
    "gross_mass_g": pl.Int64,  # of the loaded box
    "goods_mass_g": pl.Int64,  # of the goods inside
    "package_count": pl.Int64,
    "seal_ids": pl.List(pl.String),
    "temperature_milli_c": pl.Int64,
    "status": pl.String,
}

PARTY: Final[Schema] = {
    "consignment": pl.UInt32,  # null: a party of the message as a whole
    "message": pl.UInt32,
    "goods_item": pl.UInt32,  # null: a party of the consignment
    "place": pl.String,
    "role_code": pl.String,  # EDIFACT 3035: CZ consignor, CN consignee, NI notify, CA carrier, DT declarant
    "party_id": pl.String,
    "party_id_scheme": pl.String,  # EORI, TIN, SCAC ... the sender's code where unknown
    "name": pl.String,
    "address_line": pl.String,
    "city": pl.String,
    "subdivision": pl.String,
    "postcode": pl.String,
    "country": pl.String,
    "communication": pl.List(pl.String),  # "TE:8005551212"
    "purpose": pl.String,  # why person data may be used: see PURPOSE
    "retention_class": pl.String,  # how long it may be kept: see RETENTION_CLASS
}

TRANSPORT: Final[Schema] = {
    "message": pl.UInt32,
    "place": pl.String,
    "stage": pl.String,  # border, arrival, departure, pre-carriage, on-carriage
    "mode_code": pl.String,  # UNECE Rec 19: 1 sea, 2 rail, 3 road, 4 air, 5 mail, 8 inland water
    "identification": pl.String,
    "identification_scheme": pl.String,  # IMO, call sign, MMSI, registration, flight, name
    "name": pl.String,
    "nationality_country": pl.String,
    "journey_id": pl.String,  # voyage or flight number
    "operator_id": pl.String,
    "operator_name": pl.String,
    "departure_location": pl.String,
    "arrival_location": pl.String,
    "departure_datetime": UTC_TIME,
    "arrival_datetime": UTC_TIME,
    "itinerary": pl.List(pl.String),  # ports or countries in order of call
}

TOTALS: Final[Schema] = {
    # once as declared by the sender (null: not declared), once as computed from the rows
    "message": pl.UInt32,
    "consignment_count": pl.Int64,
    "goods_item_count": pl.Int64,
    "package_count": pl.Int64,
    "gross_mass_g": pl.Int64,
    "equipment_count": pl.Int64,
}

FINDING: Final[Schema] = {
    "message": pl.UInt32,  # null: of the file as a whole
    "consignment": pl.UInt32,  # null: of the message
    "rule": pl.String,  # stable code; its sentence is in data/sentences
    "severity": pl.String,  # note, warning, error
    "place": pl.String,
    "params": pl.String,  # JSON object of strings and integers
}

PURPOSE: Final = "customs-risk-analysis"
RETENTION_CLASS: Final = "advance-cargo"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that was read from one file (or, joined, from several): frames and findings, nothing else."""

    message: pl.DataFrame
    consignments: pl.DataFrame
    goods_items: pl.DataFrame
    equipment: pl.DataFrame
    parties: pl.DataFrame
    transport: pl.DataFrame
    declared: pl.DataFrame
    computed: pl.DataFrame
    findings: pl.DataFrame

    def __post_init__(self) -> None:
        _require_schemas({name: getattr(self, name) for name in SCHEMAS})

    def replace(self, **frames: pl.DataFrame) -> Manifest:
        """The same manifest with some frames exchanged."""
        _require_schemas(frames)
        made = copy(self)
        for name, rows in frames.items():
            object.__setattr__(made, name, rows)
        return made


SCHEMAS: Final[Mapping[str, Schema]] = {
    "message": MESSAGE,
    "consignments": CONSIGNMENT,
    "goods_items": GOODS_ITEM,
    "equipment": EQUIPMENT,
    "parties": PARTY,
    "transport": TRANSPORT,
    "declared": TOTALS,
    "computed": TOTALS,
    "findings": FINDING,
}
NUMBERED: Final = {"message": "message", "consignment": "consignments", "goods_item": "goods_items"}
"""The frame whose rows each key numbers from 0."""


def _require_schemas(frames: Mapping[str, pl.DataFrame]) -> None:
    for name, rows in frames.items():
        if rows.schema != _schemas()[name]:
            raise TypeError(f"frame {name!r} does not have its declared schema: {_difference(rows, SCHEMAS[name])}")


@cache
def _schemas() -> Mapping[str, pl.Schema]:
    return {name: pl.Schema(schema) for name, schema in SCHEMAS.items()}


def frame(schema: Schema, columns: Mapping[str, Sequence[Any] | pl.Series] | None = None) -> pl.DataFrame:
    """A frame with exactly the declared columns; those not given are null.

    Raises ``KeyError`` for a column the schema does not declare.
    """
    given = dict(columns or {})
    unknown = sorted(set(given) - set(schema))
    if unknown:
        raise KeyError(f"not in the schema: {', '.join(unknown)}")
    height = max((len(values) for values in given.values()), default=0)
    return pl.DataFrame(
        [
            pl.Series(name, given[name], dtype=dtype)
            if name in given
            else pl.Series(name, [None], dtype=dtype).new_from_index(0, height)  # twenty times as quick as to repeat
            for name, dtype in schema.items()
        ]
    )


def empty_manifest() -> Manifest:
    """A manifest without a row."""
    return Manifest(**{name: frame(schema) for name, schema in SCHEMAS.items()})


def join_manifests(manifests: Iterable[Manifest]) -> Manifest:
    """One manifest out of several, in the order given, with messages, consignments and goods items renumbered."""
    parts = list(manifests)
    if len(parts) < 2:
        return parts[0] if parts else empty_manifest()
    heights = {name: [getattr(part, name).height for part in parts] for name in SCHEMAS}
    starts = {key: [0, *accumulate(heights[name])] for key, name in NUMBERED.items()}
    return Manifest(
        **{
            name: _shifted(pl.concat([getattr(part, name) for part in parts]), starts, heights=heights[name])
            for name in SCHEMAS
        }
    )


def _shifted(rows: pl.DataFrame, starts: Mapping[str, Sequence[int]], *, heights: Sequence[int]) -> pl.DataFrame:
    """Rows of several manifests, ``heights`` of each, with the numbers of each beginning where the one before ended."""
    keys = [key for key in starts if key in rows.columns]
    held = pl.DataFrame({**{key: starts[key][: len(heights)] for key in keys}, "height": heights}).filter(
        pl.col("height") > 0
    )
    if held.is_empty():
        return rows
    added = held.select(pl.col(key).cast(pl.UInt32).repeat_by("height").explode() for key in keys)
    return rows.with_columns(rows[key] + added[key] for key in keys)


def _difference(rows: pl.DataFrame, schema: Schema) -> str:
    wanted = dict(pl.Schema(schema))
    given = dict(rows.schema)
    told = [f"missing {name}" for name in wanted if name not in given]
    told += [f"unexpected {name}" for name in given if name not in wanted]
    told += [
        f"{name} is {given[name]}, not {dtype}"
        for name, dtype in wanted.items()
        if name in given and given[name] != dtype
    ]
    return "; ".join(told) or "columns out of order"
