"""Results of controls, which models learn from, and what overrides of the selection came to."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, Field

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.texts import OptionalRun, within
from pratique.node.handlers.results import CountOverrides, ListControlResults, OverrideCount

SLICE: Final = Slice("results")


class ControlResult(BaseModel):
    """One finished control, by the record that stood at the moment asked for."""

    consignment: str
    run: str
    controlled_on: date
    known_on: date = Field(description="When the record was made: nobody could know it before.")
    control_type: str
    found: bool
    finding_kind: str | None
    value_minor: int | None
    value_currency: str | None
    duty_recovered_minor: int | None
    duty_currency: str | None
    drawn_at_random: bool
    probability: float | None = Field(description="Of this control for this consignment; null where an officer chose.")


@SLICE.read("/control_results", summary="List results of controls")
def list_control_results(
    by: By, as_of: Annotated[AwareDatetime | None, Query(description="As it was known then; else now.")] = None
) -> list[ControlResult]:
    """One row for each control that was carried out, in the order in which the results became known."""
    found = by.ask(ListControlResults(within(as_of)))
    return [ControlResult(**row) for row in found.results.iter_rows(named=True)]


@SLICE.read("/overrides", missing=True, summary="Count overrides")
def count_overrides(by: By, run: OptionalRun = None) -> tuple[OverrideCount, ...]:
    """Standing acts on the selection by kind, reason, role of the officer, and what the control came to."""
    return by.ask(CountOverrides(run))
