"""What rows that belong together make one doubt: they contradict each other, or only some of them say anything.

In: the typed and numbered rows. Out: findings by row (schema ``ODDITY``), to be placed by whoever knows the places.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from pratique.flow.intake.formats.table.assemble import ADDED_PER_BOX
from pratique.flow.intake.formats.table.grouping import targets_of
from pratique.flow.intake.formats.table.sheet import ROW
from pratique.vocabulary.frames import Schema

ODDITY: Final[Schema] = {"row": pl.UInt32, "rule": pl.String, "severity": pl.String, "params": pl.String}
_MOST_VALUES: Final = 10
_SHOWN_CHARACTERS: Final = 80
_GROUPED: Final = (
    ("message", "message."),
    ("message", "transport."),
    ("message", "declared."),
    ("consignment", "consignment."),
    ("consignment", "party."),
    ("goods_item", "goods_item."),
)
_SUMMED: Final = ("gross_mass_g", "package_count")


def oddities(rows: pl.DataFrame) -> pl.DataFrame:
    """All of them, level by level."""
    lazily = rows.lazy()  # all of them at once: most rows of most messages have none
    found = [
        _conflicts(lazily, level, name)
        for level, prefix in _GROUPED
        for name in targets_of(rows, prefix)
        if not isinstance(rows.schema[name], pl.List) and not _is_added(name)
    ]
    found += [
        _partly(lazily, name, has_own=f"consignment.{name}" in rows.columns)
        for name in _SUMMED
        if f"goods_item.{name}" in rows.columns
    ]
    return pl.concat([pl.DataFrame(schema=ODDITY), *pl.collect_all(found)])


def _conflicts(rows: pl.LazyFrame, level: str, name: str) -> pl.LazyFrame:
    """Groups whose rows say different things of one field."""
    value = pl.col(name)
    odd = (
        rows.group_by(level, maintain_order=True)
        .agg(pl.col(ROW).first(), value.min().alias("low"), value.max().alias("high"), value.alias("values"))
        .filter((pl.col("low") != pl.col("high")) & pl.col(level).is_not_null())
    )
    values = pl.col("values").list.eval(pl.element().drop_nulls().unique(maintain_order=True)).list.head(_MOST_VALUES)
    texts = values.cast(pl.List(pl.String)).list.eval(pl.element().str.slice(0, _SHOWN_CHARACTERS)).list.join("; ")
    params = pl.struct(field=pl.lit(name), values=texts)
    return _told(odd, "table.conflicting_values", "warning", params)


def _partly(rows: pl.LazyFrame, name: str, *, has_own: bool) -> pl.LazyFrame:
    """Bills whose sum is made of some of their rows, because the others say nothing."""
    silent = pl.col(f"consignment.{name}").is_null().all() if has_own else pl.lit(True)
    odd = (
        rows.filter(pl.col("goods_item").is_not_null())
        .group_by("consignment", maintain_order=True)
        .agg(
            pl.col(ROW).first(),
            pl.col(f"goods_item.{name}").count().cast(pl.Int64).alias("given"),
            pl.len().cast(pl.Int64).alias("rows"),
            silent.alias("silent"),
        )
        .filter(pl.col("silent") & (pl.col("given") > 0) & (pl.col("given") < pl.col("rows")))
    )
    return _told(odd, "table.partly_given", "note", pl.struct("given", "rows", field=pl.lit(f"goods_item.{name}")))


def _told(odd: pl.LazyFrame, rule: str, severity: str, params: pl.Expr) -> pl.LazyFrame:
    return odd.select(ROW, rule=pl.lit(rule), severity=pl.lit(severity), params=params.struct.json_encode())


def _is_added(name: str) -> bool:
    """Whether the field is added up over the rows, so that they may differ."""
    level, _, field = name.partition(".")
    if level == "goods_item":
        return field.startswith("packaging.") or field.endswith(("_g", "_dm3", "_count", "_minor", "_milli"))
    return level == "equipment" and field in ADDED_PER_BOX
