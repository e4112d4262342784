"""What controls achieved in a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from pratique.flow.controls.effectiveness import FIRED, Effectiveness, effectiveness
from pratique.node.acts import Query, View
from pratique.node.control_results import control_results
from pratique.node.handlers.runs import run_frame
from pratique.node.past import past_declarations, runs_between
from pratique.node.run_record import CONSIGNMENT_ID
from pratique.node.storage.runs import StoredRun
from pratique.vocabulary.errors import PratiqueError


@dataclass(frozen=True, slots=True)
class Measured:
    """The days measured, both included, in UTC (``None``: from the first, until the last), and the measure."""

    since: date | None
    until: date | None
    measure: Effectiveness


@dataclass(frozen=True, slots=True)
class MeasureEffectiveness(Query[Measured]):
    """Controls of consignments that were assessed between two days, with what is known of them now."""

    since: date | None = None
    until: date | None = None


def measure_effectiveness(query: MeasureEffectiveness, view: View) -> Measured:
    """Raises ``report.period`` where the period ends before it begins. What it gives names no person."""
    if query.since and query.until and query.until < query.since:
        raise PratiqueError(
            "report.period",
            f"The period ends ({query.until}) before it begins ({query.since}).",
            todo="Give an earlier first day or a later last one.",
        )
    period = runs_between(view.connection, query.since, query.until)
    population = past_declarations(view.folder, period).select(
        "consignment", "office", pl.coalesce("origin", "dispatch").alias("origin"), pl.col("importer").alias("trader")
    )
    fired = pl.concat([pl.DataFrame(schema=FIRED), *(_fired(run, view) for run in period)]).unique()
    results = control_results(view.connection, as_of=view.at)
    return Measured(query.since, query.until, effectiveness(population, fired, results))


def _fired(run: StoredRun, view: View) -> pl.DataFrame:
    """Which profiles gave points to which consignments of a run."""
    ids = run_frame(run, "consignments", view).select("consignment", id=CONSIGNMENT_ID)
    reasons = run_frame(run, "reasons", view).select("consignment", profile="profile_id")
    return reasons.join(ids, on="consignment").select(pl.col("id").alias("consignment"), "profile")
