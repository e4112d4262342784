"""The code tables that come with the package: small CSV files whose sources are in ``data/codes/SOURCES.md``."""

from __future__ import annotations

from importlib.resources import files

import polars as pl


def read_table(name: str) -> pl.DataFrame:
    """The shipped table of that name; every column is text and an empty cell is null."""
    return pl.read_csv((files("pratique") / "data" / "codes" / name).read_bytes(), infer_schema=False)
