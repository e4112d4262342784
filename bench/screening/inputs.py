"""What is measured on: listed names, labelled pairs, and listed spellings amid ordinary names."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from bench.screening.lists import as_listings, entities, invented_listings, public_listings
from bench.screening.pairs import PAIRS, build_pairs, true_spellings
from bench.screening.traffic import ordinary_traffic

SMALL_LIST: Final = 7_614
LISTED_SPELLINGS: Final = 7_226
ORDINARY_NAMES: Final = 19_090
INVENTED: Final = 3_000


@dataclass(frozen=True, slots=True)
class Inputs:
    """``listings``: all rows of the list. ``pairs``: the labelled set (:data:`~bench.screening.pairs.PAIRS`).

    ``small``: one name for each of some entities; ``asked``: other spellings of them and ordinary names (``id, name,
    kind, entity_id``, the last null for ordinary names). ``source`` says in words what the list is.
    """

    source: str
    listings: pl.DataFrame
    pairs: pl.DataFrame
    small: pl.DataFrame
    asked: pl.DataFrame

    def without_asked(self) -> pl.DataFrame:
        """The whole list without the spellings that are asked: an alias must be found by another one."""
        return self.listings.join(self.asked.filter(pl.col("entity_id").is_not_null()), on=["name", "kind"], how="anti")

    def save(self, folder: Path) -> None:
        """Writes the labelled set, the small list and what is asked as Parquet."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("pairs", "small", "asked"):
            getattr(self, name).write_parquet(folder / f"{name}.parquet")


@dataclass(frozen=True, slots=True)
class Given:
    """Files of one's own, in place of what the bench makes; ``lists`` is the folder of the public lists."""

    lists: Path
    listings: Path | None = None
    pairs: Path | None = None
    traffic: Path | None = None


def gathered(given: Given, *, seed: int) -> Inputs:
    """Everything that is measured on. Raises :class:`SystemExit` where a given file has not the columns it needs."""
    source, listings = _listings(given, seed)
    known = entities(listings)
    chosen = sorted(random.Random(seed).sample(range(len(known)), min(SMALL_LIST, len(known))))
    kept = [known[at] for at in chosen]
    small = as_listings([each.entity_id for each in kept], [each.name for each in kept], [each.kind for each in kept])
    count = min(LISTED_SPELLINGS, len(kept))
    spelled = true_spellings(kept, seed=seed + 10, count=count)
    spellings = spelled.select(
        id=pl.format("q{}", pl.int_range(pl.len())), name="right", kind="kind", entity_id="entity_id"
    )
    return Inputs(
        source,
        listings,
        _read(given.pairs, tuple(PAIRS)[:5]) if given.pairs else build_pairs(known, seed=seed),
        small,
        pl.concat([spellings, _ordinary(given, listings, seed)]),
    )


def _listings(given: Given, seed: int) -> tuple[str, pl.DataFrame]:
    if given.listings:
        needed = ("listing_id", "entity_id", "list_id", "name", "name_quality", "kind", "countries")
        return given.listings.name, _read(given.listings, needed)
    public = public_listings(given.lists)
    if public is not None:
        return f"OFAC, UN and BIS lists in {given.lists}", public
    told = f"INVENTED names: no public lists in {given.lists}; the figures say nothing about quality"
    return told, invented_listings(INVENTED, seed)


def _ordinary(given: Given, listings: pl.DataFrame, seed: int) -> pl.DataFrame:
    if given.traffic:
        names = _read(given.traffic, ("name", "kind")).select("name", "kind").unique(maintain_order=True)
        names = names.with_columns(id=pl.format("o{}", pl.int_range(pl.len())))
    else:
        names = ordinary_traffic(ORDINARY_NAMES, seed=seed, listed=listings["name"])
    return names.select("id", "name", "kind", entity_id=pl.lit(None, dtype=pl.String))


def _read(file: Path, needed: tuple[str, ...]) -> pl.DataFrame:
    """The rows of a Parquet file that must have the columns ``needed``."""
    if not file.is_file():
        raise SystemExit(f"{file}: there is no such file.")
    rows = pl.read_parquet(file)
    missing = [name for name in needed if name not in rows.columns]
    if missing:
        raise SystemExit(f"{file}: the columns {', '.join(missing)} are missing; needed are {', '.join(needed)}.")
    return rows
