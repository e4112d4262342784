"""Hits raised on a run after it was made, as rows like the run's own, and what they add to its scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from pratique.flow.screening.grading import GRADES
from pratique.node.storage.list_changes import RAISED_COLUMNS, raised_hits_of_run
from pratique.node.storage.store import Connection
from pratique.vocabulary.reasons import HIT, RiskType

RAISED_BY: Final = "raised_by"
RELEASED: Final = "released"
RAISED: Final = {
    **HIT,
    **dict.fromkeys(GRADES, pl.String),
    "number": pl.Int64,  # goes on behind the hits that the run itself found
    RAISED_BY: pl.Int64,  # number of the list change that raised it
    RELEASED: pl.Int64,  # 1: its consignment was released by then, so that it is for audit; 0: it was in hand
}

POINTS: Final = "raised_points"
MANDATORY: Final = "raised_mandatory"
RAISED_RISKS: Final = tuple(f"raised_{kind.value}" for kind in RiskType)
RAISED_REASON: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = {
    "consignment": pl.UInt32,
    RAISED_BY: pl.Int64,  # number of the list change
    "profile_id": pl.String,
    "consignment_id": pl.String,
    "profile_version": pl.Int64,
    "risk_type": pl.String,
    "points": pl.Int64,  # below 0 where they are taken off
    "control": pl.String,
    "mandatory": pl.Boolean,
    "fires": pl.Boolean,  # False: it fired before these hits and does so no more
    "params": pl.String,
    "evidence": pl.String,
}


@dataclass(frozen=True, slots=True)
class Late:
    """What came to a run since it was made: ``hits`` (schema ``RAISED``), and what they add to scores (``added``)."""

    hits: pl.DataFrame
    points: pl.DataFrame

    @property
    def key(self) -> list[Any]:
        """What makes it another one."""
        return [key_of(self.hits), self.points.rows()]


def key_of(raised: pl.DataFrame) -> list[Any]:
    """What makes raised hits (schema ``RAISED``) other ones: frames made of them are kept under it."""
    return raised.select("number", RAISED_BY, "consignment", "list_version", "listing_id", RELEASED).rows()


def raised_on(connection: Connection, run_seq: int) -> pl.DataFrame:
    """The hits (schema ``RAISED``) raised on the run, in the order of their numbers."""
    return raised_frame(raised_hits_of_run(connection, run_seq))


def added(reasons: pl.DataFrame) -> pl.DataFrame:
    """``consignment, raised_points, raised_mandatory`` of those that stand, and their points by risk type."""
    by_type = (
        pl.col("points").filter(pl.col("risk_type") == kind.value).sum().alias(name)
        for kind, name in zip(RiskType, RAISED_RISKS, strict=True)
    )
    return reasons.group_by("consignment", maintain_order=True).agg(
        pl.col("points").sum().alias(POINTS), pl.col("mandatory").any().alias(MANDATORY), *by_type
    )


def raised_frame(rows: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    """Rows in the order of ``RAISED_COLUMNS`` as a frame of schema ``RAISED``."""
    names = [RAISED_BY if name == "seq" else name for name in RAISED_COLUMNS]
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
    return pl.DataFrame(
        {name: pl.Series(name, list(columns[name]), dtype=_stored_as(dtype)) for name, dtype in RAISED.items()}
    ).cast(dict(RAISED))  # type: ignore[arg-type]  # a mapping of names is what it takes


def _stored_as(dtype: Any) -> Any:
    return pl.String if dtype == pl.String else pl.Int64
