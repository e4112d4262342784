"""Offices: their hours, the places whose arrivals are theirs, and their own words for the channels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.storage import access_officers as stored
from pratique.node.storage.access_officers import Office
from pratique.node.storage.store import Connection
from pratique.node.stores import Kept

LANES: Final = ("red", "scan", "yellow", "blue", "green")
LONGEST_WORD: Final = 30
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{1,19}")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
_PLACE: Final = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")


@dataclass(frozen=True, slots=True)
class PutOffice(Command[Office]):
    """Adds an office, or gives the one with its code new facts."""

    office: Office
    entry: ClassVar[str] = "offices.put"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class ListOffices(Query[list[Office]]):
    """Every office."""

    kept_in: ClassVar[Kept] = "access"


def put_office(command: PutOffice, work: Work) -> Act[Office]:
    """Raises ``REJECTED`` for a code, a zone, an hour, a place or a word that cannot be."""
    given = command.office
    fault = _fault(given)
    if fault:
        raise refuse("offices.unfit", fault=fault)

    def act(connection: Connection) -> Done[Office]:
        stored.put_office(connection, given)
        facts: dict[str, object] = {"office": given.code, "locations": list(given.locations)}
        return Done(given, command=facts, outcome=facts)

    return act


def list_offices(query: ListOffices, view: View) -> list[Office]:
    """By code."""
    return stored.offices(view.connection)


def _fault(given: Office) -> str:
    """What of the office cannot be; empty where all can."""
    words = given.lane_words or {}
    faults = {
        "code": _CODE.fullmatch(given.code) is None,
        "name": not 0 < len(given.name.strip()) <= 80 or not given.name.isprintable(),
        "time zone": not _is_zone(given.time_zone),
        "hours": not (_TIME.fullmatch(given.opens) and _TIME.fullmatch(given.closes)),
        "days": not set(given.open_days) <= set(range(1, 8)),
        "locations": not all(_PLACE.fullmatch(place) for place in given.locations),
        "lane words": not all(
            lane in LANES and 0 < len(word) <= LONGEST_WORD and word.isprintable() for lane, word in words.items()
        ),
    }
    return ", ".join(name for name, wrong in faults.items() if wrong)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
