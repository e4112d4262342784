"""What controls achieved in a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from pratique.flow.controls.attribution import Gain, Wave, by_name, gain, waves
from pratique.flow.controls.effectiveness import FIRED, Effectiveness, Rate, effectiveness
from pratique.node.acts import Query, View
from pratique.node.controls.effectiveness_parts import EquipmentYield, equipment, lists, ranked, sources
from pratique.node.controls.results import control_results
from pratique.node.handlers.runs import run_frame
from pratique.node.runs.manifest import CONSIGNMENT_ID
from pratique.node.runs.past import past_declarations, runs_between
from pratique.node.storage.runs import StoredRun
from pratique.vocabulary.errors import PratiqueError


@dataclass(frozen=True, slots=True)
class Measured:
    """The days measured, both included, in UTC (``None``: from the first, until the last), and the measure.

    ``by_source`` are finds by what spoke for the control: a source of points, or information of others; ``by_list``
    by the list that was hit. ``gain`` is what ranking by score gained, ``waves`` one for each threat that was found,
    ``equipment`` what scanners and teams did.
    """

    since: date | None
    until: date | None
    measure: Effectiveness
    by_source: tuple[Rate, ...]
    by_list: tuple[Rate, ...]
    gain: Gain | None
    waves: tuple[Wave, ...]
    equipment: tuple[EquipmentYield, ...]


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
    placed = results.filter(pl.col("consignment").is_in(population["consignment"].implode()))
    return Measured(
        since=query.since,
        until=query.until,
        measure=effectiveness(population, fired, results),
        by_source=by_name(sources(view.connection, view.folder, period), placed),
        by_list=by_name(lists(view.folder, period), placed),
        gain=gain(ranked(view.folder, period), placed),
        waves=waves(placed),
        equipment=equipment(view.connection, since=query.since, until=query.until, at=view.at),
    )


def _fired(run: StoredRun, view: View) -> pl.DataFrame:
    """Which profiles gave points to which consignments of a run."""
    ids = run_frame(run, "consignments", view).select("consignment", id=CONSIGNMENT_ID)
    reasons = run_frame(run, "reasons", view).select("consignment", profile="profile_id")
    return reasons.join(ids, on="consignment").select(pl.col("id").alias("consignment"), "profile")
