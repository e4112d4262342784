"""Containers: what they are, what they carry against what they can, their seals, and where else they are named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from pratique.vocabulary.codes import container_size
from pratique.vocabulary.history import History
from pratique.vocabulary.sums import total

DAYS_APART: Final = 5  # no container makes two journeys that arrive within so many days
EMPTY: Final = "4"  # EDIFACT 8169

# Lightest usual tares by length in feet (makers' data sheets; own judgement): payload = rating - tare
TARE_G: Final[Mapping[int, int]] = {10: 1_300_000, 20: 2_000_000, 30: 2_800_000, 40: 3_600_000, 45: 4_500_000}
KINDS: Final[Mapping[str, str]] = {
    "G": "dry",
    "V": "dry",
    "R": "reefer",
    "H": "reefer",
    "T": "tank",
    "K": "tank",
    "U": "open",
    "P": "flat",
    "B": "bulk",
}
# Heaviest usual tares by length in feet, refrigerated and tank containers included (as above)
HEAVIEST_TARE_G: Final[Mapping[int, int]] = {10: 2_000_000, 20: 4_500_000, 30: 5_000_000, 40: 5_500_000, 45: 5_500_000}
HEAVIEST_DRY_TARE_G: Final[Mapping[int, int]] = {
    10: 1_700_000,
    20: 2_900_000,
    30: 4_000_000,
    40: 5_000_000,
    45: 5_200_000,
}
_FEET: Final[Mapping[str, int]] = {"1": 10, "2": 20, "3": 30, "4": 40, "L": 45}


def equipment_facts(
    equipment: pl.DataFrame,
    consignments: pl.DataFrame,
    *,
    chapters: pl.DataFrame,
    history: History,
) -> pl.DataFrame:
    """The facts of every mention of a container, in the order of ``equipment``.

    ``consignments`` has ``consignment, row, gross_mass_g, seal_ids (of the bill), journey_id, arrival_datetime`` and
    ``bill`` (its number); ``chapters`` has ``consignment, chapter``, each pair once.
    """
    own = consignments.select(
        "consignment",
        "row",
        "bill",
        "journey_id",
        "arrival_datetime",
        bill_mass_g="gross_mass_g",
        bill_seals="seal_ids",
    )
    rows = equipment.join(own, on="consignment", maintain_order="left")
    boxes = rows.group_by("consignment").agg(boxes=pl.col("equipment_id").n_unique())
    rows = rows.join(boxes, on="consignment", how="left", maintain_order="left").with_columns(
        *_size(),
        seal_ids=_seals(of_bills=own["bill_seals"].drop_nulls().len() > 0),
        declared_empty=pl.col("fullness_code") == EMPTY,
    )
    rows = rows.with_columns(seal_count=pl.col("seal_ids").list.len().cast(pl.Int64))
    rows = _with_mentions(rows, chapters)
    rows = _with_payload(rows)
    return _with_other_journeys(_with_repeated_seals(rows), history)


def _size() -> tuple[pl.Expr, ...]:
    letter = pl.col("size_type").str.slice(2, 1)
    known = letter.is_not_null() & (letter != container_size.UNKNOWN) & (letter != "")
    return (
        pl.when(known).then(letter.replace_strict(KINDS, default="other", return_dtype=pl.String)).alias("kind"),
        pl.col("size_type")
        .str.slice(0, 1)
        .replace_strict(_FEET, default=None, return_dtype=pl.Int64)
        .alias("length_feet"),
    )


def _seals(*, of_bills: bool) -> pl.Expr:
    """Seals of the box, with those given for the bill as a whole (``of_bills``) where it has one box only."""
    own = pl.col("seal_ids").fill_null(pl.lit([], dtype=pl.List(pl.String)))
    if not of_bills:  # the usual case, which need not join every list with an empty one
        return own.list.drop_nulls().list.unique(maintain_order=True)
    of_bill = pl.when(pl.col("boxes") == 1).then("bill_seals").fill_null(pl.lit([], dtype=pl.List(pl.String)))
    return pl.concat_list(own, of_bill).list.drop_nulls().list.unique(maintain_order=True)


def _with_payload(rows: pl.DataFrame) -> pl.DataFrame:
    ratings = container_size.lengths().select(size="code", rating_g="max_gross_g")
    tare = pl.col("length_feet").replace_strict(TARE_G, default=None, return_dtype=pl.Int64)
    return (
        rows.with_columns(size=pl.col("size_type").str.slice(0, 1))
        .join(ratings, on="size", how="left", maintain_order="left")
        .with_columns(payload_g=pl.col("rating_g") - pl.coalesce("tare_g", tare))
    )


def _heaviest_tare() -> pl.Expr:
    length = pl.col("length_feet")
    return (
        pl.when(pl.col("kind") == "dry")
        .then(length.replace_strict(HEAVIEST_DRY_TARE_G, default=None, return_dtype=pl.Int64))
        .otherwise(length.replace_strict(HEAVIEST_TARE_G, default=None, return_dtype=pl.Int64))
    )


def _with_mentions(rows: pl.DataFrame, chapters: pl.DataFrame) -> pl.DataFrame:
    """What all bills that name a box say of it together."""
    named = rows.filter(pl.col("equipment_id").is_not_null())
    bills = named.group_by("equipment_id").agg(
        bill_count=pl.col("consignment").n_unique().cast(pl.Int64),
        size_type_count=pl.col("size_type").drop_nulls().n_unique().cast(pl.Int64),
    )
    loads = (
        named.unique(["equipment_id", "consignment"], keep="first", maintain_order=True)
        .group_by("equipment_id")
        .agg(
            alone=(pl.col("boxes") == 1).all() & pl.col("bill_mass_g").is_not_null().all(),
            bills_mass_g=total("bill_mass_g"),
        )
        .select("equipment_id", bills_mass_g=pl.when("alone").then("bills_mass_g"))
    )
    mixed = (
        named.select("equipment_id", "consignment")
        .unique()
        .join(chapters, on="consignment")
        .group_by("equipment_id")
        .agg(chapter_count=pl.col("chapter").n_unique().cast(pl.Int64))
    )
    for told in (bills, loads, mixed):
        rows = rows.join(told, on="equipment_id", how="left", maintain_order="left")
    net = pl.col("gross_mass_g") - pl.col("tare_g")
    return rows.with_columns(
        load_g=pl.coalesce("goods_mass_g", net, "bills_mass_g"),
        stated_mass_g=pl.max_horizontal("gross_mass_g", "goods_mass_g", "bills_mass_g"),
        heaviest_empty_g=pl.max_horizontal("tare_g", _heaviest_tare()),
        chapter_count=pl.col("chapter_count").fill_null(0),
    )


def _with_repeated_seals(rows: pl.DataFrame) -> pl.DataFrame:
    numbered = rows.with_row_index("number")
    seals = (
        numbered.select("number", "equipment_id", seal="seal_ids")
        .explode("seal", empty_as_null=True)
        .drop_nulls()
        .with_columns(pl.col("seal").str.to_uppercase())
        .filter(pl.col("seal").str.contains(r"[1-9]"))
    )
    twice = seals.group_by("seal").agg(boxes=pl.col("equipment_id").n_unique()).filter(pl.col("boxes") > 1)
    repeated = seals.join(twice, on="seal", how="semi")["number"].unique()
    return numbered.with_columns(seal_repeated=pl.col("number").is_in(repeated.implode())).drop("number")


def _with_other_journeys(rows: pl.DataFrame, history: History) -> pl.DataFrame:
    known = history.boxes.select(
        "equipment_id",
        other_journey="journey_id",
        other_arrival="arrival_datetime",
        other_bill="transport_contract_document_id",
    ).unique("equipment_id", keep="first", maintain_order=True)
    apart = (pl.col("arrival_datetime") - pl.col("other_arrival")).abs() <= pl.duration(days=DAYS_APART)
    elsewhere = (
        (pl.col("journey_id") != pl.col("other_journey"))
        & apart
        & (pl.col("bill") != pl.col("other_bill")).fill_null(value=True)
    )
    return rows.join(known, on="equipment_id", how="left", maintain_order="left").with_columns(
        open_elsewhere=elsewhere.fill_null(value=False)
    )
