"""What controls came to, as a frame: one row for each finished control, as it was known at a moment."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any, Final

import polars as pl

from pratique.flow.controls.outcomes import CONTROLLED, FOUND
from pratique.flow.controls.results import ControlResult, results_frame
from pratique.node.instants import to_text
from pratique.node.storage import control_outcomes
from pratique.node.storage.store import Connection

DAY: Final = len("2026-10-05")  # of a moment as it is kept
NONE: Final = "[]"


def control_results(connection: Connection, *, as_of: datetime) -> pl.DataFrame:
    """Schema ``CONTROL_RESULT``: every control that was carried out, with the record that stood at ``as_of``.

    A record that was made later is not there, and a correction that was made later is not applied: what is learnt from
    a past moment knows no more than one could know then. Second looks are left out, since they are no new label but a
    check of one; controls that were waived or not carried out have none.
    """
    rows = control_outcomes.carried_out(connection, until=to_text(as_of), outcomes=CONTROLLED)
    return results_frame(_result(row) for row in rows)


def _result(row: tuple[Any, ...]) -> ControlResult:
    consignment, run, controlled_at, at, control, outcome, findings, duty, duty_currency, drawn, probability_ppm = row
    found: list[dict[str, Any]] = [] if findings == NONE else json.loads(findings)
    value, currency = _value(found)
    return ControlResult(
        consignment=consignment,
        run=run,
        controlled_on=date.fromisoformat(controlled_at[:DAY]),
        known_on=date.fromisoformat(at[:DAY]),
        control_type=control,
        found=outcome in FOUND,
        finding_kind=found[0]["threat"] if found else None,
        value_minor=value,
        value_currency=currency,
        duty_recovered_minor=duty,
        duty_currency=duty_currency,
        drawn_at_random=bool(drawn),
        probability_ppm=probability_ppm,
    )


def _value(findings: list[dict[str, Any]]) -> tuple[int | None, str | None]:
    """The sum of what was found, where all of it that has a value is in one currency."""
    valued = [(each["value_minor"], each["currency"]) for each in findings if each["value_minor"] is not None]
    currencies = {currency for _, currency in valued}
    return (sum(value for value, _ in valued), currencies.pop()) if len(currencies) == 1 else (None, None)
