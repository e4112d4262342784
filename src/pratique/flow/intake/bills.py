"""What a consignment says, in one row: the fields by which two versions of a bill are compared."""

from __future__ import annotations

from typing import Final

import polars as pl

from pratique.vocabulary.frames import Manifest
from pratique.vocabulary.sums import total_or_null

COMPARED: Final = (
    "gross_mass_g",
    "package_count",
    "consignor_name",
    "consignee_name",
    "loading_location",
    "unloading_location",
    "descriptions",
    "equipment_ids",
    "seal_ids",
)
BETWEEN_DESCRIPTIONS: Final = " | "
_SUMMED: Final = ("gross_mass_g", "package_count")
_LISTS: Final = ("equipment_ids", "seal_ids")


def summarise(manifest: Manifest) -> pl.DataFrame:
    """One row per consignment, in the manifest's order: its keys and the ``COMPARED`` fields.

    Lists are sorted and without repeats; mass and packages are those of the bill, else the sum of its goods items.
    """
    found = manifest.consignments.select(
        "consignment",
        "message",
        "place",
        "function_code",
        "transport_contract_document_id",
        *_SUMMED,
        "loading_location",
        "unloading_location",
        pl.col("seal_ids").alias("bill_seals"),
    )
    for other in (
        _goods(manifest),
        _boxes(manifest),
        _name(manifest, "CZ", "consignor"),
        _name(manifest, "CN", "consignee"),
    ):
        found = found.join(other, on="consignment", how="left", maintain_order="left")
    seals = pl.concat_list(_or_empty("bill_seals"), _or_empty("box_seals")).list.unique().list.sort()
    return found.with_columns(
        *(pl.coalesce(name, f"goods_{name}").alias(name) for name in _SUMMED),
        seals.alias("seal_ids"),
        _or_empty("equipment_ids"),
    )


def changed_fields() -> pl.Expr:
    """The names of the ``COMPARED`` fields in which a row differs from its ``earlier_…`` columns.

    A bill that was cancelled and comes again, or is cancelled now, differs in ``cancelled``.
    """
    differs = [
        pl.when(_value(name, "").ne_missing(_value(name, "earlier_"))).then(pl.lit(name))
        for name in (*COMPARED, "cancelled")
    ]
    return pl.concat_list(differs).list.drop_nulls()


def _value(name: str, prefix: str) -> pl.Expr:
    return _or_empty(prefix + name).list.sort() if name in _LISTS else pl.col(prefix + name)


def _or_empty(name: str) -> pl.Expr:
    return pl.col(name).fill_null(pl.lit([], pl.List(pl.String)))


def _goods(manifest: Manifest) -> pl.DataFrame:
    descriptions = pl.col("description").drop_nulls().str.join(BETWEEN_DESCRIPTIONS)
    return manifest.goods_items.group_by("consignment", maintain_order=True).agg(
        pl.when(pl.col("description").count() > 0).then(descriptions).alias("descriptions"),
        *(total_or_null(name).alias(f"goods_{name}") for name in _SUMMED),
    )


def _boxes(manifest: Manifest) -> pl.DataFrame:
    number = pl.coalesce("equipment_id", "equipment_id_raw").drop_nulls()
    seals = pl.col("seal_ids").list.explode(keep_nulls=False, empty_as_null=False).drop_nulls()
    own = manifest.equipment.filter(pl.col("consignment").is_not_null())
    return own.group_by("consignment", maintain_order=True).agg(
        number.unique().sort().implode().alias("equipment_ids"), seals.unique().sort().implode().alias("box_seals")
    )


def _name(manifest: Manifest, role: str, alias: str) -> pl.DataFrame:
    own = manifest.parties.filter(
        (pl.col("role_code") == role) & pl.col("goods_item").is_null() & pl.col("consignment").is_not_null()
    )
    return own.group_by("consignment", maintain_order=True).agg(
        pl.col("name").drop_nulls().first().alias(f"{alias}_name")
    )
