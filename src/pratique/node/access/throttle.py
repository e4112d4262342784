"""How long somebody waits after failed sign-ins: pure, on moments.

Delays rise, and nobody is locked out for good. Guesses against one officer from everywhere are slowed to one a minute,
except from addresses the officer signed in from before: a stranger cannot keep an officer out. Passkeys are not slowed
at all, because there is nothing to guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(hours=1)  # failures before it are forgotten


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures are free; then the delay doubles from a second up to ``longest``."""

    free: int
    longest: timedelta

    def wait(self, failures: Sequence[datetime], now: datetime) -> timedelta:
        """How much longer to wait; zero where the next attempt may come."""
        if len(failures) < self.free:
            return timedelta(0)
        delay = min(timedelta(seconds=2 ** min(len(failures) - self.free, 20)), self.longest)
        return max(max(failures) + delay - now, timedelta(0))


PAIR: Final = Limit(5, timedelta(minutes=15))  # one officer from one address
ADDRESS: Final = Limit(30, timedelta(minutes=1))  # one address, whoever is tried: a whole office may share it
LOGIN: Final = Limit(20, timedelta(minutes=1))  # one officer, from anywhere


@dataclass(frozen=True, slots=True)
class Failures:
    """The moments of failed sign-ins within the window.

    ``pair`` since the last success of the officer from the address; ``known`` says that there was one, ever.
    """

    pair: Sequence[datetime]
    address: Sequence[datetime]
    login: Sequence[datetime]
    known: bool

    def wait(self, now: datetime) -> timedelta:
        """The longest of the delays."""
        waits = [PAIR.wait(self.pair, now), ADDRESS.wait(self.address, now)]
        if not self.known:
            waits.append(LOGIN.wait(self.login, now))
        return max(waits)
