"""Results as a frame: one row for each finished control, which is what a model learns from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import polars as pl

from pratique.flow.controls.draw import MILLION

CONTROL_RESULT: Final = {
    # one row for each control that was carried out, with the record that stood at the moment asked for
    "consignment": pl.String,  # short id
    "run": pl.String,
    "controlled_on": pl.Date,
    "known_on": pl.Date,  # when the record was made: nobody could know it before
    "control_type": pl.String,
    "found": pl.Boolean,
    "finding_kind": pl.String,  # the threat of the first finding; null where nothing was found
    "value_minor": pl.Int64,  # of what was found; null where it was not valued in one currency
    "value_currency": pl.String,
    "duty_recovered_minor": pl.Int64,
    "duty_currency": pl.String,
    "drawn_at_random": pl.Boolean,
    "probability": pl.Float64,  # of this control for this consignment; null where an officer chose it
}


@dataclass(frozen=True, slots=True)
class ControlResult:
    """One finished control as it is recorded; moments in UTC, ``probability_ppm`` in millionths."""

    consignment: str
    run: str
    controlled_at: datetime
    known_at: datetime
    control_type: str
    found: bool
    finding_kind: str | None
    value_minor: int | None
    value_currency: str | None
    duty_recovered_minor: int | None
    duty_currency: str | None
    drawn_at_random: bool
    probability_ppm: int | None


def results_frame(results: Iterable[ControlResult]) -> pl.DataFrame:
    """The results with schema :data:`CONTROL_RESULT`, in the order in which they became known."""
    rows = []
    for each in sorted(results, key=lambda one: (one.known_at, one.run, one.consignment)):
        told = asdict(each)
        told["controlled_on"], told["known_on"] = each.controlled_at.date(), each.known_at.date()
        told["probability"] = None if each.probability_ppm is None else each.probability_ppm / MILLION
        rows.append({name: told[name] for name in CONTROL_RESULT})
    return pl.DataFrame(rows, schema=CONTROL_RESULT)
