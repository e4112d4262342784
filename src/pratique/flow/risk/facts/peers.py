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
_LARGEST_FACTOR: Final = 10**9


def beside_peers(rows: pl.DataFrame, figure: str, groups: Sequence[Sequence[str]], *, stem: str) -> pl.DataFrame:
    """For each row of ``rows`` how its ``figure`` (positive, else not looked at) stands among its peers.

    ``groups`` name the columns that make rows alike, finest first; a row that lacks one of them is in no such group.
    Gives ``{stem}_peer_count``, ``_peer_median``, ``_peer_ratio_permille``, ``_peer_steps`` and ``_peer_group`` (the
    columns of the group as text), unknown where no group is large enough.
    """
    numbered = rows.with_row_index("number").with_columns(figure=pl.when(pl.col(figure) > 0).then(pl.col(figure)))
    told = [_in_group(numbered.drop_nulls(["figure", *group]), group) for group in groups]
    best = pl.concat(told).unique("number", keep="first", maintain_order=True)
    return (
        numbered.select("number")
        .join(best, on="number", how="left", maintain_order="left")
        .drop("number")
        .rename(lambda name: f"{stem}_peer_{name}")
    )


def _in_group(rows: pl.DataFrame, group: Sequence[str]) -> pl.DataFrame:
    usual = rows.group_by(group).agg(count=pl.len().cast(pl.Int64) - 1, median=_middle("figure"))
    asked = rows.select("number", "figure", *group).join(usual.filter(pl.col("count") >= LEAST_PEERS), on=group)
    up = by(pl.col("figure"), pl.col("median"), times=1000)
    down = by(pl.col("median"), pl.col("figure"), times=1000)
    asked = asked.with_columns(ratio_permille=up, factor=pl.max_horizontal(up, down).clip(1000, _LARGEST_FACTOR))
    spreads = asked.group_by(group).agg(spread=_middle("factor").clip(LEAST_SPREAD, _LARGEST_FACTOR))
    return asked.join(spreads, on=group).select(
        "number",
        "count",
        "median",
        "ratio_permille",
        steps=_steps(),
        group=pl.concat_str(group, separator=" "),
    )


def _middle(column: str) -> pl.Expr:
    """The median, the lower one of two, so that it is one of the figures."""
    return pl.col(column).sort().get((pl.len() - 1) // 2)


def _steps() -> pl.Expr:
    factor, spread = pl.col("factor").cast(pl.Int128), pl.col("spread").cast(pl.Int128)
    reached, power = pl.lit(0, dtype=pl.Int64), pl.lit(1000, dtype=pl.Int128)
    for _ in range(MOST_STEPS):
        power = (power * spread // 1000).clip(upper_bound=_LARGEST_FACTOR)
        reached = reached + (factor > power).cast(pl.Int64)
    return reached
