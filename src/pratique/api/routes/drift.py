"""Drift: how far inputs, scores, rules and the model's view have moved."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from fastapi import Query

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.drift import LONGEST, DriftDay, ListDriftDays, MeasureDrift, NoteDrift
from pratique.node.learning.drift import DriftMeasured

SLICE: Final = Slice("drift")
Last = Annotated[date | None, Query(description="Last day (UTC); else today.")]
Days = Annotated[int | None, Query(ge=1, le=LONGEST, description="So many days up to it; else those set.")]
Before = Annotated[int | None, Query(ge=1, le=LONGEST, description="Against so many before; else those set.")]


@SLICE.read("/drift", summary="Measure drift")
def measure_drift(by: By, until: Last = None, days: Days = None, reference_days: Before = None) -> DriftMeasured:
    """Stability indices of what is declared and of the score, the shares on which rules fire, the finds of the part
    drawn at random, and what the model at work reads, each with what chance alone would give."""
    return by.ask(MeasureDrift(until, days, reference_days))


@SLICE.read("/drift/days", summary="List what was noted of drift")
def list_drift_days(by: By) -> tuple[DriftDay, ...]:
    """The last days, oldest first, at most ninety."""
    return by.ask(ListDriftDays())


@SLICE.write("/drift/days", summary="Note the drift of today")
def note_drift(by: By) -> DriftDay:
    """Once a day (UTC); a second time changes nothing."""
    return by.execute(NoteDrift())
