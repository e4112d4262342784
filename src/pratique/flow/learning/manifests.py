"""Assessed consignments in the columns that a model learns from.

In: the frames of a run, each as it is kept. Out: rows of :data:`~pratique.flow.learning.columns.DECLARATION`, one for a
consignment that stands. A manifest says less than a declaration: what it does not say is null, never guessed. A party
is known by its number, else by its name; several goods items are described by the first that has a code.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from pratique.flow.learning.columns import DECLARATION

CONSIGNEE: Final = ("CN",)
CONSIGNOR: Final = ("CZ", "EX")
DECLARANT: Final = ("DT", "AE")
CARRIER: Final = ("CA",)
WITHDRAWN: Final = ("cancelled", "superseded")
GONE: Final = (*WITHDRAWN, "duplicate")  # the same bill again is one declaration, however often it is assessed
_TELEPHONE: Final = "TE:"
_HEADING_DIGITS: Final = 6
_OWNER_LETTERS: Final = 3  # of a container number (ISO 6346)


def declared(
    frames: Mapping[str, pl.DataFrame], *, ids: pl.Series, on: date, gone: tuple[str, ...] = GONE
) -> pl.DataFrame:
    """Declarations of a run that took place ``on`` a day; ``ids`` are the short ids of its consignments, in order.

    Those whose change is among ``gone`` are left out: who counts leaves out the same bill again, who speaks of them
    leaves out only what is withdrawn.
    Values count only in the currency that most consignments of the run are valued in.
    """
    consignments = frames["consignments"].with_columns(ids.alias("id"))
    left_out = frames["versions"].filter(pl.col("change").is_in(gone))["consignment"]
    parts = (
        _goods(frames["goods_items"]),
        _boxes(frames["equipment"]),
        _party(frames["parties"], CONSIGNEE, "importer"),
        _party(frames["parties"], CONSIGNOR, "exporter"),
        _party(frames["parties"], DECLARANT, "broker"),
        _party(frames["parties"], CARRIER, "carrier"),
    )
    rows = consignments.filter(~pl.col("consignment").is_in(left_out.implode())).join(
        frames["message"].select("message", office="declaration_office_id"), on="message", how="left"
    )
    for part in parts:
        rows = rows.join(part, on="consignment", how="left", maintain_order="left")
    told = rows.select(
        pl.col("id").alias("consignment"),
        pl.lit(on).alias("lodged_on"),
        *("office", "importer", "importer_name", "importer_address", "importer_phone", "exporter", "exporter_name"),
        *("broker", "carrier", "container", "container_operator", "hs6", "description", "origin"),
        pl.col("loading_location").str.head(2).alias("dispatch"),
        pl.col("loading_location").alias("loading"),
        pl.coalesce("gross_mass_g", "goods_gross_mass_g").alias("gross_mass_g"),
        "net_mass_g",
        pl.coalesce("package_count", "goods_packages").alias("packages"),
        "package_type",
        pl.coalesce(
            _in_usual_currency("customs_value_minor", "customs_value_currency"),
            _in_usual_currency("goods_value_minor", "goods_value_currency"),
        ).alias("value_minor"),
        _in_usual_currency("freight_charge_minor", "freight_charge_currency").alias("freight_minor"),
        "procedure",
        pl.col("nature_code").alias("regime"),
    )
    absent = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in DECLARATION.items() if name not in told.columns]
    return told.with_columns(absent).select(pl.col(name).cast(dtype) for name, dtype in DECLARATION.items())


def usual_currency(frames: Mapping[str, pl.DataFrame]) -> str | None:
    """The currency that most consignments of a run, else most of its goods, are valued in."""
    for name in ("consignments", "goods_items"):
        usual = frames[name]["customs_value_currency"].drop_nulls().mode().sort()
        if usual.len():
            return str(usual[0])
    return None


def _goods(items: pl.DataFrame) -> pl.DataFrame:
    """Per consignment its first coded item and the sums of all."""
    first: list[str | pl.Expr] = [
        pl.col("commodity_code").str.head(_HEADING_DIGITS).alias("hs6"),
        "description",
        pl.col("origin_country").alias("origin"),
        pl.col("procedure_current").alias("procedure"),
        pl.col("packaging").list.first().struct.field("type_code").alias("package_type"),
        pl.col("customs_value_currency").alias("goods_value_currency"),
    ]
    named = first_coded(items).select("consignment", *first)
    named = named.with_columns(pl.when(pl.col("hs6").str.len_chars() == _HEADING_DIGITS).then("hs6"))
    sums = items.group_by("consignment").agg(
        _whole("gross_mass_g").alias("goods_gross_mass_g"),
        _whole("net_mass_g"),
        _whole("package_count").alias("goods_packages"),
        pl.when(pl.col("customs_value_currency").n_unique() == 1)
        .then(_whole("customs_value_minor"))
        .alias("goods_value_minor"),
    )
    return named.join(sums, on="consignment", how="left")


def first_coded(items: pl.DataFrame) -> pl.DataFrame:
    """Per consignment its first goods item with a heading of six digits, else its first."""
    coded = (pl.col("commodity_code").str.len_chars() >= _HEADING_DIGITS).fill_null(value=False)
    best = items.sort(["consignment", coded, "goods_item"], descending=[False, True, False])
    return best.group_by("consignment", maintain_order=True).first()


def _whole(column: str) -> pl.Expr:
    """The sum of a column; null where one of the items does not say."""
    return pl.when(pl.col(column).null_count() == 0).then(pl.col(column).sum())


def _boxes(equipment: pl.DataFrame) -> pl.DataFrame:
    """Per consignment its first box and whose it is."""
    first = equipment.drop_nulls("consignment").group_by("consignment", maintain_order=True).first()
    owner = pl.when(pl.col("equipment_id_valid")).then(pl.col("equipment_id").str.head(_OWNER_LETTERS))
    return first.select("consignment", pl.col("equipment_id").alias("container"), owner.alias("container_operator"))


def _party(parties: pl.DataFrame, roles: tuple[str, ...], name: str) -> pl.DataFrame:
    """Per consignment the first party of one of the roles."""
    of = parties.filter(pl.col("role_code").is_in(roles) & pl.col("consignment").is_not_null())
    first = of.group_by("consignment", maintain_order=True).first()
    calls = pl.col("communication").list.eval(
        pl.element().filter(pl.element().str.starts_with(_TELEPHONE)).str.strip_prefix(_TELEPHONE)
    )
    address = pl.concat_str("address_line", "city", "postcode", "country", separator=" ", ignore_nulls=True)
    told = {
        name: pl.coalesce("party_id", "name"),
        f"{name}_name": pl.col("name"),
        f"{name}_address": pl.when(pl.col("address_line").is_not_null()).then(address),
        f"{name}_phone": calls.list.first(),
    }
    return first.select("consignment", *(value.alias(key) for key, value in told.items()))


def _in_usual_currency(amount: str, currency: str) -> pl.Expr:
    usual = pl.col(currency).drop_nulls().mode().sort().first()
    return pl.when(pl.col(currency) == usual).then(amount)
