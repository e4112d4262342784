"""Goods items: what the description and the code say, apart and against each other, and whether the numbers fit."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from pratique.flow.risk.facts.amounts import by, in_us_cents
from pratique.flow.risk.facts.dangerous import dangerous_facts, innocent_words
from pratique.flow.risk.facts.peers import goods_peers
from pratique.flow.risk.facts.phrases import phrases_in, placed_words
from pratique.flow.risk.facts.reference import Reference, prefixed
from pratique.flow.risk.facts.wording import chapter_facts, code_states, stated
from pratique.flow.risk.facts.words import phrases_found, spaced, vagueness
from pratique.vocabulary.codes.tables import CodeTables
from pratique.vocabulary.history import party_key

_BILL_FIGURES: Final = {
    "bill_value_minor": "customs_value_minor",
    "bill_value_currency": "customs_value_currency",
    "bill_mass_g": "gross_mass_g",
    "bill_package_count": "package_count",
    "bill_volume_dm3": "volume_dm3",
}
_WORD_LISTS: Final = ["stated", "dangerous_names", "dangerous_un_numbers", "dangerous_classes"]


def goods_facts(
    goods: pl.DataFrame, bills: pl.DataFrame, *, tables: CodeTables, reference: Reference, on: date
) -> pl.DataFrame:
    """The facts of every goods item, in the order of ``goods``.

    ``bills`` has one row per consignment: ``consignment, row, message, loading_country`` and its own figures of value
    and mass, which count for the only item of a bill where the item has none.
    """
    rows = goods.with_columns(
        description=pl.col("description").str.to_uppercase(),
        chapter=pl.col("commodity_code").str.slice(0, 2),
        heading=pl.when(pl.col("commodity_code").str.len_bytes() >= 4).then(pl.col("commodity_code").str.slice(0, 4)),
        commodity_digits=pl.col("commodity_code").str.len_bytes().fill_null(0),
        commodity_known=_known(goods["commodity_code"], tables.commodities),
        value_usd_minor=_value(goods, tables, on),
        package_types=_package_types(),
        dangerous_declared=pl.col("un_number").is_not_null() | pl.col("imdg_class").is_not_null(),
    )
    rows = rows.join(
        bills.select("consignment", "row", "message", "loading_country", **_BILL_FIGURES),
        on="consignment",
        maintain_order="left",
    )
    rows = rows.with_columns(dangerous_expected=pl.col("dangerous_declared").any().over("message"))
    rows = _with_words(rows, reference)
    rows = _with_code_themes(rows, reference)
    rows = _with_origins(rows, reference)
    rows = _with_corridors(rows, reference)
    rows = rows.with_columns(
        mass_per_package_g=by(pl.col("gross_mass_g"), pl.col("package_count")),
        density_g_per_dm3=by(pl.col("gross_mass_g"), pl.col("volume_dm3")),
        value_per_kg_usd_minor=by(pl.col("value_usd_minor"), pl.coalesce("net_mass_g", "gross_mass_g"), times=1000),
    )
    return rows.hstack(goods_peers(_compared(rows, tables, on)))


def _compared(rows: pl.DataFrame, tables: CodeTables, on: date) -> pl.DataFrame:
    """Amounts and masses to compare: the item's own, else those of a bill with one item; in dollars if it can be."""
    only = pl.len().over("consignment") == 1
    own, statistical = pl.col("customs_value_minor").is_not_null(), pl.col("statistical_value_minor").is_not_null()
    told = rows.with_columns(
        bill_amount=pl.when(only).then("bill_value_minor"),
        mass_g=pl.coalesce("net_mass_g", "gross_mass_g", pl.when(only).then("bill_mass_g")),
        package_g=pl.coalesce(
            "mass_per_package_g", pl.when(only).then(by(pl.col("bill_mass_g"), pl.col("bill_package_count")))
        ),
        packed_density_g_per_dm3=pl.coalesce(
            "density_g_per_dm3", pl.when(only).then(by(pl.col("bill_mass_g"), pl.col("bill_volume_dm3")))
        ),
    ).with_columns(
        amount_minor=pl.coalesce("customs_value_minor", "statistical_value_minor", "bill_amount"),
        amount_currency=pl.when(own)
        .then("customs_value_currency")
        .when(statistical)
        .then("statistical_value_currency")
        .otherwise("bill_value_currency"),
    )
    dollars = in_us_cents(told["amount_minor"], told["amount_currency"], rates=tables.rates, on=on)
    known = dollars.is_not_null()
    return told.with_columns(
        amount_minor=pl.when(known).then(dollars).otherwise("amount_minor"),
        amount_currency=pl.when(known).then(pl.lit("USD")).otherwise("amount_currency"),
    )


def _known(codes: pl.Series, commodities: pl.Series) -> pl.Series:
    return codes.str.slice(0, 6).is_in(commodities.implode()) & (codes.str.len_bytes() % 2 == 0)


def _value(goods: pl.DataFrame, tables: CodeTables, on: date) -> pl.Series:
    given = goods.select(
        amount=pl.coalesce("customs_value_minor", "statistical_value_minor"),
        currency=pl.when(pl.col("customs_value_minor").is_not_null())
        .then("customs_value_currency")
        .otherwise("statistical_value_currency"),
    )
    return in_us_cents(given["amount"], given["currency"], rates=tables.rates, on=on)


def _package_types() -> pl.Expr:
    return pl.col("packaging").list.eval(pl.element().struct.field("type_code").drop_nulls())


def _with_words(rows: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Each different description is looked at once."""
    texts = rows.select("description").drop_nulls().unique(maintain_order=True).with_row_index("text")
    words = texts.select(spaced(pl.col("description")))["literal"]
    runs = phrases_in(placed_words(texts))
    told = (
        texts.hstack(vagueness(words, reference.stop_words))
        .with_columns(
            phrases_found(words, reference.description_themes, "theme").alias("themes"),
            text_key=party_key(pl.col("description")),
        )
        .join(stated(runs, reference), on="text", how="left", maintain_order="left")
        .join(dangerous_facts(runs, reference), on="text", how="left", maintain_order="left")
        .with_columns(pl.col(_WORD_LISTS).fill_null(pl.lit([], dtype=pl.List(pl.String))))
        .with_columns(pl.col("dangerous_grave").fill_null(value=False))
    )
    rows = rows.join(told, on="description", how="left", maintain_order="left")
    return rows.hstack(chapter_facts(rows, runs, reference)).with_columns(dangerous_unlikely=innocent_words())


def _with_code_themes(rows: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    codes = rows.select("commodity_code").unique(maintain_order=True)
    found = (
        prefixed(codes, reference.code_themes)
        .group_by("commodity_code")
        .agg(code_themes=pl.col("theme").unique().sort())
    )
    known = pl.col("commodity_code").is_not_null()
    told = (
        codes.join(found, on="commodity_code", how="left", maintain_order="left")
        .join(code_states(codes, reference), on="commodity_code", how="left", maintain_order="left")
        .with_columns(_empty_where_known(name, known).alias(name) for name in ("code_themes", "code_states"))
    )
    return rows.join(told, on="commodity_code", how="left", nulls_equal=True, maintain_order="left")


def _with_origins(rows: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Concerns about the code with its origin, or with the country of loading."""
    keys = ["commodity_code", "origin_country", "loading_country"]
    asked = rows.select(keys).unique(maintain_order=True)
    places = asked.with_columns(country=pl.concat_list("origin_country", "loading_country")).explode(
        "country", empty_as_null=True
    )
    themes = (
        prefixed(places, reference.sensitive_pairs)
        .filter(pl.col("country") == pl.col("country_right"))
        .group_by(keys)
        .agg(origin_themes=pl.col("theme").unique().sort())
    )
    impossible = reference.implausible_origins.with_columns(pl.col("countries").str.split(" "))
    strange = (
        prefixed(asked, impossible)
        .filter(pl.col("countries").list.contains(pl.coalesce("origin_country", "loading_country")))
        .select(*keys, implausible_origin=pl.lit(value=True))
        .unique()
    )
    known = pl.col("commodity_code").is_not_null() & pl.coalesce("origin_country", "loading_country").is_not_null()
    told = (
        asked.join(themes, on=keys, how="left", nulls_equal=True, maintain_order="left")
        .join(strange, on=keys, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(
            origin_themes=_empty_where_known("origin_themes", known),
            implausible_origin=pl.when(known).then(pl.col("implausible_origin").fill_null(value=False)),
        )
    )
    return rows.join(told, on=keys, how="left", nulls_equal=True, maintain_order="left")


def _with_corridors(rows: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Usual values (longest prefix), densities and package masses; a mixed lot of packages takes the widest."""
    codes = rows.select("commodity_code").unique(maintain_order=True)
    values = (
        prefixed(codes, reference.value_corridors)
        .sort("commodity_code", pl.col("prefix").str.len_bytes(), descending=[False, True])
        .unique("commodity_code", keep="first", maintain_order=True)
        .select("commodity_code", value_lowest_usd_minor="lowest", value_highest_usd_minor="highest")
    )
    densities = reference.densities.rename({"lowest": "density_lowest", "highest": "density_highest"})
    return (
        rows.join(values, on="commodity_code", how="left", maintain_order="left")
        .join(densities, on="chapter", how="left", maintain_order="left")
        .hstack(_package_corridor(rows["package_types"], reference.package_masses))
    )


def _package_corridor(kinds: pl.Series, masses: pl.DataFrame) -> pl.DataFrame:
    asked = pl.DataFrame({"kinds": kinds}).with_row_index("number")
    told = (
        asked.explode("kinds", empty_as_null=True)
        .join(masses, left_on="kinds", right_on="type_code", how="left")
        .group_by("number")
        .agg(
            every=pl.col("heaviest").is_not_null().all(),
            package_heaviest_g=pl.col("heaviest").max(),
            package_lightest_g=pl.col("lightest").min(),
        )
    )
    return asked.join(told, on="number", how="left", maintain_order="left").select(
        pl.when("every").then(name).alias(name) for name in ("package_heaviest_g", "package_lightest_g")
    )


def _empty_where_known(column: str, known: pl.Expr) -> pl.Expr:
    return pl.when(known).then(pl.col(column).fill_null(pl.lit([], dtype=pl.List(pl.String))))
