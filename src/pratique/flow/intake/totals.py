"""Totals of each message, computed from its rows and held against those that the sender declared.

Counting rules: mass and packages are those of the bill, once per bill (its own figure, else the sum of its goods
items), never per container. A consolidated container stands under several bills, so boxes are the distinct container
numbers. A house bill whose master bill is in the same message describes goods that the master already counts; it adds
to the number of bills and items, not to mass and packages.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from pratique.flow.intake.told import findings_of
from pratique.vocabulary.frames import TOTALS, Manifest

COMPARED: Final = tuple(name for name in TOTALS if name != "message")
ADDED: Final = ("package_count", "gross_mass_g")  # the totals that are sums of what bills say
SMALL_MASS_G: Final = 1_000


def computed_totals(manifest: Manifest) -> pl.DataFrame:
    """One row per message, schema ``TOTALS``.

    Mass and packages are null where no bill and no item states any, and where they are beyond a 64-bit integer.
    """
    of_bills = _of_bills(manifest).with_columns(pl.col(ADDED).cast(pl.Int64, strict=False))
    boxes = manifest.equipment.group_by("message").agg(equipment_count=pl.col("equipment_id").drop_nulls().n_unique())
    return (
        manifest.message.select("message")
        .join(of_bills, on="message", how="left", maintain_order="left")
        .join(boxes, on="message", how="left", maintain_order="left")
        .with_columns(pl.col("consignment_count", "goods_item_count", "equipment_count").fill_null(0))
        .select(pl.col(name).cast(dtype) for name, dtype in TOTALS.items())
    )


def compare_totals(manifest: Manifest) -> pl.DataFrame:
    """Findings ``totals.<what>_differ`` with both figures, one per message and total that does not add up.

    ``totals.<what>_beyond_counting`` where the bills state figures whose sum is larger than any integer kept here.
    """
    both = (
        manifest.declared.join(manifest.computed, on="message", suffix="_computed", maintain_order="left")
        .join(manifest.message.select("message", "place"), on="message", how="left", maintain_order="left")
    )  # fmt: skip
    return pl.concat([*(_compared(both, what) for what in COMPARED), *_beyond(manifest)])


def _of_bills(manifest: Manifest) -> pl.DataFrame:
    """Per message, what its bills come to; mass and packages as 128-bit integers, which no file can fill."""
    return (
        _bills(manifest)
        .group_by("message")
        .agg(
            consignment_count=pl.len(),
            goods_item_count=pl.col("_items").sum(),
            package_count=_wide_sum("package_count"),
            gross_mass_g=_wide_sum("gross_mass_g"),
        )
    )


def _bills(manifest: Manifest) -> pl.DataFrame:
    """One row per bill with its mass, packages and number of items; mass and packages null where a master has them."""
    items = manifest.goods_items.group_by("consignment").agg(
        _items=pl.len(), _packages=_wide_sum("package_count"), _mass=_wide_sum("gross_mass_g")
    )
    bills = manifest.consignments.join(items, on="consignment", how="left", maintain_order="left")
    counted_by_master = _under_a_master(manifest.consignments)
    own = {"package_count": "_packages", "gross_mass_g": "_mass"}
    return bills.select(
        "message",
        "_items",
        *(
            pl.when(counted_by_master).then(None).otherwise(pl.coalesce(name, item)).alias(name)
            for name, item in own.items()
        ),
    )


def _under_a_master(bills: pl.DataFrame) -> pl.Series:
    """True for a house bill whose master bill stands in the same message."""
    masters = bills.select("message", number="transport_contract_document_id").drop_nulls().unique()
    houses = bills.select("message", "house_level", "transport_contract_document_id", number="master_document_id")
    found = houses.join(
        masters.with_columns(_found=pl.lit(value=True)), on=["message", "number"], how="left", maintain_order="left"
    )
    return found.select(
        pl.col("_found").fill_null(value=False)
        & (pl.col("house_level") == "house").fill_null(value=False)
        & pl.col("transport_contract_document_id").ne_missing(pl.col("number"))
    ).to_series()


def _compared(both: pl.DataFrame, what: str) -> pl.DataFrame:
    declared, computed = pl.col(what), pl.col(f"{what}_computed")
    params = {"declared": declared, "computed": computed}
    only_declared = both.filter(declared.is_not_null(), computed.is_null())
    differ = both.filter(declared.is_not_null(), computed.is_not_null(), declared != computed)
    small = (declared - computed).abs() < SMALL_MASS_G if what == "gross_mass_g" else pl.lit(value=False)
    name = what.removesuffix("_g")
    return pl.concat(
        [
            findings_of(differ.filter(~small), f"totals.{name}_differ", "warning", params=params),
            findings_of(differ.filter(small), f"totals.{name}_differ", "note", params=params),
            findings_of(only_declared, f"totals.{name}_only_declared", "note", params={"declared": declared}),
        ]
    )


def _beyond(manifest: Manifest) -> list[pl.DataFrame]:
    """A finding for each total of bills that is larger than any integer kept here."""
    unknown = manifest.computed.filter(pl.any_horizontal(pl.col(ADDED).is_null())).select("message")
    if unknown.is_empty():
        return []
    places = manifest.message.select("message", "place")
    added = _of_bills(manifest).join(unknown, on="message", how="semi").join(places, on="message").sort("message")
    return [
        findings_of(
            added.filter(pl.col(what).is_not_null() & pl.col(what).cast(pl.Int64, strict=False).is_null()),
            f"totals.{what.removesuffix('_g')}_beyond_counting",
            "warning",
        )
        for what in ADDED
    ]


def _wide_sum(column: str) -> pl.Expr:
    """The sum of what is there; null, not zero, where nothing is."""
    return pl.when(pl.col(column).is_not_null().any()).then(pl.col(column).cast(pl.Int128).sum())
