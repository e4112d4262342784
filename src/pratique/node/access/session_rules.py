"""When a session is over: pure, on moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pratique.node.settings import Settings

SEEN_EVERY: Final = timedelta(seconds=60)  # how exactly it is known when a session was last used


@dataclass(frozen=True, slots=True)
class SessionRules:
    """The idle end, the absolute end, how long a second factor counts, and how many sessions an officer may have."""

    idle: timedelta
    longest: timedelta
    strong: timedelta
    most: int

    @classmethod
    def of(cls, settings: Settings) -> SessionRules:
        """The rules that the settings of the node give."""
        return cls(
            idle=timedelta(minutes=settings.number("session_idle_minutes")),
            longest=timedelta(minutes=settings.number("session_longest_minutes")),
            strong=timedelta(minutes=settings.number("step_up_minutes")),
            most=settings.number("session_most"),
        )

    def ends_at(self, *, seen: datetime, last_until: datetime) -> datetime:
        """The moment at which a session that is not used any more is over."""
        return min(seen + self.idle, last_until)

    def is_over(self, *, seen: datetime, last_until: datetime, now: datetime) -> bool:
        """The session is over: nobody used it for too long, or it has lasted long enough."""
        return now >= self.ends_at(seen=seen, last_until=last_until)


def worth_noting(*, seen: datetime, now: datetime) -> bool:
    """The last use is old enough to be noted anew; not every page costs a write."""
    return now - seen >= SEEN_EVERY
