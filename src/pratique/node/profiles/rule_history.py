"""What rules did so far: the consignments of a period, which rule fired on which, and what controls of them came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from pratique.flow.assess import GONE
from pratique.flow.controls.scorecard import FIRING
from pratique.node.controls.results import control_results
from pratique.node.folder import NodeFolder
from pratique.node.instants import from_text
from pratique.node.lake import known_frame
from pratique.node.runs.manifest import CONSIGNMENT_ID, manifest_of
from pratique.node.runs.past import runs_between
from pratique.node.storage.runs import StoredRun
from pratique.node.storage.store import Connection

IDS = pl.Schema({"consignment": pl.String, "replaces": pl.String})


@dataclass(frozen=True, slots=True)
class RuleHistory:
    """Short ids of the consignments that stood, ``fired`` (schema ``FIRING``) and ``results`` (``CONTROL_RESULT``).

    A bill has the id of its first version throughout; ``first`` gives it for the later ones.
    """

    period: list[StoredRun]
    consignments: pl.Series
    fired: pl.DataFrame
    results: pl.DataFrame
    first: Mapping[str, str]


def rule_history(
    connection: Connection, folder: NodeFolder, *, since: date | None, until: date | None, as_of: datetime
) -> RuleHistory:
    """What is known of the runs between two days (both included, UTC) with the results known at ``as_of``."""
    return history_of(connection, folder, runs_between(connection, since, until), as_of=as_of)


def history_of(connection: Connection, folder: NodeFolder, period: list[StoredRun], *, as_of: datetime) -> RuleHistory:
    """The same of these runs, oldest first."""
    rows = pl.concat([pl.DataFrame(schema=IDS), *(_ids(folder, run) for run in period)])
    first = first_versions(rows)
    fired = pl.concat([pl.DataFrame(schema=FIRING), *(_fired(folder, run) for run in period)])
    return RuleHistory(
        period=period,
        consignments=rows["consignment"].replace(first).unique(maintain_order=True),
        fired=fired.with_columns(pl.col("consignment").replace(first)),
        results=control_results(connection, as_of=as_of).with_columns(pl.col("consignment").replace(first)),
        first=first,
    )


def first_versions(rows: pl.DataFrame) -> dict[str, str]:
    """For each id that replaced another (``consignment, replaces``, oldest first) that of the bill's first version.

    A bill that was amended or sent again is one consignment: a rule fires on it once, and its control has one result.
    """
    first: dict[str, str] = {}
    for new, old in rows.drop_nulls("replaces").iter_rows():
        if new != old:
            first[new] = first.get(old, old)
    return first


def _ids(folder: NodeFolder, run: StoredRun) -> pl.DataFrame:
    """Those of a run that stood, and which earlier consignment each replaced."""
    frames = manifest_of(run)["frames"]
    ids = known_frame(folder, frames["consignments"]).select("consignment", id=CONSIGNMENT_ID)
    stands = known_frame(folder, frames["versions"]).filter(~pl.col("change").is_in(GONE))
    return stands.join(ids, on="consignment").select(
        pl.col("id").alias("consignment"), pl.col("replaces_consignment_id").alias("replaces")
    )


def _fired(folder: NodeFolder, run: StoredRun) -> pl.DataFrame:
    frames = manifest_of(run)["frames"]
    ids = known_frame(folder, frames["consignments"]).select("consignment", id=CONSIGNMENT_ID)
    reasons = known_frame(folder, frames["reasons"]).select("consignment", profile="profile_id")
    told = reasons.join(ids, on="consignment").select(pl.col("id").alias("consignment"), "profile")
    return told.with_columns(on=pl.lit(from_text(run.at).date()))
