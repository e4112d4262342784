"""The risk tables: what is vague, controlled, sensitive, usual in value, density and package mass.

They come with the package in ``data/risk``, each with its source, and an administration puts its own in their place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import polars as pl

TABLES: Final = (
    "stop_words",
    "description_themes",
    "chapter_words",
    "code_themes",
    "sensitive_pairs",
    "implausible_origins",
    "value_corridors",
    "densities",
    "package_masses",
    "hubs",
    "party_words",
    "dangerous_names",
    "state_words",
    "code_states",
    "route_concerns",
)


@dataclass(frozen=True, slots=True)
class Reference:
    """The risk tables, one frame each, and the digest of them all."""

    digest: str
    stop_words: pl.DataFrame  # word, kind: stop or filler
    description_themes: pl.DataFrame  # phrase, theme
    chapter_words: pl.DataFrame  # phrase, chapters (separated by blanks), kind: thing, part, material
    code_themes: pl.DataFrame  # prefix, theme
    sensitive_pairs: pl.DataFrame  # prefix, country, theme
    implausible_origins: pl.DataFrame  # prefix, countries (separated by blanks)
    value_corridors: pl.DataFrame  # prefix, lowest, highest: US cents by kilogram
    densities: pl.DataFrame  # chapter, lowest, highest: grams by cubic decimetre
    package_masses: pl.DataFrame  # type_code, lightest, heaviest: grams
    hubs: pl.DataFrame  # place, name
    party_words: pl.DataFrame  # phrase, kind
    dangerous_names: pl.DataFrame  # phrase, un_numbers, classes (separated by blanks), grade: grave, light or harmless
    state_words: pl.DataFrame  # phrase, state: parts, new, used, waste or none
    code_states: pl.DataFrame  # prefix, state: used or waste
    route_concerns: pl.DataFrame  # place (country or port), concern


def reference_tables(texts: Mapping[str, bytes]) -> Reference:
    """The tables out of their CSV texts, by table name. Raises ``KeyError`` for a table that is not given."""
    digest = hashlib.sha256(b"\0".join(texts[name] for name in TABLES)).hexdigest()
    return Reference(digest, **{name: _table(texts[name]) for name in TABLES})


@cache
def shipped_reference() -> Reference:
    """The tables that come with the package."""
    folder = files("pratique") / "data" / "risk"
    return reference_tables({name: (folder / f"{name}.csv").read_bytes() for name in TABLES})


def prefixed(codes: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``codes`` (with ``commodity_code``) joined to every row of ``table`` whose ``prefix`` begins it."""
    lengths = table["prefix"].str.len_bytes().unique().sort().to_list()
    return pl.concat(
        [
            codes.filter(pl.col("commodity_code").str.len_bytes() >= length)
            .with_columns(prefix=pl.col("commodity_code").str.slice(0, length))
            .join(table, on="prefix")
            for length in lengths
        ]
    )


def _table(text: bytes) -> pl.DataFrame:
    rows = pl.read_csv(text, comment_prefix="#", infer_schema=False)
    numbers = [name for name in rows.columns if name in ("lowest", "highest", "lightest", "heaviest")]
    return rows.with_columns(pl.col(numbers).cast(pl.Int64)) if numbers else rows
