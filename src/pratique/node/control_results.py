"""What controls came to, as a frame: one row for each finished control, as it was known at a moment."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import polars as pl

from pratique.flow.controls.outcomes import CONTROLLED, FOUND
from pratique.flow.controls.results import ControlResult, results_frame
from pratique.node.instants import from_text, to_text
from pratique.node.storage import control_outcomes, orders
from pratique.node.storage.control_outcomes import StoredOutcome
from pratique.node.storage.orders import StoredOrder
from pratique.node.storage.store import Connection


def control_results(connection: Connection, *, as_of: datetime) -> pl.DataFrame:
    """Schema ``CONTROL_RESULT``: every control that was carried out, with the record that stood at ``as_of``.

    A record that was made later is not there, and a correction that was made later is not applied: what is learnt from
    a past moment knows no more than one could know then. Second looks are left out, since they are no new label but a
    check of one; controls that were waived or not carried out have none.
    """
    until = to_text(as_of)
    known = {each.id: each for each in orders.all_orders(connection) if each.repeats is None}
    records = [each for each in control_outcomes.all_outcomes(connection) if each.at <= until]
    standing = {each.order_id: each for each in records if each.order_id in known}
    found = [_result(known[each.order_id], each) for each in standing.values() if each.outcome in CONTROLLED]
    return results_frame(found)


def _result(order: StoredOrder, record: StoredOutcome) -> ControlResult:
    findings: list[dict[str, Any]] = json.loads(record.findings)
    value, currency = _value(findings)
    return ControlResult(
        consignment=order.consignment_id,
        run=order.run_id,
        controlled_at=from_text(record.controlled_at),
        known_at=from_text(record.at),
        control_type=order.control,
        found=record.outcome in FOUND,
        finding_kind=findings[0]["threat"] if findings else None,
        value_minor=value,
        value_currency=currency,
        duty_recovered_minor=record.duty_recovered_minor,
        duty_currency=record.duty_currency,
        drawn_at_random=bool(order.drawn_at_random),
        probability_ppm=order.probability_ppm,
    )


def _value(findings: list[dict[str, Any]]) -> tuple[int | None, str | None]:
    """The sum of what was found, where all of it that has a value is in one currency."""
    valued = [(each["value_minor"], each["currency"]) for each in findings if each["value_minor"] is not None]
    currencies = {currency for _, currency in valued}
    return (sum(value for value, _ in valued), currencies.pop()) if len(currencies) == 1 else (None, None)
