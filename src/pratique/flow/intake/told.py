"""Findings about many rows at once: one finding per row of a frame, built column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl
import polars.selectors as cs

from pratique.vocabulary.findings import Severity
from pratique.vocabulary.frames import FINDING

LONGEST_VALUE: Final = 200


def findings_of(
    rows: pl.DataFrame, rule: str, severity: Severity, *, params: Sequence[str] | Mapping[str, pl.Expr] = ()
) -> pl.DataFrame:
    """One finding for each of ``rows``, in their order, as a frame of schema ``FINDING``.

    ``rows`` has a ``place`` and, where they are known, ``message`` and ``consignment``. ``params`` are columns, or
    expressions by name, of strings and integers; one that is null stands as JSON null, a text beyond 200 characters
    is cut there.
    """
    if rows.is_empty():
        return pl.DataFrame(schema=FINDING)
    named = params if isinstance(params, Mapping) else {name: pl.col(name) for name in params}
    values = rows.select(**named).with_columns(_shortened(cs.string()))
    columns = rows.select(
        message=pl.col("message") if "message" in rows.columns else pl.lit(None),
        consignment=pl.col("consignment") if "consignment" in rows.columns else pl.lit(None),
        rule=pl.lit(rule),
        severity=pl.lit(severity),
        place="place",
        params=_json(values) if named else pl.lit("{}"),
    )
    return columns.cast(pl.Schema(FINDING))


def _json(values: pl.DataFrame) -> pl.Series:
    return values.select(pl.struct(pl.all()).struct.json_encode()).to_series()


def _shortened(text: pl.Expr) -> pl.Expr:
    """A value of the sender's, cut where it is too long to be read in a sentence; the file keeps it whole."""
    return pl.when(text.str.len_chars() > LONGEST_VALUE).then(text.str.slice(0, LONGEST_VALUE) + "…").otherwise(text)
