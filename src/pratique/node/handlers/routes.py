"""The route of a consignment: from where the carrier took it over to where it goes, with coordinates where known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from pratique.node.acts import Query, View
from pratique.node.errors import refuse
from pratique.node.lake import known_frame
from pratique.node.runs.at_hand import RunAtHand, taken_at_hand
from pratique.node.runs.code_tables import LOCATIONS
from pratique.node.storage import runs as stored
from pratique.node.storage.versions import tables_in_force
from pratique.vocabulary.codes.location import seed
from pratique.vocabulary.errors import Category

MINUTES: Final = 60
ACCEPTED, LOADED, CALLED, UNLOADED, DESTINATION = "accepted", "loaded", "called", "unloaded", "destination"


@dataclass(frozen=True, slots=True)
class RoutePlace:
    """One place of the route. ``role`` is accepted, loaded, called (on the way), unloaded or destination.

    ``code`` is the UN/LOCODE or the sender's own text; name and coordinates (degrees, north and east positive) are
    ``None`` where the table in force does not know it. ``at`` (UTC) is when the means of transport left or arrives.
    """

    role: str
    code: str
    name: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class RouteShown:
    """The places in order of travel, the countries that the routing names, and the means of transport.

    ``from_official_table`` says whether the loaded UN/LOCODE list or the shipped seed of large ports was asked.
    """

    consignment_id: str
    run_id: str
    places: tuple[RoutePlace, ...]
    transit_countries: tuple[str, ...]
    vessel: str | None
    imo: str | None
    voyage: str | None
    flag_country: str | None
    from_official_table: bool


@dataclass(frozen=True, slots=True)
class ShowRoute(Query[RouteShown]):
    """The route of a consignment, by its short id or bill number."""

    ref: str


def show_route(query: ShowRoute, view: View) -> RouteShown:
    """Raises ``NOT_FOUND`` where nothing has that id or bill number."""
    called = stored.consignments_called(view.connection, query.ref.strip())
    if not called:
        raise refuse("consignments.not_found", Category.NOT_FOUND, ref=query.ref)
    at_hand = taken_at_hand(view.connection, view.folder, stored.run_by_seq(view.connection, called[0].run_seq))
    row = at_hand.frames["consignments"].row(by_predicate=pl.col("consignment") == called[0].consignment, named=True)
    leg = _leg(at_hand, row["message"])
    told = list(_told(row, leg))
    table, official = _locations(view)
    known = table.filter(pl.col("code").is_in([code for _, code, _ in told]))
    by_code = {each["code"]: each for each in known.iter_rows(named=True)}
    call = next(each for each in at_hand.calls if row["message"] in each.messages)
    return RouteShown(
        consignment_id=called[0].id,
        run_id=at_hand.run.id,
        places=tuple(_place(role, code, at, by_code.get(code, {})) for role, code, at in told),
        transit_countries=tuple(row["transit_countries"] or ()),
        vessel=call.vessel,
        imo=call.imo,
        voyage=call.voyage,
        flag_country=leg.get("nationality_country"),
        from_official_table=official,
    )


def _told(row: Mapping[str, Any], leg: Mapping[str, Any]) -> Iterable[tuple[str, str, datetime | None]]:
    """``role, code, moment`` of each place in order of travel, each place once."""
    left, arrives = leg.get("departure_datetime"), leg.get("arrival_datetime")
    loaded, unloaded = row["loading_location"], row["unloading_location"]
    calls = list(leg.get("itinerary") or ())
    if loaded in calls:
        calls = calls[calls.index(loaded) + 1 :]
    steps = [
        (ACCEPTED, row["place_of_acceptance"], None),
        (LOADED, loaded, left if loaded == leg.get("departure_location") else None),
        *((CALLED, code, None) for code in calls if code not in (loaded, unloaded, leg.get("arrival_location"))),
        (UNLOADED, unloaded, arrives if unloaded == leg.get("arrival_location") else None),
        (DESTINATION, row["final_destination"], None),
    ]
    seen: set[str] = set()
    for role, code, at in steps:
        if code and code not in seen:
            seen.add(code)
            yield role, code, at


def _place(role: str, code: str, at: datetime | None, known: Mapping[str, Any]) -> RoutePlace:
    latitude, longitude = known.get("latitude_minutes"), known.get("longitude_minutes")
    return RoutePlace(
        role=role,
        code=code,
        name=known.get("name"),
        country=known.get("country"),
        latitude=None if latitude is None else latitude / MINUTES,
        longitude=None if longitude is None else longitude / MINUTES,
        at=at,
    )


def _leg(at_hand: RunAtHand, message: int) -> Mapping[str, Any]:
    """The leg that tells the arrival: the border's where there is one, else the first."""
    legs = at_hand.frames["transport"].filter(message=message).to_dicts()
    return next((leg for leg in legs if leg["stage"] in ("border", "arrival")), legs[0] if legs else {})


def _locations(view: View) -> tuple[pl.DataFrame, bool]:
    """The table of places in force, and whether it is the official one."""
    loaded = next((each for each in tables_in_force(view.connection) if each.kind == LOCATIONS), None)
    if loaded is None:
        return seed().places, False
    return known_frame(view.folder, json.loads(loaded.inputs)["frame"]), True
