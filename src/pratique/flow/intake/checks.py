"""The code checks: every declared code held against its table, its shape and its check digit, a column at a time.

Each check gives findings with the value as declared and its place; none changes or rejects anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import polars as pl

from pratique.flow.intake.told import findings_of
from pratique.vocabulary.codes import (
    air_waybill,
    commodity,
    container,
    country,
    dangerous_goods,
    location,
    postal_item,
    vessel,
)
from pratique.vocabulary.codes.location import UnlocodeTable
from pratique.vocabulary.codes.tables import CodeTables
from pratique.vocabulary.findings import Severity
from pratique.vocabulary.frames import FINDING, Manifest

LOCATIONS: Final = ("loading_location", "unloading_location", "place_of_acceptance", "final_destination")
AIR_WAYBILL_TYPES: Final = ("740", "741")  # EDIFACT 1001; 703, a house waybill, has numbers of its forwarder
HOUSE_WAYBILL: Final = "703"
POSTAL_TYPE: Final = "750"  # despatch note for post parcels


def check_codes(manifest: Manifest, tables: CodeTables, settings: pl.DataFrame) -> pl.DataFrame:
    """The findings of all code checks on a normalised manifest, in a fixed order.

    ``settings`` says per message whether its equipment is numbered by ISO 6346 (:mod:`.apply_profiles`).
    """
    checks = (
        _containers(manifest, settings),
        _commodities(manifest, tables.commodities),
        _locations(manifest, tables.locations),
        _countries(manifest, tables.countries),
        _currencies(manifest, tables.currencies),
        _units_and_packages(manifest, tables),
        _dangerous_goods(manifest),
        _vessels(manifest),
        _documents(manifest),
    )
    return pl.concat([pl.DataFrame(schema=FINDING), *(found for check in checks for found in check)])


def _containers(manifest: Manifest, settings: pl.DataFrame) -> Iterator[pl.DataFrame]:
    of_containers = settings.filter("is_container")["message"].implode()
    boxes = manifest.equipment.filter(pl.col("message").is_in(of_containers))
    wrong = boxes.filter(~pl.col("equipment_id_valid"))
    right_digit = container.check_digits(wrong["equipment_id"])
    shaped = wrong["equipment_id"].str.contains(container.SHAPE)
    value = pl.coalesce("equipment_id_raw", "equipment_id")
    yield findings_of(wrong.filter(~shaped), "container.format", "warning", params={"value": value})
    misread = wrong.with_columns(expected=right_digit).filter(shaped)
    params = {"value": value, "expected": pl.col("expected")}
    yield findings_of(misread, "container.check_digit", "warning", params=params)
    untyped = boxes.filter(pl.col("size_type").is_null() & (pl.col("size_type_raw").str.strip_chars() != ""))
    yield findings_of(
        untyped, "container.size_type_unknown", "note", params={"value": pl.col("size_type_raw"), "box": value}
    )


def _commodities(manifest: Manifest, codes: pl.Series) -> Iterator[pl.DataFrame]:
    raw = pl.coalesce("commodity_code_raw", "commodity_code")
    said = manifest.goods_items.filter(raw.str.strip_chars() != "").with_columns(_raw=raw)
    digits = commodity.normalised(pl.col("_raw"))
    code = pl.col("commodity_code")
    odd = code.is_not_null() & (code.str.len_bytes() % 2 == 1)
    unknown = code.is_not_null() & ~odd & ~code.str.slice(0, 6).is_in(codes.implode())
    params = {"value": pl.col("_raw")}
    checks: tuple[tuple[str, Severity, pl.Expr], ...] = (
        ("commodity.format", "warning", code.is_null()),
        ("commodity.shortened", "note", code.is_not_null() & (digits.str.len_bytes() > commodity.LONGEST)),
        ("commodity.odd_length", "warning", odd),
        ("commodity.unknown", "warning", unknown),
    )
    for rule, severity, where in checks:
        yield _items(manifest, said.filter(where), rule, severity, params)


def _locations(manifest: Manifest, table: UnlocodeTable) -> Iterator[pl.DataFrame]:
    columns = [(manifest.consignments, name) for name in LOCATIONS]
    columns += [(manifest.transport, name) for name in ("departure_location", "arrival_location")]
    said = pl.concat([rows[name].unique() for rows, name in columns]).unique()
    country_only = said.is_in(country.countries()["code"].implode())  # coarse, as declarations may be, but no fault
    odd, missing = said.filter(~location.shaped(said) & ~country_only), said.filter(table.missing(said))
    for rows, name in columns:
        params = _value_of(name)
        yield findings_of(_rows_with(rows, name, odd), "location.format", "note", params=params)
        yield findings_of(_rows_with(rows, name, missing), "location.unknown", "warning", params=params)
    calls = manifest.transport.explode("itinerary")
    params = _value_of("itinerary")
    yield findings_of(calls.filter(table.missing(calls["itinerary"])), "location.unknown", "warning", params=params)


def _countries(manifest: Manifest, codes: pl.Series) -> Iterator[pl.DataFrame]:
    routed = manifest.consignments.select("message", "consignment", "place", "transit_countries")
    columns = (
        (manifest.goods_items, "origin_country"),
        (manifest.parties, "country"),
        (manifest.transport, "nationality_country"),
        (routed.explode("transit_countries"), "transit_countries"),
    )
    yield from _unknown(manifest, columns, codes, "country.unknown")


def _currencies(manifest: Manifest, codes: pl.Series) -> Iterator[pl.DataFrame]:
    columns = (
        (manifest.consignments, "freight_charge_currency"),
        (manifest.consignments, "customs_value_currency"),
        (manifest.goods_items, "customs_value_currency"),
        (manifest.goods_items, "statistical_value_currency"),
    )
    yield from _unknown(manifest, columns, codes, "currency.unknown")


def _units_and_packages(manifest: Manifest, tables: CodeTables) -> Iterator[pl.DataFrame]:
    measured = ((manifest.goods_items, "supplementary_unit_code"),)
    yield from _unknown(manifest, measured, tables.units, "unit.unknown")
    packed = (
        manifest.goods_items.select("consignment", "goods_item", "place", "packaging")
        .explode("packaging")
        .with_columns(package_type=_tidy(pl.col("packaging").struct.field("type_code")))
        .unique(["goods_item", "package_type"], maintain_order=True)
    )
    yield from _unknown(manifest, ((packed, "package_type"),), tables.packages, "package.unknown")


def _dangerous_goods(manifest: Manifest) -> Iterator[pl.DataFrame]:
    odd = manifest.goods_items.filter(~dangerous_goods.shaped(manifest.goods_items["un_number"]))
    yield _items(manifest, odd, "dangerous_goods.format", "warning", {"value": pl.col("un_number")})


def _vessels(manifest: Manifest) -> Iterator[pl.DataFrame]:
    scheme = pl.col("identification_scheme").str.to_uppercase()
    ships = manifest.transport.filter(scheme == "IMO")
    value = {"value": pl.col("identification")}
    shaped = ships["identification"].str.contains(vessel.IMO_SHAPE)
    valid = vessel.valid_imo(ships["identification"])
    yield findings_of(ships.filter(~shaped), "vessel.imo_format", "warning", params=value)
    yield findings_of(ships.filter(shaped & ~valid), "vessel.imo_check_digit", "warning", params=value)
    stations = manifest.transport.filter(scheme == "MMSI")
    odd = stations.filter(~vessel.ship_mmsi(stations["identification"]))
    yield findings_of(odd, "vessel.mmsi_format", "warning", params=value)


def _documents(manifest: Manifest) -> Iterator[pl.DataFrame]:
    kind = pl.col("transport_contract_document_type_code")
    own = manifest.consignments.filter(kind.is_in(AIR_WAYBILL_TYPES))
    yield from _air_waybills(own, "transport_contract_document_id")
    houses = manifest.consignments.filter(kind == HOUSE_WAYBILL)
    yield from _air_waybills(houses, "master_document_id")
    parcels = _with_number(manifest.consignments.filter(kind == POSTAL_TYPE), "transport_contract_document_id")
    tidy = parcels.select(postal_item.normalised(pl.col("value"))).to_series()
    wrong = parcels.filter(tidy.str.contains(postal_item.SHAPE) & ~postal_item.valid(tidy))
    yield findings_of(wrong, "postal_item.check_digit", "warning", params=("value",))


def _air_waybills(rows: pl.DataFrame, column: str) -> Iterator[pl.DataFrame]:
    bills = _with_number(rows, column)
    tidy = bills.select(air_waybill.normalised(pl.col("value"))).to_series()
    shaped = tidy.str.contains(air_waybill.SHAPE)
    yield findings_of(bills.filter(~shaped), "awb.format", "warning", params=("value",))
    wrong = bills.filter(shaped & ~air_waybill.valid(tidy))
    yield findings_of(wrong, "awb.check_digit", "warning", params=("value",))


def _with_number(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    return rows.select("message", "consignment", "place", value=column).drop_nulls("value")


def _unknown(
    manifest: Manifest, columns: Iterable[tuple[pl.DataFrame, str]], codes: pl.Series, rule: str
) -> Iterator[pl.DataFrame]:
    for rows, name in columns:
        said = rows[name].unique()
        unknown = said.filter(~said.is_in(codes.implode()))
        yield _items(manifest, _rows_with(rows, name, unknown), rule, "warning", _value_of(name))


def _rows_with(rows: pl.DataFrame, column: str, values: pl.Series) -> pl.DataFrame:
    """The rows whose column has one of ``values``, of which there are few or none: codes repeat a lot."""
    return rows.clear() if values.is_empty() else rows.filter(pl.col(column).is_in(values.implode()))


def _items(
    manifest: Manifest, rows: pl.DataFrame, rule: str, severity: Severity, params: dict[str, pl.Expr]
) -> pl.DataFrame:
    """Findings of rows that may know their message only through their consignment."""
    if "message" not in rows.columns:
        of = manifest.consignments.select("consignment", "message")
        rows = rows.join(of, on="consignment", how="left", maintain_order="left")
    return findings_of(rows, rule, severity, params=params)


def _value_of(column: str) -> dict[str, pl.Expr]:
    return {"value": pl.col(column), "field": pl.lit(column)}


def _tidy(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars().str.to_uppercase()
