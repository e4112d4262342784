"""Importers that hang together inside the run: by an address, a telephone or a number, and by what they receive.

A trait that two to five importers share is telling; one that dozens share belongs to a forwarder, a bank or an office
block and tells nothing, so it links nobody. Names of one firm in several spellings are not several importers.
"""

from __future__ import annotations

from typing import Final

import polars as pl

MOST_SHARING: Final = 5
_ALIKE: Final = 4  # letters at the start of two names that make them spellings of one


def link_facts(parties: pl.DataFrame, goods: pl.DataFrame) -> pl.DataFrame:
    """``consignment, linked_names, linked_by, linked_same_goods`` of consignments whose consignee is linked.

    ``parties`` are the facts of parties with ``phone_keys``; ``goods`` has ``consignment, heading``.
    """
    importers = parties.filter(
        (pl.col("role_code") == "CN")
        & ~pl.col("is_forwarder")
        & ~pl.col("is_to_order")
        & pl.col("name_key").is_not_null()
    )
    pairs = _pairs(_traits(importers))
    if pairs.is_empty():
        return _none()
    bills = importers.select("consignment", "name_key").unique()
    received = bills.join(goods.select("consignment", "heading").drop_nulls().unique(), on="consignment")
    kinds = received.select("name_key", "heading").unique()
    alike = (
        received.join(pairs.select("name_key", "other").unique(), on="name_key")
        .join(kinds, left_on=["other", "heading"], right_on=["name_key", "heading"])
        .group_by("consignment")
        .agg(linked_same_goods=pl.col("other").n_unique().cast(pl.Int64))
    )
    linked = pairs.group_by("name_key").agg(
        linked_names=pl.col("other").unique().sort(), linked_by=pl.col("kind").unique().sort()
    )
    return (
        bills.join(linked, on="name_key")
        .join(alike, on="consignment", how="left")
        .unique("consignment", keep="first", maintain_order=True)
        .select("consignment", "linked_names", "linked_by", linked_same_goods=pl.col("linked_same_goods").fill_null(0))
    )


def _traits(importers: pl.DataFrame) -> pl.DataFrame:
    """``name_key, kind, trait``: every address, telephone or mail address and number of every importer."""
    return pl.concat(
        [
            importers.select("name_key", kind=pl.lit("address"), trait="address_key"),
            importers.select("name_key", kind=pl.lit("telephone"), trait="phone_keys").explode(
                "trait", empty_as_null=True
            ),
            importers.select("name_key", kind=pl.lit("number"), trait="party_id"),
        ]
    ).drop_nulls().unique()  # fmt: skip


def _pairs(traits: pl.DataFrame) -> pl.DataFrame:
    """``name_key, other, kind``: two different importers with a trait that few have."""
    sharing = pl.len().over("kind", "trait")
    few = traits.filter(sharing.is_between(2, MOST_SHARING))
    start = pl.col("name_key").str.slice(0, _ALIKE) != pl.col("other").str.slice(0, _ALIKE)
    return (
        few.join(few.rename({"name_key": "other"}), on=["kind", "trait"])
        .filter(start)
        .select("name_key", "other", "kind")
        .unique()
    )


def _none() -> pl.DataFrame:
    texts = pl.List(pl.String)
    return pl.DataFrame(
        schema={"consignment": pl.UInt32, "linked_names": texts, "linked_by": texts, "linked_same_goods": pl.Int64}
    )
