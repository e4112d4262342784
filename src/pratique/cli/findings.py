"""Findings as lines for people: how many of each kind, where the first stands, and what it says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pratique.vocabulary.languages import ENGLISH

if TYPE_CHECKING:
    import polars as pl

    from pratique.vocabulary.findings import Finding

LIMIT = 20


def finding_lines(findings: pl.DataFrame | Iterable[Finding], language: str = ENGLISH) -> Iterator[str]:
    """One line per rule, the most serious and most frequent first, with the first finding as its example."""
    import polars as pl

    from pratique.vocabulary.findings import findings_frame
    from pratique.vocabulary.sentences import sentence

    rows = findings if isinstance(findings, pl.DataFrame) else findings_frame(list(findings))
    order = {"error": 0, "warning": 1, "note": 2}
    counted = (
        rows.group_by("rule", "severity", maintain_order=True)
        .agg(pl.len().alias("count"), pl.col("place").first(), pl.col("params").first())
        .sort(pl.col("severity").replace_strict(order, default=3), "count", "rule", descending=[False, True, False])
    )
    for row in counted.head(LIMIT).iter_rows(named=True):
        example = sentence(row["rule"], json.loads(row["params"] or "{}"), language)
        place = f" ({row['place']})" if row["place"] else ""
        times = f"{row['count']:,} x " if row["count"] > 1 else ""
        yield f"  {row['severity']:<8} {times}{row['rule']}: {example}{place}"
    if counted.height > LIMIT:
        yield f"  and {counted.height - LIMIT} more kinds; --json shows all"
