"""Who shares what with whom as of each day: firms at one address, new customers of a supplier, names that are near."""

from __future__ import annotations

import numpy as np
import polars as pl
from rapidfuzz import process
from rapidfuzz.fuzz import ratio


def newcomers(frame: pl.DataFrame, key: tuple[str, ...], recent_days: int) -> dict[str, pl.Series]:
    """How many importers were seen with each row's key up to its day, and how many of them are new."""
    group = frame.select(pl.struct(*key).rank("dense")).to_series().cast(pl.Int64)
    own = frame.select("importer", "day", group=group)
    firsts = own.group_by("group", "importer").agg(pl.col("day").min()).sort("group", "day")
    width = int(own["day"].max() or 0) + recent_days + 2  # type: ignore[arg-type]
    events = (firsts["group"] * width + firsts["day"]).to_numpy()
    start = (own["group"] * width).to_numpy()
    now = (own["group"] * width + own["day"]).to_numpy()
    upto = np.searchsorted(events, now, side="right")
    before = np.searchsorted(events, np.maximum(now - recent_days, start - 1), side="right")
    whole = upto - np.searchsorted(events, start)
    return {"sharing": pl.Series(np.log1p(whole)), "joined": pl.Series(np.log1p(upto - before))}


def namesakes(frame: pl.DataFrame) -> pl.Series:
    """How near (0 to 100) the exporter's name is to that of an exporter from whom the same importer bought before."""
    pairs = frame.group_by("importer", "exporter", maintain_order=True).agg(
        pl.col("day").min(), pl.col("exporter_name").first()
    )
    both = pairs.join(pairs, on="importer", suffix="_before").filter(
        (pl.col("day_before") < pl.col("day")) & (pl.col("exporter_before") != pl.col("exporter"))
    )
    near = process.cpdist(both["exporter_name"].to_list(), both["exporter_name_before"].to_list(), scorer=ratio)
    nearest = (
        both.with_columns(near=pl.Series(near, dtype=pl.Float64))
        .group_by("importer", "exporter")
        .agg(pl.col("near").max())
    )
    joined = frame.select("importer", "exporter").join(
        nearest, on=["importer", "exporter"], how="left", maintain_order="left"
    )
    return joined["near"].fill_null(0.0)
