"""Results as a frame: one row for each finished control, which is what a model learns from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

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


class ControlResult(NamedTuple):
    """One finished control as it is recorded, in the columns of the frame; days in UTC, the chance in millionths."""

    consignment: str
    run: str
    controlled_on: date
    known_on: date
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
    """The results with schema :data:`CONTROL_RESULT`, by the day on which they became known, then by consignment."""
    in_millionths = {**CONTROL_RESULT, "probability": pl.Int64}
    columns = zip(*results, strict=True)
    found = pl.DataFrame(dict(zip(CONTROL_RESULT, columns, strict=False)), schema=in_millionths)
    return found.with_columns(pl.col("probability") / MILLION).sort("known_on", "run", "consignment", "control_type")
