"""Consignments: the wide row that rules look at first, put together from all other frames."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from pratique.flow.risk.facts.amounts import by, in_us_cents
from pratique.flow.risk.facts.parties import ENOUGH_HISTORY
from pratique.flow.risk.facts.reference import Reference
from pratique.vocabulary.codes.tables import CodeTables
from pratique.vocabulary.frames import Manifest
from pratique.vocabulary.history import History
from pratique.vocabulary.sums import total

PLACE: Final = r"^[A-Z]{2}([A-Z2-9]{3})?$"
_CASH: Final[Mapping[str, str]] = {
    "ens": "A"
}  # EU code list 116: A payment in cash; other messages have no code for it
TOLERATED_PERMILLE: Final = 1  # by which a declared mass may differ from the computed one


def journeys(manifest: Manifest) -> pl.DataFrame:
    """One row per message: the means of transport at the border (else the first that is named)."""
    return (
        manifest.transport.sort((pl.col("stage") != "border").fill_null(value=True), maintain_order=True)
        .unique("message", keep="first", maintain_order=True)
        .select(
            "message",
            "mode_code",
            "journey_id",
            "arrival_datetime",
            vessel_name=pl.coalesce("name", "identification"),
            vessel_nationality="nationality_country",
        )
    )


def base_rows(manifest: Manifest) -> pl.DataFrame:
    """The consignments in their order with ``row``, what their message and journey say, and countries of places."""
    messages = manifest.message.select("message", "message_type", "format", "sender_id", sender_profile="profile")
    places = {
        "loading_country": "loading_location",
        "unloading_country": "unloading_location",
        "acceptance_country": "place_of_acceptance",
        "destination_country": "final_destination",
    }
    return (
        manifest.consignments.with_row_index("row")
        .join(messages, on="message", how="left", maintain_order="left")
        .join(journeys(manifest), on="message", how="left", maintain_order="left")
        .with_columns(_country(place).alias(country) for country, place in places.items())
    )


def _country(place: str) -> pl.Expr:
    return pl.when(pl.col(place).str.contains(PLACE)).then(pl.col(place).str.slice(0, 2))


def with_amounts(rows: pl.DataFrame, goods: pl.DataFrame, *, tables: CodeTables, on: date) -> pl.DataFrame:
    """Sums of the goods beside the bill's own figures, and their ratios."""
    summed = goods.group_by("consignment").agg(
        goods_count=pl.len().cast(pl.Int64),
        goods_mass_g=_whole_sum("gross_mass_g"),
        goods_package_count=_whole_sum("package_count"),
        goods_value_usd_minor=_whole_sum("value_usd_minor"),
    )
    different = goods.select("consignment", "chapter").drop_nulls().unique().sort("chapter")
    chapters = different.group_by("consignment", maintain_order=True).agg(chapters="chapter")
    rows = rows.join(summed, on="consignment", how="left", maintain_order="left")
    rows = rows.join(chapters, on="consignment", how="left", maintain_order="left").with_columns(
        goods_count=pl.col("goods_count").fill_null(0),
        chapters=pl.col("chapters").fill_null(pl.lit([], dtype=pl.List(pl.String))),
        own_value=in_us_cents(rows["customs_value_minor"], rows["customs_value_currency"], rates=tables.rates, on=on),
        freight_usd_minor=in_us_cents(
            rows["freight_charge_minor"], rows["freight_charge_currency"], rates=tables.rates, on=on
        ),
    )
    same = pl.col("freight_charge_currency") == pl.col("customs_value_currency")
    gap = (pl.col("goods_mass_g") - pl.col("gross_mass_g")).abs()
    rows = rows.with_columns(value_usd_minor=pl.coalesce("own_value", "goods_value_usd_minor"))
    return rows.with_columns(
        chapter_count=pl.col("chapters").list.len(),
        mass_per_package_g=by(pl.col("gross_mass_g"), pl.col("package_count")),
        mass_difference_permille=by(gap, pl.col("gross_mass_g"), times=1000),
        package_difference=pl.col("goods_package_count") - pl.col("package_count"),
        value_per_kg_usd_minor=by(pl.col("value_usd_minor"), pl.col("gross_mass_g"), times=1000),
        freight_permille_of_value=pl.coalesce(
            by(pl.col("freight_usd_minor"), pl.col("value_usd_minor"), times=1000),
            pl.when(same).then(by(pl.col("freight_charge_minor"), pl.col("customs_value_minor"), times=1000)),
        ),
        freight_paid_in_cash=pl.col("freight_payment_method_code")
        == pl.col("format").replace_strict(_CASH, default=None, return_dtype=pl.String),
    )


def _whole_sum(column: str) -> pl.Expr:
    """The sum, or unknown where one part is, or where it is beyond counting."""
    return pl.when(pl.col(column).null_count() == 0).then(total(column))


def with_parties(rows: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """The first consignor, consignee and notify party of each consignment, and what they are to one another."""
    for role, stem in (("CZ", "consignor"), ("CN", "consignee"), ("NI", "notify")):
        first = (
            parties.filter(pl.col("role_code") == role)
            .select(
                "consignment",
                pl.col("name").alias(f"{stem}_name"),
                pl.col("name_key").alias(f"{stem}_key"),
                pl.col("country").alias(f"{stem}_country"),
                pl.col("party_id").alias(f"{stem}_id"),
                pl.col("seen_before").alias(f"{stem}_seen_before"),
                pl.col("is_forwarder").alias(f"{stem}_is_forwarder"),
                pl.col("is_to_order").alias(f"{stem}_to_order"),
                pl.any_horizontal(pl.col("address_line", "city", "postcode").is_not_null()).alias(
                    f"{stem}_has_address"
                ),
            )
            .unique("consignment", keep="first", maintain_order=True)
        )
        rows = rows.join(first, on="consignment", how="left", maintain_order="left")
    consignee, notify = pl.col("consignee_key"), pl.col("notify_key")
    return rows.with_columns(
        consignor_missing=pl.col("consignor_key").is_null(),
        consignee_missing=consignee.is_null(),
        notify_missing=notify.is_null(),
        notify_same_as_consignor=notify == pl.col("consignor_key"),
        consignor_same_as_consignee=pl.col("consignor_key") == consignee,
    )


def with_equipment(rows: pl.DataFrame, equipment: pl.DataFrame) -> pl.DataFrame:
    """How many containers and seals."""
    boxes = equipment.group_by("consignment").agg(
        equipment_count=pl.col("equipment_id").drop_nulls().n_unique().cast(pl.Int64)
    )
    seals = (
        pl.concat(
            [
                equipment.select("consignment", "seal_ids"),
                rows.select("consignment", "seal_ids"),
            ]
        )
        .explode("seal_ids", empty_as_null=True)
        .drop_nulls()
        .group_by("consignment")
        .agg(seal_count=pl.col("seal_ids").n_unique().cast(pl.Int64))
    )
    return (
        rows.join(boxes, on="consignment", how="left", maintain_order="left")
        .join(seals, on="consignment", how="left", maintain_order="left")
        .with_columns(pl.col("equipment_count", "seal_count").fill_null(0))
    )


def with_versions(rows: pl.DataFrame, versions: pl.DataFrame | None) -> pl.DataFrame:
    """Version and change as the intake found them; without them every consignment is new."""
    names = ("version", "change", "changed_fields", "hours_before_arrival", "late")
    if versions is None:
        return rows.with_columns(
            version=pl.lit(1, dtype=pl.Int64),
            change=pl.lit("new"),
            changed_fields=pl.lit([], dtype=pl.List(pl.String)),
            hours_before_arrival=pl.lit(None, dtype=pl.Int64),
            late=pl.lit(None, dtype=pl.Boolean),
        )
    return rows.join(versions.select("consignment", *names), on="consignment", how="left", maintain_order="left")


def with_repeats(rows: pl.DataFrame) -> pl.DataFrame:
    """The same bill more than once."""
    bill = ["transport_contract_document_id", "sender_id"]
    repeats = rows.filter(pl.col(bill[0]).is_not_null()).group_by(bill).agg(bill_repeats=pl.len().cast(pl.Int64))
    return rows.join(
        repeats.filter(pl.col("bill_repeats") > 1), on=bill, how="left", nulls_equal=True, maintain_order="left"
    ).with_columns(bill_repeats=pl.when(pl.col(bill[0]).is_not_null()).then(pl.col("bill_repeats").fill_null(1)))


def with_splits(rows: pl.DataFrame, goods: pl.DataFrame) -> pl.DataFrame:
    """How many bills of the journey go from the same consignor to the same consignee with the same goods, and sums."""
    keys = goods.select("consignment", goods_key=pl.coalesce("heading", "text_key"))
    first = keys.unique("consignment", keep="first", maintain_order=True)
    rows = rows.join(first, on="consignment", how="left", maintain_order="left")
    alike = ["consignor_key", "consignee_key", "goods_key", "journey_id", "sender_id"]
    named = pl.all_horizontal(pl.col(alike[:3]).is_not_null()) & ~pl.col("consignee_to_order")
    sums = (
        rows.filter(named)
        .group_by(alike)
        .agg(
            split_bill_count=pl.col("transport_contract_document_id").n_unique().cast(pl.Int64),
            split_value_usd_minor=_whole_sum("value_usd_minor"),
            split_mass_g=_whole_sum("gross_mass_g"),
            split_largest_value_usd_minor=_whole_max("value_usd_minor"),
            split_largest_mass_g=_whole_max("gross_mass_g"),
        )
    )
    told = [name for name in sums.columns if name.startswith("split_")]
    return rows.join(sums, on=alike, how="left", nulls_equal=True, maintain_order="left").with_columns(
        pl.when(named).then(name).alias(name) for name in told
    )


def _whole_max(column: str) -> pl.Expr:
    """The largest, or unknown where one part is."""
    return pl.when(pl.col(column).null_count() == 0).then(pl.col(column).max())


def with_routes(rows: pl.DataFrame, goods: pl.DataFrame, *, history: History, reference: Reference) -> pl.DataFrame:
    """Transit, hubs, and how often the route was seen before."""
    stops = rows.select(
        "consignment",
        place=pl.concat_list(
            "place_of_acceptance",
            "loading_location",
            pl.col("transit_countries").fill_null(pl.lit([], pl.List(pl.String))),
        ),
    ).explode("place", empty_as_null=True)
    hubs = stops.join(reference.hubs, on="place").group_by("consignment").agg(hubs=pl.col("name").unique().sort())
    both = pl.concat([stops, stops.with_columns(pl.col("place").str.slice(0, 2))])
    concerns = (
        both.join(reference.route_concerns, on="place")
        .group_by("consignment")
        .agg(route_concerns=pl.col("concern").unique().sort())
    )
    rows = rows.join(hubs, on="consignment", how="left", maintain_order="left")
    rows = rows.join(concerns, on="consignment", how="left", maintain_order="left").with_columns(
        pl.col("hubs", "route_concerns").fill_null(pl.lit([], dtype=pl.List(pl.String))),
        transit_country_count=pl.col("transit_countries").list.eval(pl.element().str.slice(0, 2)).list.n_unique(),
    )
    if history.is_young or history.bills_in_all < ENOUGH_HISTORY:
        return rows.with_columns(route_seen_before=pl.lit(None, dtype=pl.Int64))
    route = ["loading_location", "unloading_location"]
    known = history.routes_in_all.rename({"bill_count": "route_seen_before"})
    told = pl.all_horizontal(pl.col(route).is_not_null())
    return rows.join(known, on=route, how="left", maintain_order="left").with_columns(
        route_seen_before=pl.when(told).then(pl.col("route_seen_before").fill_null(0))
    )


def with_quality(rows: pl.DataFrame, manifest: Manifest) -> pl.DataFrame:
    """Findings of reading, and whether the totals of the message add up."""
    counted = (
        manifest.findings.drop_nulls("consignment")
        .group_by("consignment")
        .agg(
            finding_count=(pl.col("severity") != "note").sum().cast(pl.Int64),
            error_count=(pl.col("severity") == "error").sum().cast(pl.Int64),
        )
    )
    return (
        rows.join(counted, on="consignment", how="left", maintain_order="left")
        .join(_totals(manifest), on="message", how="left", maintain_order="left")
        .with_columns(pl.col("finding_count", "error_count").fill_null(0))
    )


def _totals(manifest: Manifest) -> pl.DataFrame:
    """``message, totals_differ``; unknown where no total that was computed was declared."""
    both = manifest.declared.join(manifest.computed, on="message", suffix="_computed")
    counts = ("consignment_count", "goods_item_count", "package_count", "equipment_count")
    gap = (pl.col("gross_mass_g") - pl.col("gross_mass_g_computed")).abs()
    beyond = by(gap, pl.col("gross_mass_g_computed"), times=1000) > TOLERATED_PERMILLE
    differs = [*(pl.col(name) != pl.col(f"{name}_computed") for name in counts), beyond]
    told = pl.any_horizontal(*(one.is_not_null() for one in differs))
    return both.select(
        "message", totals_differ=pl.when(told).then(pl.any_horizontal(*(one.fill_null(value=False) for one in differs)))
    ).unique("message", keep="first", maintain_order=True)
