"""When the line to a partner is tried again: longer after each failure, and not at the same moment for all.

Pure: the moment and the jitter come in. After :data:`BREAKS_AFTER` failures in a row the line rests as a whole, so that
a partner that is down costs one try in a while, not one for each message.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from pratique.node.instants import from_text, to_text
from pratique.node.storage.partners import StoredLine

FIRST_WAIT: Final = timedelta(seconds=10)
LONGEST_WAIT: Final = timedelta(hours=1)
BREAKS_AFTER: Final = 3
MOST_DOUBLINGS: Final = 16


def wait(failures: int, jitter: float) -> timedelta:
    """How long to wait after so many failures in a row; ``jitter`` from 0 to 1 spreads it over its upper half."""
    doublings = min(max(failures - 1, 0), MOST_DOUBLINGS)
    whole = min(LONGEST_WAIT, FIRST_WAIT * (1 << doublings))
    return whole * (0.5 + jitter / 2)


def reached(line: StoredLine, *, at: datetime) -> StoredLine:
    """The partner answered: nothing stands against the next try."""
    said = to_text(at)
    return replace(line, failures=0, rest_until=None, tried_at=said, reached_at=said, fault=None)


def failed(line: StoredLine, *, at: datetime, fault: str, jitter: float) -> StoredLine:
    """The partner did not answer, or not as a partner does."""
    failures = line.failures + 1
    rests = to_text(at + wait(failures, jitter)) if failures >= BREAKS_AFTER else None
    return replace(line, failures=failures, rest_until=rests, tried_at=to_text(at), fault=fault)


def rests(line: StoredLine, *, at: datetime) -> bool:
    """Nothing is tried on the line before its rest is over."""
    return line.rest_until is not None and from_text(line.rest_until) > at
