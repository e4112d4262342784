"""Which rows belong together: to a message, to a consignment, to a goods item, to a container under a bill.

In: the sheet's rows and the profile's keys. Out: the typed rows with the numbers ``message``, ``consignment`` and
``goods_item``, each counted in order of first appearance. Rows without a key stand alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from pratique.flow.intake.formats.table.sheet import ROW
from pratique.flow.intake.mapping import Match

_ALONE: Final = "alone"


def number_rows(rows: pl.DataFrame, values: pl.DataFrame, match: Match) -> pl.DataFrame:
    """``values`` with the numbers of message, consignment and goods item; no goods item where the row has none."""
    keys = {
        level: [heading for heading in headings if heading in match.positions]
        for level, headings in match.profile.keys.items()
    }
    messages = _number(rows, _varying(rows, keys["message"]), "message", alone=False)
    bills = _number(messages, ["message", *keys["consignment"]], "consignment", alone=True)
    goods = _with_any(values, "goods_item.")
    items = _number(bills.filter(goods), ["consignment", *keys["goods_item"]], "goods_item", alone=False)
    numbers = bills.select(ROW, "message", "consignment").join(
        items.select(ROW, "goods_item"), on=ROW, how="left", maintain_order="left"
    )
    return values.join(numbers, on=ROW, how="left", maintain_order="left")


def rows_without_key(rows: pl.DataFrame, match: Match) -> pl.Series:
    """The numbers of the rows that do not say which consignment they belong to."""
    present = [heading for heading in match.profile.keys["consignment"] if heading in match.positions]
    return rows.filter(pl.all_horizontal(pl.col(present).is_null()))[ROW]


def targets_of(values: pl.DataFrame, prefix: str) -> list[str]:
    """The fields of one level (``consignment.``) that the table fills."""
    return [name for name in values.columns if name.startswith(prefix)]


def _varying(rows: pl.DataFrame, headings: Sequence[str]) -> list[str]:
    """A reference given on one row only holds for the whole file; it tells messages apart only where it varies."""
    return [heading for heading in headings if rows[heading].drop_nulls().n_unique() > 1]


def _with_any(values: pl.DataFrame, prefix: str) -> pl.Series:
    targets = targets_of(values, prefix)
    if not targets:
        return pl.repeat(False, values.height, dtype=pl.Boolean, eager=True)
    return values.select(pl.any_horizontal(pl.col(targets).is_not_null())).to_series()


def _number(rows: pl.DataFrame, keys: Sequence[str], name: str, *, alone: bool) -> pl.DataFrame:
    if not keys:
        return rows.with_columns(pl.lit(0, dtype=pl.UInt32).alias(name))
    texts = [key for key in keys if rows.schema[key] == pl.String]
    lonely = pl.when(pl.all_horizontal(pl.col(texts).is_null())).then(ROW) if alone else pl.lit(None, pl.UInt32)
    marked = rows.with_columns(lonely.alias(_ALONE))
    groups = marked.select(*keys, _ALONE).unique(maintain_order=True).with_row_index(name)
    numbered = marked.join(groups, on=[*keys, _ALONE], how="left", nulls_equal=True, maintain_order="left")
    return numbered.drop(_ALONE).with_columns(pl.col(name).cast(pl.UInt32))
