"""The rows of a list beside its index: which spellings stand behind a distinct name, and which behind a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from pratique.flow.screening.hashing import Ints
from pratique.flow.screening.identifiers import identifier_key
from pratique.flow.screening.index import ListedName, kind_bits
from pratique.flow.screening.normalise import kind_of, normalise
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.listings import LISTING

NUMBERS_AS_NAMES: Final = {"equipment": "container", "document": "document"}
"""Kinds whose name is a number, with the scheme that number has."""


@dataclass(frozen=True, slots=True)
class Listed:
    """``rows`` of schema ``LISTING`` in the order of their distinct names; ``start`` says where a name's rows begin.

    Rows without a name to compare (numbers, punctuation only) stand at the end. ``numbers`` has the columns ``key`` and
    ``row``.
    """

    rows: pl.DataFrame
    numbers: pl.DataFrame
    start: Ints

    def knows(self, column: str) -> bool:
        """Whether any row has something in that column."""
        return self.rows[column].null_count() < len(self.rows)


def arrange(listings: pl.DataFrame) -> tuple[Listed, list[ListedName]]:
    """The rows in the order of their distinct names, and those names.

    Raises :class:`PratiqueError` (``screening.columns_missing``) where columns that matter are missing.
    """
    rows = _with_schema(listings)
    kinds = {kind: kind_of(kind) for kind in rows["kind"].unique().to_list()}
    rows = rows.with_columns(pl.col("kind").replace_strict(kinds, return_dtype=pl.String))
    spelled = rows.select("name", "kind").unique(maintain_order=True)
    of_spelled, names = _distinct(spelled)
    numbered = rows.select("name", "kind").join(
        spelled.with_columns(number=of_spelled),
        on=["name", "kind"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    of_row = numbered["number"].to_numpy()
    order = np.argsort(of_row, kind="stable")
    rows = rows[order]
    start = np.searchsorted(of_row[order], np.arange(len(names) + 1)).astype(np.int64)
    return Listed(rows, _numbers(rows), start), names


def _distinct(spelled: pl.DataFrame) -> tuple[pl.Series, list[ListedName]]:
    """For each ``name`` and ``kind`` the number of its distinct name (that of none where nothing is compared), and
    the distinct names in order."""
    first_places: dict[tuple[str, tuple[str, ...]], int] = {}
    runs: list[str] = []
    words: dict[str, str] = {}  # each word is kept once, whoever bears it
    places = np.full(len(spelled), -1, dtype=np.int64)
    for at, (name, kind) in enumerate(spelled.iter_rows()):
        form = normalise(name or "", kind)
        if form.tokens and kind_bits(kind):
            key = (kind, tuple(words.setdefault(word, word) for word in form.tokens))
            place = places[at] = first_places.setdefault(key, len(runs))
            if place == len(runs):
                runs.append(form.run)
            runs[place] = min(runs[place], form.run)
    ordered = sorted(first_places)
    number = np.full(len(ordered) + 1, len(ordered), dtype=np.int64)
    number[[first_places[key] for key in ordered]] = np.arange(len(ordered), dtype=np.int64)
    names = [ListedName(kind, tokens, runs[first_places[kind, tokens]]) for kind, tokens in ordered]
    return pl.Series("number", number[places]), names


def save_listed(listed: Listed, folder: Path) -> None:
    """Writes the rows, the numbers and where names begin."""
    listed.rows.write_parquet(folder / "listings.parquet")
    listed.numbers.write_parquet(folder / "numbers.parquet")
    np.save(folder / "listing_start.npy", listed.start, allow_pickle=False)


def open_listed(folder: Path) -> Listed:
    """The rows as saved."""
    start = np.load(folder / "listing_start.npy", allow_pickle=False)
    return Listed(pl.read_parquet(folder / "listings.parquet"), pl.read_parquet(folder / "numbers.parquet"), start)


def _with_schema(listings: pl.DataFrame) -> pl.DataFrame:
    """The rows with all columns of the schema; those that say nothing when absent are filled with null."""
    missing = [name for name in ("listing_id", "entity_id", "name", "kind") if name not in listings.columns]
    if missing:
        raise PratiqueError(
            "screening.columns_missing",
            f"The listings lack the columns {', '.join(missing)}.",
            todo="Give a frame of schema LISTING (pratique.vocabulary.listings).",
        )
    return listings.select(
        (pl.col(name) if name in listings.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in LISTING.items()
    )


def _numbers(rows: pl.DataFrame) -> pl.DataFrame:
    """Every number of every row in the form it is compared in."""
    given = rows.select(row=pl.int_range(pl.len(), dtype=pl.UInt32), value=pl.col("identifiers")).explode("value")
    as_names = [
        rows.select(
            row=pl.int_range(pl.len(), dtype=pl.UInt32),
            value=pl.when(pl.col("kind") == kind).then(pl.concat_str(pl.lit(f"{scheme}:"), pl.col("name"))),
        )
        for kind, scheme in NUMBERS_AS_NAMES.items()
    ]
    told = pl.concat([given, *as_names]).drop_nulls().unique(maintain_order=True)
    keys: Sequence[str | None] = [identifier_key(value) for value in told["value"]]
    return told.select(pl.Series("key", keys, dtype=pl.String), "row").drop_nulls().unique().sort("key", "row")
