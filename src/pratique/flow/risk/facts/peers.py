"""Peers inside the run: how far a value by kilogram, a package's mass, a density or a freight is from that of its like.

Everything is whole numbers, so that the answer is the same on every machine:

- *like*: rows of the finest group that holds at least ``LEAST_PEERS`` other rows with the figure;
- *median*: the middle figure of the group, its own included, the lower one of two; the group's usual figure;
- *ratio*: own figure × 1000 ÷ median, rounded down;
- *factor*: how many times the figure is above or below the median, in thousandths, never under 1,000;
- *spread*: the lower median of the factors of the group, at least ``LEAST_SPREAD``. This is the median absolute
  deviation of the logarithms, without a logarithm;
- *steps*: how often the spread can be multiplied with itself and stay under the factor: 3 steps at a spread of 1.2 mean
  more than 1.73 times away. A group that is mixed in itself has a large spread and so few steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from pratique.flow.risk.facts.amounts import by

LEAST_PEERS: Final = 8
LEAST_SPREAD: Final = 1_100
MOST_STEPS: Final = 9
LARGEST: Final = 2**53  # a larger figure is not looked at: up to here all of this is exact in 64 bits
_LARGEST_FACTOR: Final = 10**9
_BY_TONNE: Final = 10**6  # grams; figures by tonne keep the digits of cheap goods


def goods_peers(goods: pl.DataFrame) -> pl.DataFrame:
    """The facts of goods items beside their peers of the same subheading, else heading; rows in the order of ``goods``.

    ``goods`` has ``commodity_code, heading, amount_minor, amount_currency, mass_g, packed_density_g_per_dm3,
    package_types, package_g`` (mass of one package).
    """
    kind = pl.col("package_types")
    rows = goods.select(
        "heading",
        "amount_currency",
        "packed_density_g_per_dm3",
        "package_g",
        subheading=pl.when(pl.col("commodity_code").str.len_bytes() >= 6).then(
            pl.col("commodity_code").str.slice(0, 6)
        ),
        package_kind=pl.when(kind.list.len() == 1).then(kind.list.first()),
        unit_value_minor=by(pl.col("amount_minor"), pl.col("mass_g"), times=1000),
        by_tonne=by(pl.col("amount_minor"), pl.col("mass_g"), times=_BY_TONNE),
    )
    values = beside_peers(
        rows, "by_tonne", [["subheading", "amount_currency"], ["heading", "amount_currency"]], stem="value"
    )
    packed = [["subheading", "package_kind"], ["heading", "package_kind"]]
    return pl.concat(
        [
            rows.select(
                "unit_value_minor", "package_g", "packed_density_g_per_dm3", unit_value_currency="amount_currency"
            ),
            _by_kilogram(values, "value", rows["amount_currency"]),
            beside_peers(rows, "package_g", packed, stem="package").rename(
                {"package_peer_median": "package_peer_median_g"}
            ),
            beside_peers(rows, "packed_density_g_per_dm3", [["subheading"], ["heading"]], stem="density"),
        ],
        how="horizontal",
    )


def freight_peers(rows: pl.DataFrame) -> pl.DataFrame:
    """Freight by kilogram beside bills of the same route, else of the same two countries; in the order of ``rows``."""
    usd = pl.col("freight_usd_minor").is_not_null()
    asked = rows.select(
        "loading_location",
        "unloading_location",
        "loading_country",
        "unloading_country",
        currency=pl.when(usd).then(pl.lit("USD")).otherwise("freight_charge_currency"),
        amount=pl.coalesce("freight_usd_minor", "freight_charge_minor"),
        mass_g="gross_mass_g",
    ).with_columns(
        by_tonne=by(pl.col("amount"), pl.col("mass_g"), times=_BY_TONNE),
        freight_per_kg_minor=by(pl.col("amount"), pl.col("mass_g"), times=1000),
    )
    routes = [
        ["loading_location", "unloading_location", "currency"],
        ["loading_country", "unloading_country", "currency"],
    ]
    told = _by_kilogram(beside_peers(asked, "by_tonne", routes, stem="freight"), "freight", asked["currency"])
    return told.with_columns(asked["freight_per_kg_minor"], asked["currency"].alias("freight_per_kg_currency"))


def _by_kilogram(told: pl.DataFrame, stem: str, currencies: pl.Series) -> pl.DataFrame:
    """The median by tonne as one by kilogram, with its currency beside it."""
    median = pl.col(f"{stem}_peer_median")
    return told.with_columns(
        (median // 1000).alias(f"{stem}_peer_median_minor"), currencies.alias(f"{stem}_peer_median_currency")
    ).drop(f"{stem}_peer_median")


def beside_peers(rows: pl.DataFrame, figure: str, groups: Sequence[Sequence[str]], *, stem: str) -> pl.DataFrame:
    """For each row of ``rows`` how its ``figure`` (1 to ``LARGEST``, else not looked at) stands among its peers.

    ``groups`` name the columns that make rows alike, finest first; a row that lacks one of them is in no such group.
    Gives ``{stem}_peer_count``, ``_peer_median``, ``_peer_ratio_permille``, ``_peer_steps`` and ``_peer_group`` (the
    columns of the group as text), unknown where no group is large enough.
    """
    wanted = dict.fromkeys(name for group in groups for name in group)
    looked_at = pl.when(pl.col(figure).is_between(1, LARGEST)).then(pl.col(figure))
    numbered = rows.select(*wanted, figure=looked_at).with_row_index("number").drop_nulls("figure")
    told: list[pl.DataFrame] = []
    for group in groups:
        like = numbered.drop_nulls(group)
        done = [each.select("number") for each in told]
        asked = like.join(pl.concat(done), on="number", how="anti") if done else like
        if asked.height:
            told.append(_in_group(like.join(asked.select(group).unique(), on=group, how="semi"), asked, group))
    best = pl.concat(told or [_in_group(numbered, numbered, groups[0])]).with_columns(steps=_steps())
    return (
        rows.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("number"))
        .join(best.drop("factor", "spread"), on="number", how="left", maintain_order="left")
        .drop("number")
        .rename(lambda name: f"{stem}_peer_{name}")
    )


def _in_group(like: pl.DataFrame, asked: pl.DataFrame, group: Sequence[str]) -> pl.DataFrame:
    """The rows of ``asked`` that have enough peers among ``like``."""
    figure, median = pl.col("figure"), pl.col("median")
    held = like.with_columns(
        count=pl.len().over(group).cast(pl.Int64) - 1, median=_middle("figure").over(group)
    ).filter(pl.col("count") >= LEAST_PEERS)
    rows = held.with_columns(
        ratio_permille=figure * 1000 // median,
        factor=pl.max_horizontal(figure * 1000 // median, median * 1000 // figure).clip(1000, _LARGEST_FACTOR),
    ).with_columns(spread=_middle("factor").over(group).clip(LEAST_SPREAD, _LARGEST_FACTOR))
    return rows.join(asked.select("number"), on="number", how="semi").select(
        "number", "count", "median", "ratio_permille", "factor", "spread", group=pl.concat_str(group, separator=", ")
    )


def _middle(column: str) -> pl.Expr:
    """The median, the lower one of two, so that it is one of the figures."""
    return pl.col(column).quantile(0.5, interpolation="lower").cast(pl.Int64)


def _steps() -> pl.Expr:
    factor, spread = pl.col("factor"), pl.col("spread")
    reached, power = pl.lit(0, dtype=pl.Int64), pl.lit(1000, dtype=pl.Int64)
    for _ in range(MOST_STEPS):
        power = (power * spread // 1000).clip(upper_bound=_LARGEST_FACTOR)
        reached = reached + (factor > power).cast(pl.Int64)
    return reached
