"""Normalises what all formats bring alike: codes in one shape, totals, and the findings of every code check.

Only what is purely a matter of writing is changed (case, blanks, hyphens); what the sender wrote stays in the raw
columns and in the file. A check that fails is a finding, never a rejection.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pratique.flow.intake.apply_profiles import apply_profiles
from pratique.flow.intake.checks import check_codes
from pratique.flow.intake.sender_profiles import SenderProfile, choose_profiles
from pratique.flow.intake.totals import compare_totals, computed_totals
from pratique.vocabulary.codes import commodity, container, container_size, dangerous_goods, location, vessel
from pratique.vocabulary.codes.tables import CodeTables
from pratique.vocabulary.frames import Manifest


def normalise(manifest: Manifest, *, tables: CodeTables, profiles: Sequence[SenderProfile]) -> Manifest:
    """The manifest with its codes, profile and computed totals filled, and with the findings of all checks added.

    ``profiles`` in order of preference: put those of the administration before the shipped ones.
    """
    chosen = choose_profiles(manifest, profiles)
    read, settings = apply_profiles(manifest, chosen)
    tidy = _tidy(read, settings)
    counted = tidy.replace(computed=computed_totals(tidy))
    found = [counted.findings, check_codes(counted, tables, settings), compare_totals(counted)]
    return counted.replace(findings=pl.concat(found))


def _tidy(manifest: Manifest, settings: pl.DataFrame) -> Manifest:
    return manifest.replace(
        consignments=_consignments(manifest.consignments),
        goods_items=_goods_items(manifest.goods_items),
        equipment=_equipment(manifest.equipment, settings),
        parties=manifest.parties.with_columns(_country("country")),
        transport=_transport(manifest.transport),
    )


def _consignments(rows: pl.DataFrame) -> pl.DataFrame:
    places = ("loading_location", "unloading_location", "place_of_acceptance", "final_destination")
    return rows.with_columns(
        *(_location(rows[name]) for name in places),
        _currency("freight_charge_currency"),
        _currency("customs_value_currency"),
        pl.col("transit_countries").list.eval(_letters(pl.element(), 2)),
    )


def _goods_items(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        commodity_code=_commodity(pl.coalesce("commodity_code_raw", "commodity_code")),
        un_number=_said(dangerous_goods.normalised(pl.col("un_number"))),
        equipment_ids=pl.col("equipment_ids").list.eval(container.normalised(pl.element())),
        supplementary_unit_code=_said(pl.col("supplementary_unit_code").str.strip_chars().str.to_uppercase()),
        origin_country=_country("origin_country"),
        customs_value_currency=_currency("customs_value_currency"),
        statistical_value_currency=_currency("statistical_value_currency"),
    )


def _equipment(rows: pl.DataFrame, settings: pl.DataFrame) -> pl.DataFrame:
    numbered = rows.with_columns(
        equipment_id=_said(container.normalised(pl.coalesce("equipment_id_raw", "equipment_id"))),
        size_type=pl.coalesce("size_type", _size_type(pl.col("size_type_raw"))),
    )
    is_container = numbered["message"].is_in(settings.filter("is_container")["message"].implode())
    valid = container.valid(numbered["equipment_id"])
    return numbered.with_columns(equipment_id_valid=pl.when(is_container).then(valid))


def _transport(rows: pl.DataFrame) -> pl.DataFrame:
    is_imo = pl.col("identification_scheme").str.to_uppercase() == "IMO"
    return rows.with_columns(
        identification=pl.when(is_imo)
        .then(_said(vessel.normalised_imo(pl.col("identification"))))
        .otherwise("identification"),
        nationality_country=_country("nationality_country"),
        departure_location=_location(rows["departure_location"]),
        arrival_location=_location(rows["arrival_location"]),
        itinerary=pl.col("itinerary").list.eval(location.normalised(pl.element())),
    )


def _commodity(raw: pl.Expr) -> pl.Expr:
    """The digits, of more than ten the first ten; null where something else stands there. The raw column keeps it."""
    digits = commodity.normalised(raw)
    return (
        pl.when(digits.str.contains(commodity.SHAPE))
        .then(digits)
        .when(digits.str.contains(r"^[0-9]{11,}$"))
        .then(digits.str.slice(0, commodity.LONGEST))
    )


def _size_type(raw: pl.Expr) -> pl.Expr:
    """The code where it is one of ISO 6346; null where not (the raw column keeps it)."""
    tidy = container_size.normalised(raw)
    return pl.when(tidy.str.contains(container_size.shape())).then(tidy)


def _location(column: pl.Series) -> pl.Series:
    """Each different text once: a manifest has thousands of bills and a dozen ports."""
    texts = column.unique()
    codes = texts.to_frame("text").select(_said(location.normalised(pl.col("text")))).to_series()
    return column.replace(texts, codes)


def _country(column: str) -> pl.Expr:
    return _letters(pl.col(column), 2).alias(column)


def _currency(column: str) -> pl.Expr:
    return _letters(pl.col(column), 3).alias(column)


def _letters(text: pl.Expr, width: int) -> pl.Expr:
    """Trimmed, and in upper case where it has the width of the code; anything else stays the sender's own text."""
    trimmed = _said(text.str.strip_chars())
    return pl.when(trimmed.str.len_chars() == width).then(trimmed.str.to_uppercase()).otherwise(trimmed)


def _said(text: pl.Expr) -> pl.Expr:
    """Null for an empty text: the sender said nothing."""
    return pl.when(text != "").then(text)
