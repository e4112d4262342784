"""A request for assistance as it stands: its versions, what happened, its profile, clock, and what may be done now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from pratique.node.canonical import canonical
from pratique.node.errors import refuse
from pratique.node.instants import from_text, to_text
from pratique.node.storage import requests as stored
from pratique.node.storage.requests import StoredRequest, StoredRequestEvent, StoredVersion
from pratique.node.storage.store import Connection
from pratique.partners.assistance.clocks import Clock, clock
from pratique.partners.assistance.drafts import Draft, draft_of
from pratique.partners.assistance.model import RequestProfile
from pratique.partners.assistance.profiles import shipped_profiles
from pratique.partners.assistance.states import (
    Event,
    Happened,
    NotPossible,
    Side,
    Standing,
    possible,
    require,
    standing_after,
)
from pratique.vocabulary.errors import Category

APPROVED: Final = "approved"


@dataclass(frozen=True, slots=True)
class Stamp:
    """The journal entry, the moment and who; ``happened_at`` where that was earlier than it was noted."""

    seq: int
    at: datetime
    by: str
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RequestEventLine:
    """Something that happened, with its details as plain values."""

    event: Event
    side: Side
    happened_at: datetime
    at: str
    by: str
    message: str
    details: Mapping[str, Any]
    seq: int


@dataclass(frozen=True, slots=True)
class RequestAtHand:
    """A request with everything that is known of it."""

    request: StoredRequest
    versions: tuple[StoredVersion, ...]
    events: tuple[RequestEventLine, ...]
    standing: Standing
    profile: RequestProfile
    draft: Draft

    @property
    def side(self) -> Side:
        """On which side this node stands."""
        return Side(self.request.side)

    @property
    def sent_version(self) -> int:
        """The newest version that the other side has, or was sent; 0: none."""
        return max((int(each.details.get("version", 0)) for each in self.events), default=0)

    @property
    def approved(self) -> bool:
        """Whether a sensitive request was approved since its last escalation."""
        raised = [each for each in self.events if each.event is Event.ESCALATED]
        return bool(raised) and raised[-1].details.get("decision") == APPROVED

    def may(self) -> tuple[Event, ...]:
        """What this side may do now."""
        return possible(self.standing, self.side)

    def clock(self, today: date) -> Clock | None:
        """The clock on that day; ``None`` before it was sent."""
        return clock(self.standing, self.profile.reply, today=today)


def request_at_hand(connection: Connection, request_id: str) -> RequestAtHand:
    """Raises ``NOT_FOUND``."""
    request = stored.request_of(connection, request_id.strip().upper())
    if request is None:
        raise refuse("requests.unknown", Category.NOT_FOUND, request=request_id[:40])
    versions = tuple(stored.versions_of(connection, request.id))
    return assembled(request, versions, stored.events_of(connection, request.id))


def assembled(
    request: StoredRequest, versions: tuple[StoredVersion, ...], events: list[StoredRequestEvent]
) -> RequestAtHand:
    """The request out of its rows."""
    lines = tuple(event_line(each) for each in events)
    return RequestAtHand(
        request=request,
        versions=versions,
        events=lines,
        standing=standing_after(happened(each) for each in lines),
        profile=profile_of(request.instrument),
        draft=draft_of(json.loads(versions[-1].record), sensitive=request.sensitive),
    )


def event_line(row: StoredRequestEvent) -> RequestEventLine:
    """An event out of its row."""
    details = json.loads(row.details)
    moment = from_text(row.happened_at)
    return RequestEventLine(Event(row.event), Side(row.side), moment, row.at, row.by, row.message, details, row.seq)


def happened(line: RequestEventLine) -> Happened:
    """What the state machine looks at."""
    until = line.details.get("until")
    items = tuple(line.details.get("items", ()))
    return Happened(line.event, line.happened_at, items, date.fromisoformat(until) if until else None)


def profile_of(instrument: str) -> RequestProfile:
    """The request profile of an instrument. Raises ``REJECTED`` where there is none."""
    found = shipped_profiles().get(instrument)
    if found is None:
        raise refuse("requests.no_profile", instrument=instrument[:80], known=", ".join(sorted(shipped_profiles())))
    return found


def require_possible(at_hand: RequestAtHand, event: Event, side: Side) -> None:
    """Raises ``CONFLICT`` where that side may not do this now."""
    try:
        require(at_hand.standing, event, side)
    except NotPossible as error:
        code = f"requests.not_possible_{error.code}"
        told = {"request": at_hand.request.id, "event": event.value, "state": at_hand.standing.state.value}
        raise refuse(code, Category.CONFLICT, **told) from error


def event_row(
    request_id: str, event: Event, side: Side, details: Mapping[str, object], stamp: Stamp
) -> StoredRequestEvent:
    """The row of something that happened; what is empty is left out of its details."""
    told = {name: value for name, value in details.items() if value not in (None, "", (), []) and name != "message"}
    return StoredRequestEvent(
        seq=stamp.seq,
        part=0,
        request_id=request_id,
        event=event.value,
        side=side.value,
        happened_at=to_text(stamp.happened_at or stamp.at),
        at=to_text(stamp.at),
        by=stamp.by,
        message=str(details.get("message", "")),
        details=canonical(told),
    )
