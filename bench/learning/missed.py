"""Which ways of wrongdoing a ranking misses that the oracle catches: finds and revenue of each, at 1 % and 5 %."""

from __future__ import annotations

import polars as pl

from bench.learning.worlds import Floats, Scene
from pratique.flow.learning.measuring import first_of

SHARES = (0.01, 0.05)


def mechanisms_of(at: Scene) -> pl.Series:
    """The mechanism behind each declaration that is scored; null for honest ones."""
    told = at.late.select("consignment").join(at.world.truth, on="consignment", how="left", maintain_order="left")
    return told["mechanism"]


def missed(mechanisms: pl.Series, lost: Floats, ours: Floats, oracle: Floats) -> pl.DataFrame:
    """One row a mechanism: its rows, its share of the revenue, and what either ranking catches of both."""
    whole = max(float(lost.sum()), 1.0)
    rows = []
    for name in mechanisms.drop_nulls().unique().sort().to_list():
        its = (mechanisms == name).fill_null(value=False).to_numpy()
        row: dict[str, str | int | float] = {
            "mechanism": name,
            "rows": int(its.sum()),
            "revenue": lost[its].sum() / whole,
        }
        for share in SHARES:
            for who, score in (("ours", ours), ("oracle", oracle)):
                first = first_of(score, share)
                row[f"{who}@{share:.0%}"] = int(its[first].sum())
                row[f"{who} R@{share:.0%}"] = float(lost[first][its[first]].sum()) / whole
        rows.append(row)
    return pl.DataFrame(rows)


def shown(told: pl.DataFrame) -> None:
    """Prints the table, what is missed most first."""
    told = told.sort(pl.col("oracle@5%") - pl.col("ours@5%"), descending=True)
    print(f"    {'caught, ours/oracle':26} {'rows':>5} {'at 1 %':>9} {'at 5 %':>9}   revenue of all at 1 %, at 5 %")
    for row in told.iter_rows(named=True):
        finds = (f"{row[f'ours@{share:.0%}']}/{row[f'oracle@{share:.0%}']}" for share in SHARES)
        money = (f"{row[f'ours R@{share:.0%}']:.3f}/{row[f'oracle R@{share:.0%}']:.3f}" for share in SHARES)
        print(f"    {row['mechanism']:26} {row['rows']:5} {next(finds):>9} {next(finds):>9}   {'  '.join(money)}")


def together(tables: list[pl.DataFrame]) -> pl.DataFrame:
    """The tables of several worlds as one: counts added up, shares of revenue averaged over the worlds."""
    counted = ["rows", *(f"{who}@{share:.0%}" for share in SHARES for who in ("ours", "oracle"))]
    shares = ["revenue", *(f"{who} R@{share:.0%}" for share in SHARES for who in ("ours", "oracle"))]
    return pl.concat(tables).group_by("mechanism").agg(pl.col(counted).sum(), pl.col(shares).sum() / len(tables))
