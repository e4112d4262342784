"""Calls: one vessel's arrival inside a run. Several messages about the same arrival are one call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import polars as pl

from pratique.node.canonical import canonical
from pratique.node.instants import from_text, to_text
from pratique.vocabulary.ids import short_id

INBOUND_FIRST: Final = ("border", "arrival")


@dataclass(frozen=True, slots=True)
class Call:
    """One arrival. ``messages`` are their numbers inside the run; what no message says is ``None``.

    ``from_locations`` are the places that the goods were loaded at before, in order of call where the message gives
    it; ``arrives_at`` is in UTC.
    """

    id: str
    run_id: str
    number: int
    messages: tuple[int, ...]
    vessel: str | None
    imo: str | None
    voyage: str | None
    from_locations: tuple[str, ...]
    arrival_location: str | None
    arrives_at: datetime | None

    @property
    def ship(self) -> tuple[str | None, ...]:
        """What is the same in every message about this arrival: the vessel, its voyage and the port."""
        return (self.imo or self.vessel, self.voyage, self.arrival_location)


def calls_in(run_id: str, messages: pl.DataFrame, transport: pl.DataFrame) -> list[Call]:
    """The calls of a run, in the order of their messages. A message without transport is a call of its own."""
    rows: dict[int, Mapping[str, Any]] = {}
    for row in transport.iter_rows(named=True):
        known = rows.get(row["message"])
        if known is None or _weight(row) < _weight(known):
            rows[row["message"]] = row
    grouped: dict[tuple[Any, ...], list[int]] = {}
    for message in messages["message"].to_list():
        grouped.setdefault(_arrival(rows.get(message), message), []).append(message)
    return [
        _call(run_id, number, tuple(together), rows.get(together[0], {}))
        for number, together in enumerate(grouped.values())
    ]


def stored_values(call: Call) -> tuple[Any, ...]:
    """``number, id, messages, vessel, imo, voyage, from_locations, arrival_location, arrives_at`` as they are kept."""
    return (
        call.number,
        call.id,
        canonical(list(call.messages)),
        call.vessel,
        call.imo,
        call.voyage,
        canonical(list(call.from_locations)),
        call.arrival_location,
        None if call.arrives_at is None else to_text(call.arrives_at),
    )


def call_kept(run_id: str, values: tuple[Any, ...]) -> Call:
    """The call of which :func:`stored_values` gave ``values``."""
    number, call_id, messages, vessel, imo, voyage, from_locations, arrival_location, arrives_at = values
    return Call(
        id=call_id,
        run_id=run_id,
        number=number,
        messages=tuple(json.loads(messages)),
        vessel=vessel,
        imo=imo,
        voyage=voyage,
        from_locations=tuple(json.loads(from_locations)),
        arrival_location=arrival_location,
        arrives_at=None if arrives_at is None else from_text(arrives_at),
    )


def _weight(row: Mapping[str, Any]) -> int:
    """How well a leg tells the arrival: the border first, then the arrival, then any other."""
    return INBOUND_FIRST.index(row["stage"]) if row["stage"] in INBOUND_FIRST else len(INBOUND_FIRST)


def _arrival(row: Mapping[str, Any] | None, message: int) -> tuple[Any, ...]:
    if row is None or not (row["identification"] or row["name"]):
        return (message,)
    return (row["identification"] or row["name"], row["journey_id"], row["arrival_location"], row["arrival_datetime"])


def _call(run_id: str, number: int, messages: tuple[int, ...], row: Mapping[str, Any]) -> Call:
    is_imo = (row.get("identification_scheme") or "").upper() == "IMO"
    before = [*(row.get("itinerary") or ()), row.get("departure_location")]
    there = row.get("arrival_location")
    return Call(
        id=short_id("call", run_id, str(messages[0])),
        run_id=run_id,
        number=number,
        messages=messages,
        vessel=row.get("name") or (None if is_imo else row.get("identification")),
        imo=row.get("identification") if is_imo else None,
        voyage=row.get("journey_id"),
        from_locations=tuple(dict.fromkeys(place for place in before if place and place != there)),
        arrival_location=there,
        arrives_at=moment.astimezone(UTC) if (moment := row.get("arrival_datetime")) else None,
    )
