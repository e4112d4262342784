"""Hits raised on a run after it was made, as rows like the run's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from pratique.flow.screening.grading import GRADES
from pratique.node.storage.list_changes import RAISED_COLUMNS, raised_hits_of_run
from pratique.node.storage.store import Connection
from pratique.vocabulary.reasons import HIT

RAISED_BY: Final = "raised_by"
RAISED: Final = {
    **HIT,
    **dict.fromkeys(GRADES, pl.String),
    "number": pl.Int64,  # goes on behind the hits that the run itself found
    RAISED_BY: pl.Int64,  # number of the list change that raised it
}


def raised_on(connection: Connection, run_seq: int) -> pl.DataFrame:
    """The hits (schema ``RAISED``) raised on the run, in the order of their numbers."""
    return raised_frame(raised_hits_of_run(connection, run_seq))


def raised_frame(rows: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    """Rows in the order of ``RAISED_COLUMNS`` as a frame of schema ``RAISED``."""
    names = [RAISED_BY if name == "seq" else name for name in RAISED_COLUMNS]
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
    return pl.DataFrame(
        {name: pl.Series(name, list(columns[name]), dtype=_stored_as(dtype)) for name, dtype in RAISED.items()}
    ).cast(dict(RAISED))  # type: ignore[arg-type]  # a mapping of names is what it takes


def _stored_as(dtype: Any) -> Any:
    return pl.String if dtype == pl.String else pl.Int64
