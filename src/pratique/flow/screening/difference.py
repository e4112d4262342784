"""What changed between two versions of a list: entries added, changed and removed, and for each entry what.

In: the rows (schema ``LISTING``) of both versions. Out: frame ``DIFFERENCE``, by columns, whatever the size of the
lists. It never compares with a party; entries are the same where their ``entity_id`` is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

DIFFERENCE: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = {
    # one row per entry added or removed, and one per changed entry and field
    "entity_id": pl.String,
    "change": pl.String,  # one of CHANGES
    "kind": pl.String,
    "name": pl.String,  # the primary one of the newer version, of the older where it was removed
    "programme": pl.String,
    "field": pl.String,  # one of FIELDS where the entry changed, else null
    "gone": pl.List(pl.String),  # values that only the older version has
    "come": pl.List(pl.String),  # values that only the newer version has
}

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
CHANGES: Final = (ADDED, CHANGED, REMOVED)

FIELDS: Final = (
    "name",
    "name_quality",
    "kind",
    "birth_date",
    "country",
    "identifier",
    "address",
    "programme",
    "remarks",
    "source_grade",
    "information_grade",
)
_SEVERAL: Final[Mapping[str, str]] = {"birth_dates": "birth_date", "countries": "country", "identifiers": "identifier"}
_ONE: Final = ("name", "kind", "programme", "remarks", "source_grade", "information_grade")
_FACT: Final = ("entity_id", "field", "of_name", "value")


def difference(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """What is new in ``after``: entries added, then changed, then removed, each by entity; see ``DIFFERENCE``."""
    old, new = before.select("entity_id").unique(), after.select("entity_id").unique()
    added = _whole(after.join(old, on="entity_id", how="anti"), ADDED)
    removed = _whole(before.join(new, on="entity_id", how="anti"), REMOVED)
    changed = _fields_changed(
        before.join(new, on="entity_id", how="semi"), after.join(old, on="entity_id", how="semi")
    ).join(_heads(after), on="entity_id", how="left")
    order = pl.Enum(CHANGES), pl.Enum(FIELDS)
    return (
        pl.concat([_in_form(each) for each in (added, changed, removed)])
        .sort(pl.col("change").cast(order[0]), "entity_id", pl.col("field").cast(order[1]))
        .select(*DIFFERENCE)
    )


def counts_of(changes: pl.DataFrame) -> dict[str, int]:
    """How many entries were added, changed and removed in a frame ``DIFFERENCE``."""
    counted = dict(changes.group_by("change").agg(pl.col("entity_id").n_unique()).iter_rows())
    return {change: int(counted.get(change, 0)) for change in CHANGES}


def _whole(rows: pl.DataFrame, change: str) -> pl.DataFrame:
    return _heads(rows).with_columns(change=pl.lit(change))


def _heads(rows: pl.DataFrame) -> pl.DataFrame:
    """``entity_id, name, kind, programme`` of each entry, its primary name where it has one."""
    primary_first = rows.with_columns(is_other=pl.col("name_quality").ne_missing(pl.lit("primary")))
    first = primary_first.sort("entity_id", "is_other", "listing_id").unique("entity_id", keep="first")
    return first.select("entity_id", "name", "kind", "programme")


def _fields_changed(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """``entity_id, field, gone, come`` of entries that are in both."""
    old, new = _facts(before), _facts(after)
    sides = {
        "gone": old.join(new, on=list(_FACT), how="anti", nulls_equal=True),
        "come": new.join(old, on=list(_FACT), how="anti", nulls_equal=True),
    }
    told = pl.concat([rows.with_columns(side=pl.lit(side)) for side, rows in sides.items()])
    moved = told.filter(field="name").select("entity_id", of_name="value")
    kept = told.join(moved, on=["entity_id", "of_name"], how="anti")  # a spelling that came or went says enough
    return (
        kept.group_by("entity_id", "field")
        .agg(pl.col("value").filter(pl.col("side") == side).sort().alias(side) for side in sides)
        .with_columns(change=pl.lit(CHANGED))
    )


def _facts(rows: pl.DataFrame) -> pl.DataFrame:
    """Every value of every field of every entry, once: ``entity_id, field, of_name, value``."""
    one = [
        rows.select("entity_id", field=pl.lit(name), value=pl.col(name).cast(pl.String))
        for name in _ONE
        if name in rows.columns
    ]
    several = [
        rows.select("entity_id", field=pl.lit(field), value=pl.col(name)).explode("value")
        for name, field in _SEVERAL.items()
    ]
    addresses = rows.select("entity_id", field=pl.lit("address"), value=pl.col("address").str.split("\n"))
    plain = pl.concat([*one, *several, addresses.explode("value")]).with_columns(of_name=pl.lit(None, dtype=pl.String))
    quality = rows.select(
        "entity_id",
        field=pl.lit("name_quality"),
        value=pl.format("{}: {}", "name", pl.col("name_quality").fill_null("primary")),
        of_name="name",
    )
    facts = pl.concat([plain.select(*_FACT), quality.select(*_FACT)])
    return facts.filter(pl.col("value").is_not_null() & (pl.col("value") != "")).unique()


def _in_form(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in DIFFERENCE.items()
    )
