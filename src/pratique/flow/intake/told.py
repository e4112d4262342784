"""Findings about many rows at once: one finding per row of a frame, built column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from pratique.vocabulary.findings import Severity
from pratique.vocabulary.frames import FINDING


def findings_of(
    rows: pl.DataFrame, rule: str, severity: Severity, *, params: Sequence[str] | Mapping[str, pl.Expr] = ()
) -> pl.DataFrame:
    """One finding for each of ``rows``, in their order, as a frame of schema ``FINDING``.

    ``rows`` has a ``place`` and, where they are known, ``message`` and ``consignment``. ``params`` are columns, or
    expressions by name, of strings and integers; one that is null stands as JSON null.
    """
    if rows.is_empty():
        return pl.DataFrame(schema=FINDING)
    fields = [
        (pl.col(name) if expression is None else expression).alias(name) for name, expression in _named(params).items()
    ]
    columns = rows.select(
        message=pl.col("message") if "message" in rows.columns else pl.lit(None),
        consignment=pl.col("consignment") if "consignment" in rows.columns else pl.lit(None),
        rule=pl.lit(rule),
        severity=pl.lit(severity),
        place="place",
        params=pl.struct(fields).struct.json_encode() if fields else pl.lit("{}"),
    )
    return columns.cast(pl.Schema(FINDING))


def _named(params: Sequence[str] | Mapping[str, pl.Expr]) -> Mapping[str, pl.Expr | None]:
    return dict(params) if isinstance(params, Mapping) else dict.fromkeys(params)
