"""The life of a request as both sides see it: a pure machine over events, the same on the asking and the asked side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final


class Side(StrEnum):
    """Who does something about a request."""

    ASKING = "asking"
    ASKED = "asked"


class State(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    SENT = "sent"
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"  # as defective, to be completed
    COMPLETED = "completed"  # a new version went out after the defect
    PARTLY_ANSWERED = "partly_answered"
    POSTPONED = "postponed"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Event(StrEnum):
    """What happens to a request."""

    SENT = "sent"
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"
    COMPLETED = "completed"
    PARTLY_ANSWERED = "partly_answered"
    ANSWERED = "answered"
    CONSULTED = "consulted"  # about a postponement, conditions, a refusal, costs
    POSTPONED = "postponed"
    RESUMED = "resumed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    REMINDED = "reminded"
    ESCALATED = "escalated"


ENDED: Final = frozenset({State.ANSWERED, State.REFUSED, State.WITHDRAWN, State.LAPSED})
_AT_THE_PARTNER: Final = (State.RECEIVED, State.ACKNOWLEDGED, State.COMPLETED, State.PARTLY_ANSWERED)
_AWAY: Final = (State.SENT, *_AT_THE_PARTNER)
_STAYS: Final = (Event.REMINDED, Event.ESCALATED, Event.CONSULTED)

SIDES: Final[Mapping[Event, frozenset[Side]]] = {
    Event.SENT: frozenset({Side.ASKING}),
    Event.COMPLETED: frozenset({Side.ASKING}),
    Event.WITHDRAWN: frozenset({Side.ASKING}),
    Event.REMINDED: frozenset({Side.ASKING}),
    Event.ESCALATED: frozenset({Side.ASKING, Side.ASKED}),
    Event.CONSULTED: frozenset({Side.ASKING, Side.ASKED}),
    Event.LAPSED: frozenset({Side.ASKING, Side.ASKED}),
    Event.RECEIVED: frozenset({Side.ASKED}),
    Event.ACKNOWLEDGED: frozenset({Side.ASKED}),
    Event.RETURNED: frozenset({Side.ASKED}),
    Event.PARTLY_ANSWERED: frozenset({Side.ASKED}),
    Event.ANSWERED: frozenset({Side.ASKED}),
    Event.POSTPONED: frozenset({Side.ASKED}),
    Event.RESUMED: frozenset({Side.ASKED}),
    Event.REFUSED: frozenset({Side.ASKED}),
}
"""Who may do what. The other side only learns of it."""

_FROM: Final[Mapping[Event, tuple[State, ...]]] = {
    Event.SENT: (State.DRAFT,),
    Event.RECEIVED: (State.DRAFT, State.SENT, State.COMPLETED),
    Event.ACKNOWLEDGED: (State.SENT, State.RECEIVED, State.COMPLETED),
    Event.RETURNED: _AWAY,
    Event.COMPLETED: (*_AWAY, State.RETURNED),
    Event.PARTLY_ANSWERED: (*_AWAY, State.RETURNED),
    Event.ANSWERED: (*_AWAY, State.RETURNED, State.POSTPONED),
    Event.POSTPONED: _AWAY,
    Event.RESUMED: (State.POSTPONED,),
    Event.REFUSED: (*_AWAY, State.RETURNED, State.POSTPONED),
    Event.WITHDRAWN: (State.DRAFT, *_AWAY, State.RETURNED, State.POSTPONED),
    Event.LAPSED: (*_AWAY, State.RETURNED, State.POSTPONED),
    Event.REMINDED: (*_AWAY, State.POSTPONED),
    Event.ESCALATED: (State.DRAFT, *_AWAY, State.RETURNED, State.POSTPONED),
    Event.CONSULTED: (*_AWAY, State.RETURNED, State.POSTPONED),
}

_TO: Final[Mapping[Event, State]] = {
    Event.SENT: State.SENT,
    Event.RECEIVED: State.RECEIVED,
    Event.ACKNOWLEDGED: State.ACKNOWLEDGED,
    Event.RETURNED: State.RETURNED,
    Event.COMPLETED: State.COMPLETED,
    Event.PARTLY_ANSWERED: State.PARTLY_ANSWERED,
    Event.ANSWERED: State.ANSWERED,
    Event.POSTPONED: State.POSTPONED,
    Event.RESUMED: State.ACKNOWLEDGED,
    Event.REFUSED: State.REFUSED,
    Event.WITHDRAWN: State.WITHDRAWN,
    Event.LAPSED: State.LAPSED,
}


@dataclass(frozen=True, slots=True)
class Happened:
    """An event with its moment; ``items`` are the numbers of what was answered, ``until`` how long it is put off."""

    event: Event
    at: datetime
    items: tuple[int, ...] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a request stands after its events."""

    state: State = State.DRAFT
    sent_at: datetime | None = None
    clock_from: datetime | None = None  # of the version that is complete as far as anybody said
    received_at: datetime | None = None
    acknowledged_at: datetime | None = None
    answered: frozenset[int] = frozenset()
    postponed_until: date | None = None
    consulted: bool = False
    reminders: int = 0
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes something."""
        return self.state not in ENDED


class NotPossible(ValueError):
    """An event that cannot happen: ``code`` says whether it is the wrong side or the wrong state."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def require(standing: Standing, event: Event, side: Side) -> None:
    """Raises :class:`NotPossible` (``side``, ``state``) where that side may not do this now."""
    if side not in SIDES[event]:
        raise NotPossible("side")
    if standing.state not in _FROM[event]:
        raise NotPossible("state")


def possible(standing: Standing, side: Side) -> tuple[Event, ...]:
    """What that side may do now, in the order of the life of a request."""
    return tuple(event for event in Event if side in SIDES[event] and standing.state in _FROM[event])


def after(standing: Standing, happened: Happened) -> Standing:
    """Where the request stands after one more event. Raises :class:`NotPossible` (``state``)."""
    event, at = happened.event, happened.at
    if standing.state not in _FROM[event]:
        raise NotPossible("state")
    moved = replace(standing, state=standing.state if event in _STAYS else _TO[event])
    if event is Event.RESUMED and standing.answered:
        moved = replace(moved, state=State.PARTLY_ANSWERED)
    if event is Event.COMPLETED and standing.state is not State.RETURNED:
        moved = replace(moved, state=standing.state)  # a further version, which nobody had sent back for
    if event is Event.RECEIVED:
        moved = replace(moved, received_at=at, sent_at=standing.sent_at or at, clock_from=standing.clock_from or at)
    elif event in (Event.SENT, Event.COMPLETED):
        defect = standing.state in (State.DRAFT, State.RETURNED)
        started = at if defect else standing.clock_from
        moved = replace(moved, sent_at=standing.sent_at or at, clock_from=started)
    elif event in (Event.PARTLY_ANSWERED, Event.ANSWERED):
        moved = replace(moved, answered=standing.answered | set(happened.items))
    return _noted(moved, standing, happened)


def _noted(moved: Standing, before: Standing, happened: Happened) -> Standing:
    event, at = happened.event, happened.at
    if event is Event.ACKNOWLEDGED:
        moved = replace(moved, acknowledged_at=before.acknowledged_at or at)
    elif event is Event.POSTPONED:
        moved = replace(moved, postponed_until=happened.until)
    elif event is Event.RESUMED:
        moved = replace(moved, postponed_until=None)
    elif event is Event.CONSULTED:
        moved = replace(moved, consulted=True)
    elif event is Event.REMINDED:
        moved = replace(moved, reminders=before.reminders + 1)
    return replace(moved, ended_at=at) if moved.state in ENDED else moved


def standing_after(events: Iterable[Happened]) -> Standing:
    """Where a request stands after all its events, oldest first. Raises :class:`NotPossible`."""
    standing = Standing()
    for happened in events:
        standing = after(standing, happened)
    return standing
